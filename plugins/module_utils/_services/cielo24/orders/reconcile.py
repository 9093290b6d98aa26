# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs that are to exist as they are ordered.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import JobsError
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.create_once import CreateOnceReconciler, Thing
from ...._core.reconcile.item import Item
from ...._core.reconcile.reconciler import Observation
from ..jobs_api import CaptioningJobs, created, details, fields, text_of
from .execution import OrderExecution, Target
from .observed_job import MediaObserver, ObservedJob, with_media
from .order import Order
from .plan import MEDIA_FAILURE, ExistingJobPlanner, NewJobPlanner, OrderFacts, OrderPlanner
from .progress import Delivery, ProgressLog, Step, steps_of

# How often a file is sent if nothing shows that it has arrived.
_MOST_UPLOADS = 2


class OrderReconciler(CreateOnceReconciler[ObservedJob, OrderFacts]):
    """Captioning jobs with their media and their transcription.

    :param field: what the keys are: ExternalID, JobName or JobId.
    """

    noun = "captioning job"
    result_key = "jobs"
    status_field = "JobStatus"
    id_fields = ("id", "JobId")

    def __init__(
        self, jobs: CaptioningJobs, order: Order, field: str, planner: OrderPlanner, context: TaskContext
    ) -> None:
        super().__init__(force=False)
        self._jobs = jobs
        self._order = order
        self._field = field
        self._planner = planner
        self._progress = ProgressLog()
        self._media = MediaObserver(jobs, order)
        self._execution = OrderExecution(jobs, order, planner, self._media, self._progress, context)

    def observe(self, keys: Sequence[str]) -> Observation[ObservedJob, OrderFacts]:
        seen = {
            key: self._media.look(job, was_added=self._progress.of(key).has_added_media)
            for key, job in self.look_up(keys).items()
        }
        return Observation(seen, self._facts())

    def _facts(self) -> OrderFacts:
        return OrderFacts(self.creations(), self._progress.snapshot())

    def list_all(self) -> list[Thing]:
        return [{**job, "id": job["JobId"]} for job in self._jobs.all(username=self._order.sub_account)]

    def find(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        if len(ids) > 1:
            return self._jobs.find(ids)
        job = self._jobs.info(ids[0])
        return {} if job is None else {ids[0]: job}

    def matches(self, key: str, thing: Thing, *, is_new: bool) -> bool:
        return text_of(thing, self._field) == key

    def age(self, thing: Thing) -> float:
        moment = created(thing)
        return moment.timestamp() if moment else 0.0

    def plan(self, key: str, observed: ObservedJob | None, facts: OrderFacts) -> PlannedChange:
        return self._planner.plan(key, observed, facts)

    def plan_predicted(self, key: str) -> PlannedChange:
        return self._planner.plan_predicted(key)

    def apply(self, item: Item[ObservedJob]) -> bool:
        progress, key = self._progress, item.key
        progress.record(key, is_touched=True)
        for step in steps_of(item.remaining):
            if step is Step.AUTHORIZE and progress.of(key).transcription is Delivery.ACCEPTED:
                # What is authorized has to be paid for.
                self._execution.check(self._target(key))
            progress.record(key, step=step)
            is_done = self._perform(step, item)
            progress.record(key, step=None)
            if is_done:
                _note_step(item, step)
            if step is Step.MODIFY:
                _show(item, self._execution.check(self._target(key)))
        done = item.extra.get("steps", ())
        if Step.NEW.value in done or Step.TRANSCRIBE.value in done:
            job = self._execution.look_again(self._target(key))
            if job is not None:
                _show(item, job)
        return bool(done)

    def _perform(self, step: Step, item: Item[ObservedJob]) -> bool:
        """Carries out a step; returns False if it turned out that there was nothing to do."""
        if step is not Step.NEW:
            return self._execution.perform(step, self._target(item.key))
        self.note_created(item, self._execution.create(item.key if self._field == "ExternalID" else None))
        return True

    def _target(self, key: str) -> Target:
        return Target(key, str(self.id_of(key)), self._called(key), self.is_own(key))

    def _called(self, key: str) -> str:
        return self._planner.called(key, self.id_of(key))

    def is_conclusive(self, key: str, observed: ObservedJob | None) -> bool:
        step = self._progress.of(key).step
        if step in (None, Step.NEW):
            return super().is_conclusive(key, observed)
        # What was sent may show later, like a file once the service has looked at it.
        return observed is not None and step not in self._missing_steps(key, observed)

    def may_repeat(self, item: Item[ObservedJob], change: PlannedChange) -> bool:
        steps, progress = steps_of(change), self._progress.of(item.key)
        if Step.TRANSCRIBE in steps and progress.transcription is not Delivery.NOT_SENT:
            # A second one would cost as much again.
            return False
        if progress.step is Step.NEW and Step.NEW in steps:
            # The service accepts no external id twice, unless it is told to.
            return self._field == "ExternalID" and not self._order.external_id_is_duplicate
        if progress.step is Step.ADD_MEDIA and Step.ADD_MEDIA in steps and self._order.media_path:
            return progress.uploads < _MOST_UPLOADS
        return True

    def record_partial_change(self, item: Item[ObservedJob], observed: ObservedJob | None) -> None:
        step = self._progress.of(item.key).step
        if observed is None or step is None:
            return
        if step not in self._missing_steps(item.key, observed):
            _note_step(item, step)
            self._progress.record(item.key, step=None)

    def _missing_steps(self, key: str, observed: ObservedJob) -> list[Step]:
        return steps_of(self.plan(key, observed, self._facts()))

    def fields(self, key: str, observed: ObservedJob | None) -> dict[str, Any]:
        return fields(observed.job) if observed else {"id": self.id_of(key), self._field: key}

    def details(self, key: str, observed: ObservedJob | None) -> dict[str, Any]:
        return details(observed.job if observed else {})

    def should_wait_for(self, item: Item[ObservedJob]) -> bool:
        return item.changed or item.observed is not None

    def has_ended(self, key: str, observed: ObservedJob | None) -> bool:
        called = self._called(key)
        if observed is None:
            raise JobsError(f"{called} was deleted by someone else.")
        is_unordered = not self._order.transcription and not observed.is_ordered
        if is_unordered and observed.status in ("Authorizing", "Pending"):
            raise JobsError(
                f"{called} has no ordered transcription, so there is nothing to wait for. Give transcription."
            )
        if observed.status == "Media Failure":
            raise JobsError(f"{called} {MEDIA_FAILURE}")
        if observed.status == "Authorizing" and not self._order.authorize:
            raise JobsError(f"{called} is waiting for authorization. Give authorize: true.")
        return bool(observed.status == "Complete")


class ExistingJobReconciler(OrderReconciler):
    """Captioning jobs that are named by their ids, and so have to exist."""

    def __init__(self, jobs: CaptioningJobs, order: Order, context: TaskContext) -> None:
        super().__init__(jobs, order, "JobId", ExistingJobPlanner(order), context)

    def look_for(self, keys: Sequence[str]) -> dict[str, Thing]:
        # In the list, as what else the service says about a deleted job is not documented.
        found = self._jobs.find(keys)
        self._ids.update((key, job["JobId"]) for key, job in found.items())
        return dict(found)

    def fields(self, key: str, observed: ObservedJob | None) -> dict[str, Any]:
        return fields(observed.job) if observed else {"id": key}


def order_reconciler(jobs: CaptioningJobs, order: Order, field: str, context: TaskContext) -> OrderReconciler:
    """The reconciler for an order.

    :param field: what the keys are: ExternalID, JobName or JobId.
    """
    if field == "JobId":
        return ExistingJobReconciler(jobs, order, context)
    planner = NewJobPlanner(order, field, is_prediction=context.check_mode)
    return OrderReconciler(jobs, order, field, planner, context)


def _note_step(item: Item[ObservedJob], step: Step) -> None:
    """Records that a step is done, whatever becomes of the others."""
    item.complete()
    item.extra.setdefault("steps", []).append(step.value)


def _show(item: Item[ObservedJob], job: Mapping[str, Any]) -> None:
    """Makes the result show what became of a job, unless that is what the plan says."""
    expected = {name: value for name, value in (item.planned.after or {}).items() if name != "JobStatus"}
    if item.planned.action == "create" or any(job.get(name) != value for name, value in expected.items()):
        item.latest = with_media(job)
