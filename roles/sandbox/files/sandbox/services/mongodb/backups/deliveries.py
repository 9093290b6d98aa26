# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ....clock import Clock
from ....http.messages import Request, Response, text_response
from ....variants.mongodb import MongoDBVariants
from ..archive_download import ArchiveFile, archive_response
from .restore_jobs import ROUTES, RestoreJob

PATH = re.compile(r"/(?P<token>[^/]+)/restore-[^/]+\.tar\.gz")


@dataclass(frozen=True)
class Delivery:
    """A part of a backup that a URL stands for."""

    job: RestoreJob
    part: str


class Deliveries:
    """The URLs of backups. Anyone who has one can download the data."""

    def __init__(self, jobs: Callable[[], Iterable[RestoreJob]], clock: Clock, variants: MongoDBVariants):
        self._jobs = jobs
        self._clock = clock
        self._variants = variants

    def handle(self, request: Request) -> Response:
        delivery = self._find(request.path)
        now = self._clock.now()
        if delivery is None or delivery.job.is_under_way(now):
            return text_response(404, "There is nothing at this address.\n")
        if request.method != "GET":
            return text_response(405, "This address can only be read.\n")
        job, part = delivery.job, delivery.part
        if part not in job.open_parts(now):
            return text_response(self._variants.used_url_status, "This address cannot be used any more.\n")
        file = ArchiveFile(
            name=f"{job.name(part)}.tar.gz",
            members=job.files(part),
            size=job.archive_bytes,
            mtime=job.snapshot_created,
            supports_ranges=self._variants.delivery_ranges,
        )

        def on_fetched() -> bool:
            return self._use_up(delivery, "when_fetched")

        response = archive_response(request, self._variants, file, on_fetched)
        if response.stream:
            response.acted = self._use_up(delivery, "when_asked")
        return response

    def _find(self, path: str) -> Delivery | None:
        match = PATH.fullmatch(path)
        if match is None:
            return None
        for job in self._jobs():
            for route in ROUTES[self._variants.private_endpoints]:
                if job.token_for(route) == match["token"]:
                    parts = (part for part in job.parts if job.path(part, route) == path)
                    return next((Delivery(job, part) for part in parts), None)
        return None

    def _use_up(self, delivery: Delivery, when: str) -> bool:
        """Ends the life of the URL if that is `when` it dies; returns whether it did."""
        # Those of flex clusters only expire.
        fetched = delivery.job.fetched
        if delivery.job.is_flex or self._variants.delivery_url_dies != when or delivery.part in fetched:
            return False
        fetched.add(delivery.part)
        return True
