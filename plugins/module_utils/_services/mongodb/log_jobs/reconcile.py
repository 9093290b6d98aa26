# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of log collection jobs needs.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation, Reconciler, WaitableReconciler
from . import api
from .calls import Job, LogJobs
from .family import Family
from .progress import check_finished
from .retention import Retention, expiration


class AbsentLogJobReconciler(Reconciler[Job, None]):
    """Log collection jobs that are to be deleted, with their logs."""

    family = api.FAMILY
    noun = api.FAMILY.noun
    result_key = "jobs"

    def __init__(self, jobs: LogJobs) -> None:
        self._jobs = jobs

    def observe(self, keys: Sequence[str]) -> Observation[Job, None]:
        return Observation(self._jobs.find(keys), facts=None)

    def plan(self, key: str, observed: Job | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        return PlannedChange("delete", before={"status": observed.get("status")})

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")

    def apply(self, item: Item[Job]) -> bool:
        return self._jobs.delete(item.key)

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return {**self.family.brief(observed or {}), "id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return self.family.details(observed or {})


# When each job had ended before the task did anything, by their ids; None for those that had not, or do not tell.
Ends = Mapping[str, "datetime | None"]


class RetriedLogJobReconciler(WaitableReconciler[Job, Ends]):
    """Log collection jobs that are to be started again if they have failed."""

    family = api.FAMILY
    noun = api.FAMILY.noun
    result_key = "jobs"

    def __init__(self, jobs: LogJobs) -> None:
        self._jobs = jobs
        self._ends: dict[str, datetime | None] = {}
        # Jobs that were started again, and have not been looked at since.
        self._retried: set[str] = set()

    def observe(self, keys: Sequence[str]) -> Observation[Job, Ends]:
        # The end of a job, or those of its child jobs, tell whether it has failed again, or was not started again yet.
        found = self._jobs.find(keys, verbose=self.family.ends_in_children)
        for key, job in found.items():
            self._ends.setdefault(key, self.family.finished(job))
        return Observation(found, dict(self._ends))

    def plan(self, key: str, observed: Job | None, facts: Ends) -> PlannedChange:
        if observed is None:
            return PlannedChange(refusal=f"{self.family.title(key)} does not exist, so it cannot be retried.")
        status = observed.get("status")
        if status in ("IN_PROGRESS", "SUCCESS") or _has_failed_again(self.family, key, observed, facts):
            return PlannedChange()
        if status == "FAILURE":
            return PlannedChange("retry", before={"status": status}, after={"status": "IN_PROGRESS"})
        if status in ("EXPIRED", "MARKED_FOR_EXPIRY"):
            return PlannedChange(
                refusal=f"{self.family.title(key)} cannot be retried, as it is {status}: its logs are deleted or "
                "about to be. Start a new collection instead."
            )
        return PlannedChange(
            refusal=f"{self.family.title(key)} has the status {status!r}, which is not known to allow a retry."
        )

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange(extra={"status": "IN_PROGRESS"})

    def apply(self, item: Item[Job]) -> bool:
        self._retried.add(item.key)
        self._jobs.retry(item.key)
        return True

    def record_partial_change(self, item: Item[Job], observed: Job | None) -> None:
        if observed is not None and _has_failed_again(self.family, item.key, observed, self._ends):
            item.latest = observed

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return {**self.family.brief(observed or {}), "id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return self.family.details(observed or {})

    def last_state(self, item: Item[Job]) -> Job | None:
        # What was seen of a job before its retry says nothing of its end.
        return None if item.action == "retry" else super().last_state(item)

    def check_finished(self, key: str, observed: Job | None) -> bool:
        if key in self._retried:
            self._retried.discard(key)
            is_failed = observed is not None and observed.get("status") == "FAILURE"
            if observed is not None and is_failed and not _has_failed_again(self.family, key, observed, self._ends):
                # It may still show its state of before the retry: the second look counts.
                return False
        return check_finished(self._jobs, key, observed, self.family)


def _has_failed_again(family: Family, key: str, job: Job, ends: Ends) -> bool:
    ended = family.finished(job) if job.get("status") == "FAILURE" else None
    return ended is not None and ended != ends.get(key, ended)


class ExistingLogJobReconciler(WaitableReconciler[Job, datetime]):
    """Log collection jobs that are named by their ids, whose logs may have to be kept longer, or not as long.

    :param now: returns the present moment, see Clock.present(). It is a fact that plans depend on.
    """

    family = api.FAMILY
    noun = api.FAMILY.noun
    result_key = "jobs"

    def __init__(self, jobs: LogJobs, retention: Retention, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._retention = retention
        self._now = now

    def observe(self, keys: Sequence[str]) -> Observation[Job, datetime]:
        found = self._jobs.find(keys)
        # Only the answers tell what time it is for the service.
        now = self._now()
        self._retention.check(now)
        return Observation(found, now)

    def plan(self, key: str, observed: Job | None, facts: datetime) -> PlannedChange:
        if observed is None:
            return PlannedChange(refusal=f"{self.family.title(key)} does not exist.")
        # A date for a job that is named by its id is meant as it is.
        return self._retention.plan(key, observed, facts, may_shorten=True)

    def plan_predicted(self, key: str) -> PlannedChange:
        shown = {"status": "IN_PROGRESS"}
        if self._retention.is_wanted:
            return PlannedChange("extend", after=self._retention.for_new(), extra=shown)
        return PlannedChange(extra=shown)

    def apply(self, item: Item[Job]) -> bool:
        self._jobs.extend(item.key, (item.remaining.after or {})["expirationDate"])
        return True

    def record_partial_change(self, item: Item[Job], observed: Job | None) -> None:
        if observed is not None and expiration(observed) != expiration(item.observed or {}):
            # Changed, if perhaps to another date than was asked for.
            item.complete()

    def fields(self, key: str, observed: Job | None) -> dict[str, Any]:
        return {**self.family.fields(observed or {}), "id": key}

    def details(self, key: str, observed: Job | None) -> dict[str, Any]:
        return self.family.details(observed or {})

    def check_finished(self, key: str, observed: Job | None) -> bool:
        return check_finished(self._jobs, key, observed, self.family)
