# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ....clock import Clock
from ....http.archive_download import archive_answer
from ....http.messages import Answer, Call, text_answer
from ....variants.registry import Variants
from .restore_jobs import ROUTES, RestoreJob

PATH = re.compile(r"/(?P<token>[^/]+)/restore-[^/]+\.tar\.gz")


class Deliveries:
    """The addresses at which backups are fetched. Whoever knows one needs nothing else."""

    def __init__(self, jobs: Callable[[], Iterable[RestoreJob]], clock: Clock, variants: Variants):
        self._jobs = jobs
        self._clock = clock
        self._variants = variants

    def answer(self, call: Call) -> Answer:
        token = PATH.fullmatch(call.path)["token"]
        routes = ROUTES[self._variants["private_endpoints"]]
        found = ((job, route) for job in self._jobs() for route in routes if job.token_for(route) == token)
        job, route = next(found, (None, ""))
        part = next((part for part in job.parts if job.path(part, route) == call.path), None) if job else None
        now = self._clock.now()
        if part is None or job.is_under_way(now):
            return text_answer(404, "There is nothing at this address.\n")
        if call.method != "GET":
            return text_answer(405, "This address can only be read.\n")
        if part not in job.open_parts(now):
            return text_answer(self._variants["used_url_status"], "This address cannot be used any more.\n")
        answer = archive_answer(
            call,
            self._variants,
            job.files(part),
            job.archive_bytes,
            job.snapshot_created,
            f"{job.name(part)}.tar.gz",
            self._variants["delivery_ranges"],
            lambda: self._use_up(job, part, "when_fetched"),
        )
        if answer.stream:
            answer.acted = self._use_up(job, part, "when_asked")
        return answer

    def _use_up(self, job: RestoreJob, part: str, when: str) -> bool:
        if self._variants["delivery_url_dies"] != when or part in job.fetched:
            return False
        job.fetched.add(part)
        return True
