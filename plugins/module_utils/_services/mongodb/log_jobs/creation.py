# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting log collections: each once, however often a task runs.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-submit/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import JobsError
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.create_once import CreateOnceReconciler, Creations, Thing
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation
from . import api
from .base_spec import BaseSpec
from .calls import LogJobs
from .progress import check_finished
from .retention import Retention

# A job whose logs will never be there, or no longer. With a status that nobody knows, they may be.
_DEAD = ("FAILURE", "MARKED_FOR_EXPIRY", "EXPIRED")


@dataclass(frozen=True)
class CreationFacts:
    """What plans depend on beside the jobs.

    :param creations: which jobs exist.
    :param now: what time it is for the service.
    :param undated: ids of jobs that may be what an item asks for, but do not show of which time their logs are.
    """

    creations: Creations
    now: datetime
    undated: Mapping[str, Sequence[str]]


class NewLogJobReconciler(CreateOnceReconciler[Thing, CreationFacts]):
    """Log collection jobs that are named by what they collect from.

    :param force: start another collection even if there is one like it.
    :param now: returns the present moment, see Clock.present().
    """

    family = api.FAMILY
    noun = api.FAMILY.noun
    result_key = "jobs"

    def __init__(
        self,
        jobs: LogJobs,
        spec: BaseSpec,
        retention: Retention,
        context: TaskContext,
        *,
        force: bool,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(force=force)
        self._jobs = jobs
        self._spec = spec
        self._retention = retention
        self._context = context
        self._now = now

    def observe(self, keys: Sequence[str]) -> Observation[Thing, CreationFacts]:
        seen = self.look_up(keys)
        live = [job for job in self.old_things() if self._is_live(job)]
        undated = {key: [job["id"] for job in live if self._spec.may_have_other_dates(key, job)] for key in keys}
        return Observation(seen, CreationFacts(self.creations(), self._now(), undated))

    def list_all(self) -> list[Thing]:
        jobs = list(self._jobs.all())
        # Only the answers tell what time it is for the service.
        self._spec.check()
        self._retention.check_for_new(self._now())
        return jobs

    def find(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        return self._jobs.find(ids)

    def matches(self, key: str, thing: Thing, *, is_new: bool) -> bool:
        return (is_new or self._is_live(thing)) and self._spec.is_met_by(key, thing, is_new=is_new)

    def _is_live(self, job: Thing) -> bool:
        return job.get("status") not in _DEAD and self._spec.is_recent(job)

    def may_repeat(self, item: Item[Thing], change: PlannedChange) -> bool:
        if change.action != "create":
            return True
        # One of the new jobs may be what was asked for, under another name.
        known = set(self.creations().ids.values())
        return not any(job["id"] not in known and self._spec.may_be_called_otherwise(job) for job in self.new_things())

    def age(self, thing: Thing) -> str:
        return str(thing.get("creationDate"))

    def plan(self, key: str, observed: Thing | None, facts: CreationFacts) -> PlannedChange:
        job_id = facts.creations.ids.get(key)
        if job_id is not None:
            # Whether or not it shows yet, it exists.
            is_own = key in facts.creations.own
            return self._retention.plan(job_id, observed or {}, facts.now, may_shorten=is_own)
        shown = {"status": "IN_PROGRESS", **self._spec.shown(key), **self._retention.for_new()}
        warnings = tuple(
            f"{self.family.title(job_id)} may be the requested one, but does not show which period its logs cover. "
            "Another one is started."
            for job_id in facts.undated.get(key, ())
        )
        return PlannedChange("create", after=shown, warnings=warnings)

    def apply(self, item: Item[Thing]) -> bool:
        change = item.remaining
        if change.action == "create":
            job_id = self._jobs.create(self._spec.body(item.key))
            self.note_created(item, job_id)
            item.latest = self._look_at(job_id)
            change = self._retention.plan(job_id, item.latest or {}, self._now(), may_shorten=True)
        if change.refusal:
            raise JobsError(str(change.refusal))
        if change.acts:
            after = change.after or {}
            self._jobs.extend(str(self.id_of(item.key)), after["expirationDate"])
            if item.latest:
                item.latest = {**item.latest, **after}
        return True

    def _look_at(self, job_id: str) -> Thing | None:
        """The new job as the service shows it, as the answer to its creation holds nothing but the id.

        :returns: None if it cannot be obtained, which takes nothing away from what was done.
        """
        # Before its logs can be kept longer, it has to show.
        for pause in (0.0, *self.visibility_delays) if self._retention.is_wanted else (0.0,):
            if pause:
                self._context.clock.sleep(pause)
            try:
                return self._jobs.get(job_id)
            except JobsError as error:
                if error.status != 404:
                    return None
        return None

    def fields(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return {**self.named(key), **self.family.fields(observed or {}), "id": self.id_of(key)}

    def named(self, key: str) -> dict[str, Any]:
        """What is known of a job by its key alone."""
        return {"resourceName": key}

    def details(self, key: str, observed: Thing | None) -> dict[str, Any]:
        return self.family.details(observed or {})

    def has_ended(self, key: str, observed: Thing | None) -> bool:
        return check_finished(self._jobs, str(self.id_of(key)), observed, self.family)
