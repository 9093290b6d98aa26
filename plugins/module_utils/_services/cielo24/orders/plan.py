# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What captioning jobs need to be as they are ordered.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.create_once import Creations
from ..jobs_api import fields, text_of
from .diff import CALLBACK, Comparison, Ordered, compare, in_words
from .observed_job import ObservedJob
from .order import Order
from .progress import Delivery, Progress, Step

MEDIA_FAILURE = (
    "ended with a media failure: cielo24 could not use its media. Delete it, and order it again with other media."
)


@dataclass(frozen=True)
class OrderFacts:
    """What plans depend on beside the jobs: which of them are known to exist, and what this task has done so far."""

    creations: Creations
    progress: Mapping[str, Progress]


class OrderPlanner(ABC):
    """Plans for jobs that are to be as they are ordered. Its answers depend on the order and the arguments only."""

    def __init__(self, order: Order) -> None:
        self._order = order

    @abstractmethod
    def called(self, key: str, job_id: str | None) -> str:
        """What a job is called in a sentence: by what the user knows, and by what the service knows."""

    @abstractmethod
    def plan_missing(self, key: str) -> PlannedChange:
        """The plan for a job that does not exist."""

    @abstractmethod
    def why_lost(self, key: str, job: Mapping[str, Any]) -> str | None:
        """Why the next run will not find a new job by its key, as a sentence; None if it will."""

    def plan(self, key: str, observed: ObservedJob | None, facts: OrderFacts) -> PlannedChange:
        """See Reconciler.plan()."""
        job_id = facts.creations.ids.get(key)
        if observed is None and job_id is None:
            return self.plan_missing(key)
        progress = facts.progress.get(key, Progress())
        # What was created and does not show yet has none of the rest.
        job = observed or ObservedJob({}, progress.has_added_media)
        found = compare(self._order, job, _ordered(progress, is_own=key in facts.creations.own))
        called = self.called(key, job_id)
        # The engine reads them at its first look only, before the task has touched anything.
        warnings = tuple(self._warnings(called, job, found)) if observed is not None else ()
        refusal = self._refusal(called, job, found, progress)
        if refusal or not found.steps:
            return PlannedChange(refusal=refusal, warnings=warnings)
        before, after = self._fields(observed, found)
        steps = [step.value for step in found.steps]
        return PlannedChange("update", before=before, after=after, extra={"steps": steps}, warnings=warnings)

    def plan_predicted(self, key: str) -> PlannedChange:
        """See Reconciler.plan_predicted()."""
        # The task that creates the job in reality has given it its media.
        job = ObservedJob({"JobId": key, "JobStatus": "Authorizing"}, has_media=True)
        planned = self.plan(key, job, OrderFacts(Creations({key: key}, frozenset()), {}))
        # What such a job does not show, a real one may.
        return replace(planned, warnings=())

    def _refusal(self, called: str, job: ObservedJob, found: Comparison, progress: Progress) -> str | None:
        order = self._order
        if job.status == "Media Failure" and (order.has_media or order.transcription or order.authorize):
            return f"{called} {MEDIA_FAILURE}"
        if found.fixed:
            return (
                f"{called} already exists, and this can no longer be changed: {in_words(found.fixed)}. Delete it, or "
                "order another one."
            )
        if found.hidden and Step.AUTHORIZE in found.steps and not progress.is_touched:
            return (
                f"{called} was not authorized: cielo24 does not show whether it has the requested "
                f"{', '.join(found.hidden)}. If it is correct as it is, omit this from the task."
            )
        return None

    def _fields(self, observed: ObservedJob | None, found: Comparison) -> tuple[dict[str, Any], dict[str, Any]]:
        """The fields that change, as they are and as they will be."""
        after: dict[str, Any] = {}
        transcription = self._order.transcription
        if transcription and (Step.TRANSCRIBE in found.steps or Step.MODIFY in found.steps):
            after.update(transcription.shown_fields)
        if transcription and any(difference.option == CALLBACK for difference in found.changeable):
            after["ReturnTargets"] = transcription.return_targets
        if observed and observed.status == "Authorizing" and found.steps[-1] is Step.AUTHORIZE:
            after["JobStatus"] = "Pending"
        now = fields(observed.job) if observed else {}
        return {name: now.get(name) for name in after}, after

    def _warnings(self, called: str, job: ObservedJob, found: Comparison) -> Iterator[str]:
        """What cannot be told of a job that was there before, or not be helped any more."""
        raised = self.why_priority_differs(called, job.job)
        if raised and not found.steps and not found.fixed:
            yield raised
        if found.hidden and Step.AUTHORIZE not in found.steps:
            yield (
                f"{called} already existed, and cielo24 does not show whether it has the requested "
                f"{', '.join(found.hidden)}. It is left unchanged."
            )

    def why_priority_differs(self, called: str, job: Mapping[str, Any]) -> str | None:
        """Why a job has another priority than was asked for, and so another price, as a sentence; None if not."""
        transcription, found = self._order.transcription, text_of(job, "Priority")
        if not transcription or not found or found.upper() == transcription.priority:
            return None
        return (
            f"{called} has the priority {found}, not {transcription.priority}: cielo24 changes it silently if "
            "turnaround_hours is less than 48."
        )


class NewJobPlanner(OrderPlanner):
    """Plans for jobs that are created if they do not exist.

    :param field: what the keys are: ExternalID or JobName.
    :param is_prediction: an earlier task may create jobs that do not exist yet.
    """

    def __init__(self, order: Order, field: str, *, is_prediction: bool) -> None:
        super().__init__(order)
        self._field = field
        self._is_prediction = is_prediction

    def called(self, key: str, job_id: str | None) -> str:
        return f"Captioning job {key} ({job_id})"

    def plan_missing(self, key: str) -> PlannedChange:
        order = self._order
        if not order.has_media:
            why_not = f"There is no captioning job {key} yet. To order it, give media_url or media_path."
            return PlannedChange(warnings=(why_not,)) if self._is_prediction else PlannedChange(refusal=why_not)
        steps = [Step.NEW, *compare(order, ObservedJob({}, has_media=False)).steps]
        if order.authorize and Step.AUTHORIZE not in steps:
            steps.append(Step.AUTHORIZE)
        name = {"JobName": order.job_name} if order.job_name else {}
        language = {"SourceLanguage": order.language} if order.language else {}
        transcription = order.transcription.shown_fields if order.transcription else {}
        after = {self._field: key, **name, **language, **transcription}
        return PlannedChange("create", after=after, extra={"steps": [step.value for step in steps]})

    def why_lost(self, key: str, job: Mapping[str, Any]) -> str | None:
        shown = text_of(job, self._field)
        if not shown or shown == key:
            return None
        return (
            f"cielo24 shows the {self._field} of captioning job {job['JobId']} as {shown}, not as {key}: the next run "
            "will not find the job by it, and will order another one."
        )


class ExistingJobPlanner(OrderPlanner):
    """Plans for jobs that are named by their ids, and so have to exist."""

    def called(self, key: str, job_id: str | None) -> str:
        return f"Captioning job {job_id}"

    def plan_missing(self, key: str) -> PlannedChange:
        return PlannedChange(
            refusal=f"Captioning job {key} does not exist. New ones are ordered by external_id or job_name."
        )

    def why_lost(self, key: str, job: Mapping[str, Any]) -> str | None:
        return None


def _ordered(progress: Progress, *, is_own: bool) -> Ordered:
    """Whether the transcription of a job is ordered, as far as this task knows."""
    if progress.transcription is Delivery.ACCEPTED:
        return Ordered.YES
    if is_own and progress.transcription is Delivery.NOT_SENT:
        return Ordered.NO
    return Ordered.AS_SHOWN
