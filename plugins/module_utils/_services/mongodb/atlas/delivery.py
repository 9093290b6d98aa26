# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archives of restore jobs that are delivered as downloads, to be fetched.

Anyone who has the address of an archive can download the data, so the addresses are secrets, and no credentials are
sent along.

https://www.mongodb.com/docs/atlas/backup/cloud-backup/restore-from-local-file/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from ...._core.context import TaskContext
from ...._core.errors import InvalidInput, JobsError
from ...._core.files.destination import Archive, Destination
from ...._core.files.download import DownloadReconciler, Job
from ...._core.files.file_names import archive_name
from ...._core.files.floor import Floor
from ...._core.http.auth.flow import NoAuth
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint, ErrorParts, ServiceProfile
from ...._core.http.response import Response
from ...._core.http.retry import Effect
from ...._core.http.settings import HttpSettings
from ...._core.json_fields import time_field
from ...._core.params import validators
from ...._core.redaction.registry import SecretRegistry
from .cluster import NAME
from .restore_api import RestoreJobs, components, secrets_of, status, was_fetched
from .restore_reconcile import START_ANOTHER
from .routes import Route

_KIND = "restore"
_OVER = "The download URL works only once, and expires after an hour. That of a flex cluster expires after four hours."
# As long as the service takes it for ready, another one would be refused.
_AFRESH = "Cancel the job and start another download, both with restore_job."


class DeliveryReconciler(DownloadReconciler):
    """Restore jobs whose archives are fetched."""

    noun = "restore job"

    def __init__(
        self,
        jobs: RestoreJobs,
        route: Route,
        destination: Destination,
        context: TaskContext,
        settings: HttpSettings,
        floor: Floor,
    ) -> None:
        super().__init__(destination, context, settings, floor)
        self._jobs = jobs
        self._route = route
        # A client for each origin, made by whichever thread needs it first.
        self._clients: dict[str, Client] = {}
        self._lock = Lock()

    def find(self, keys: Sequence[str]) -> Mapping[str, Job]:
        return self._jobs.find(keys)

    def archives(self, job: Job) -> list[Archive]:
        taken = time_field(job, "timestamp")
        identity = str(job.get("snapshotId") or job["id"])
        cluster = self._jobs.cluster_name
        return [
            Archive(
                archive_name(_KIND, cluster, taken, identity, part),
                taken,
                identity,
                part,
                address,
                former_name=f"restore-{identity}{'-' + part if part else ''}.tar.gz",
            )
            for part, address in _parts(job, self._route)
        ]

    def predicted_name(self, key: str) -> str:
        return archive_name(_KIND, self._jobs.cluster_name, None, key)

    def why_not(self, key: str, job: Job, archives: Sequence[Archive]) -> str | None:
        delivery, now = job.get("deliveryType"), status(job)
        if delivery != "download":
            return f"Restore job {key} has nothing to fetch: its delivery type is {delivery}."
        if now == "ready":
            if all(archive.source is not None for archive in archives):
                return None
            parts = components(job) or [job]
            reasons = [self._route.why_none(key, part) for part in parts if not self._route.addresses(part)]
            gone = [archive.part for archive in archives if archive.source is None and archive.part]
            which = f"the archive of {', '.join(gone)}" if gone else "its archive"
            return next(filter(None, reasons), None) or (
                f"Restore job {key} has no public download URL (any more) for {which}. {_OVER} {_AFRESH}"
            )
        if was_fetched(job):
            return f"Restore job {key} has been fetched already. {_OVER} {START_ANOTHER}"
        if now == "in_progress":
            return f"Restore job {key} is still being prepared. Wait for it with restore_job, then fetch it."
        return f"Restore job {key} cannot be fetched, as it is {now}. {START_ANOTHER}"

    def is_spent(self, job: Job, archive: Archive) -> bool:
        return was_fetched(job) or job.get("deliveryType") == "download" and status(job) == "expired"

    def is_being_made(self, job: Job) -> bool:
        return job.get("deliveryType") == "download" and status(job) == "in_progress" and not was_fetched(job)

    def open(self, key: str, archive: Archive, headers: Mapping[str, str]) -> Response:
        """See DownloadReconciler.

        :raises JobsError: what the service gave as its address is none.
        """
        address = archive.source or ""
        try:
            parts = urlsplit(address)
            origin = validators.base_url("address", f"{parts.scheme}://{parts.netloc}")
        except (ValueError, InvalidInput):
            raise JobsError(f"MongoDB Atlas returned an invalid download URL for restore job {key}.") from None
        path = parts.path.replace("{", "{{").replace("}", "}}")
        purpose = f"send the archive of restore job {key}"
        endpoint = Endpoint(purpose, "GET", path, Effect.READ, accept="application/gzip, */*", streams=True)
        client = self._client_for(origin)
        client.registry.keep(parts.path, *secrets_of(address, [key]))
        return client.call(endpoint, query=parts.query or None, headers=headers)

    def _client_for(self, origin: str) -> Client:
        with self._lock:
            if origin not in self._clients:
                if validators.is_cleartext(origin):
                    self._context.warn("The download URL uses plain http, so others could read the archive on its way.")
                profile = ServiceProfile(NAME, {}, _read_error, _hint, tells_time=False)
                # Never shown in messages, but in results if the user wants that.
                registry = SecretRegistry(TaskContext())
                settings = self._settings.for_others()
                self._clients[origin] = Client(profile, origin, NoAuth(), settings, self._context, registry)
            return self._clients[origin]

    def job_fields(self, job: Job) -> dict[str, Any]:
        return self._jobs.fields(job)


def _parts(job: Job, route: Route) -> Iterator[tuple[str | None, str | None]]:
    """(name, address) of each archive: one, or one for each shard; the address is None if there is none to be used."""
    shards = components(job)
    if shards:
        for number, shard in enumerate(shards, 1):
            addresses = route.addresses(shard)
            yield str(shard.get("replicaSetName") or number), addresses[0] if addresses else None
        return
    addresses = route.addresses(job)
    if len(addresses) > 1:
        yield from ((str(number), address) for number, address in enumerate(addresses, 1))
    else:
        yield None, addresses[0] if addresses else None


def _read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of a failure: never the host's own words, which may repeat the address."""
    if response.is_success:
        return None
    phrase = next((status.phrase for status in HTTPStatus if status == response.status), "with an unknown status")
    return None, f"the host of the archive answered {phrase}", None


def _hint(status: int, code: str | None) -> str:
    return f"{_OVER} {_AFRESH}" if status in (403, 404, 410) else ""
