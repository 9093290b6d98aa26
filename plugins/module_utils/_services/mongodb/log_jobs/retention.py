# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the logs of a log collection job are kept.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-update-one/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import timestamps
from ...._core.params.argspec import ArgumentSpec
from ...._core.reconcile.change import PlannedChange
from . import api
from .calls import Job
from .family import Family

OPTIONS: ArgumentSpec = {"expires_at": {"type": "str"}, "keep_for": {"type": "str"}}


class Retention:
    """When logs are to be deleted, if the user says so at all.

    :param params: with expires_at (a moment) or keep_for (a span that begins with the creation of the job).
    :param family: of the jobs.
    :raises InvalidInput: they are invalid for any job, whenever it is created.
    """

    def __init__(self, params: Mapping[str, Any], family: Family = api.FAMILY) -> None:
        self._family = family
        self._limit = family.limit
        at, span = params["expires_at"], params["keep_for"]
        self._at: datetime | None = None if at is None else timestamps.moment("expires_at", at)
        self._span: timedelta | None = None if span is None else timestamps.span("keep_for", span)
        if self._span is not None and not self._span:
            raise InvalidInput("keep_for must be greater than zero.")
        if self._span is not None and self._span > self._limit.span:
            raise self._too_long()

    @property
    def is_wanted(self) -> bool:
        return self._at is not None or self._span is not None

    def refuse(self) -> None:
        """:raises InvalidInput: the user says so, where it has no meaning."""
        if self.is_wanted:
            raise InvalidInput("expires_at and keep_for require state: present.")

    def check(self, now: datetime) -> None:
        """Checks what depends on the present moment.

        :raises InvalidInput: the date is past.
        """
        if self._at is not None and self._at <= now:
            raise InvalidInput(f"expires_at: {timestamps.iso(self._at)} is not in the future.")

    def check_for_new(self, now: datetime) -> None:
        """The same for jobs that are to be created now.

        :raises InvalidInput: the date is past, or further away than the service allows.
        """
        self.check(now)
        limit = self._limit.end(now)
        if self._at is not None and self._at > limit:
            raise InvalidInput(f"expires_at: logs are kept for {self._limit.words} after their creation at most.")
        if self._span is not None and self._span > limit - now:
            raise self._too_long()

    def _too_long(self) -> InvalidInput:
        return InvalidInput(f"keep_for: logs are kept for {self._limit.words} at most.")

    def for_new(self) -> dict[str, Any]:
        """The fields of a job that is still to be created that are known beforehand."""
        return {} if self._at is None else {"expirationDate": timestamps.iso(self._at)}

    def plan(self, job_id: str, job: Job, now: datetime, *, may_shorten: bool) -> PlannedChange:
        """The change that leads to the right date.

        :param may_shorten: whether a date that is given as such may be earlier than the present one.
        """
        if not self.is_wanted:
            return PlannedChange()
        created = api.created(job)
        if created is None and self._span is not None:
            return PlannedChange(
                refusal=f"{self._family.title(job_id)} does not say when it was created, which keep_for counts from."
            )
        wanted = self._wanted_date(job, may_shorten=may_shorten and self._at is not None)
        if wanted is None:
            return PlannedChange()
        refusal = self._refusal(job_id, job, wanted, now)
        if refusal:
            return PlannedChange(refusal=refusal)
        stays = expiration(job)
        return PlannedChange(
            "extend" if stays is None or timestamps.iso(wanted) > stays else "shorten",
            before={"expirationDate": stays or job.get("expirationDate")},
            after={"expirationDate": timestamps.iso(wanted)},
        )

    def _wanted_date(self, job: Job, *, may_shorten: bool) -> datetime | None:
        """The moment that a job is to expire, or None if it may stay as it is."""
        created = api.created(job)
        wanted = self._at
        if self._span is not None and created is not None:
            wanted = created + self._span
        if wanted is None:
            return None
        # The service counts in seconds. Somebody else may want the logs for longer.
        stays = expiration(job)
        date = timestamps.iso(wanted)
        return None if stays is not None and (date == stays or not may_shorten and date < stays) else wanted

    def _refusal(self, job_id: str, job: Job, wanted: datetime, now: datetime) -> str | None:
        """Why the service would not take a date, as a sentence, or None."""
        created, title = api.created(job), self._family.title(job_id)
        if job.get("status") == "EXPIRED":
            return f"{title} has expired, and its logs are deleted: it cannot be extended."
        if wanted <= now:
            return f"{title} would have expired at {timestamps.iso(wanted)} already."
        if created is not None and wanted > self._limit.end(created):
            return (
                f"{title} was created at {timestamps.iso(created)}, and logs are kept for {self._limit.words} after "
                f"that at most; {timestamps.iso(wanted)} is later."
            )
        return None


def expiration(job: Job) -> str | None:
    """When the logs of a job are to be deleted, in ISO 8601, or None if that cannot be read."""
    moment = api.expires(job)
    return None if moment is None else timestamps.iso(moment)
