# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out the steps of an order.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import JobsError, ServiceError
from ...._core.reconcile.reconciler import CREATION_DELAYS
from ..jobs_api import CaptioningJobs
from .diff import Ordered, compare, in_words
from .observed_job import MediaObserver, ObservedJob, with_media
from .order import Order
from .plan import OrderPlanner
from .progress import Delivery, ProgressLog, Step

_BAD_REQUEST = 400


@dataclass(frozen=True)
class Target:
    """A job that exists, and that steps are carried out on.

    :param key: what the user names it by.
    :param called: what it is called in a sentence.
    :param is_own: whether this task has created it.
    """

    key: str
    job_id: str
    called: str
    is_own: bool


class OrderExecution:
    """Carries out the steps of an order, and looks at what the service makes of them.

    :param planner: knows the sentences about jobs.
    :param progress: records what is done.
    """

    def __init__(
        self,
        jobs: CaptioningJobs,
        order: Order,
        planner: OrderPlanner,
        media: MediaObserver,
        progress: ProgressLog,
        context: TaskContext,
    ) -> None:
        self._jobs = jobs
        self._order = order
        self._planner = planner
        self._media = media
        self._progress = progress
        self._context = context

    def create(self, external_id: str | None) -> str:
        """Creates a job; returns its id."""
        try:
            return self._jobs.new(self._order.query(external_id))
        except ServiceError as error:
            if external_id is None or not _is_refused(error):
                raise
            raise error.replace(
                sentence=f"{error.sentence} If a job that is deleted, or of another account, had the external id "
                f"{external_id}, give external_id_is_duplicate: true."
            ) from error

    def perform(self, step: Step, target: Target) -> bool:
        """Carries out one of the other steps.

        :returns: False if it turned out that there was nothing to do.
        """
        transcription = self._order.transcription
        if step is Step.ADD_MEDIA:
            return self._add_media(target)
        if step is Step.TRANSCRIBE and transcription:
            self._progress.record(target.key, transcription=Delivery.SENT)
            self._jobs.transcribe(target.job_id, transcription.query)
            self._progress.record(target.key, transcription=Delivery.ACCEPTED)
        elif step is Step.MODIFY and transcription:
            self._jobs.modify(target.job_id, transcription.modification)
        elif step is Step.AUTHORIZE:
            self._jobs.authorize(target.job_id)
        return True

    def _add_media(self, target: Target) -> bool:
        order, job_id = self._order, target.job_id
        try:
            if order.media_path:
                self._progress.record(target.key, uploads=self._progress.of(target.key).uploads + 1)
                self._jobs.upload_media(job_id, order.media_path)
            elif order.media_url:
                self._jobs.add_media(job_id, order.media_url, is_duplicate=order.media_is_duplicate)
        except ServiceError as error:
            if not _is_refused(error):
                raise
            # How the service refuses second media is not documented, and the first show only after a while.
            if self._has_right_media(target):
                return False
            raise error.replace(sentence=f"{error.sentence} {self._hint_on_media(target)}") from error
        self._progress.record(target.key, has_added_media=True)
        return True

    def _has_right_media(self, target: Target) -> bool:
        job = self._jobs.info(target.job_id)
        if not job:
            return False
        observed = self._media.look(job, was_added=self._progress.of(target.key).has_added_media)
        return observed.has_media and not compare(self._order, observed).fixed

    def _hint_on_media(self, target: Target) -> str:
        """What to do if the service refuses media."""
        hints = []
        if self._order.media_url and not self._order.media_is_duplicate:
            hints.append("If another job has used this address, give media_is_duplicate: true.")
        if target.is_own:
            hints.append(f"Captioning job {target.job_id} was created, and the next run continues with it.")
        else:
            hints.append(
                "If media were added to this job before, wait until cielo24 has looked at them, and run the task again."
            )
        return " ".join(hints)

    def check(self, target: Target) -> Mapping[str, Any]:
        """The job, once it shows that its transcription is just as it was ordered, or after some time nothing of it.

        :raises JobsError: it is different, or cannot be seen.
        """
        for pause in (0.0, *CREATION_DELAYS):
            self._context.clock.sleep(pause)
            job = self._jobs.info(target.job_id)
            if job is None:
                raise JobsError(f"{target.called} was deleted by someone else.")
            observed = with_media(job)
            found = compare(self._order, observed, Ordered.YES)
            different = found.fixed + found.changeable
            if observed.is_ordered and not different:
                return job
        if different:
            raise JobsError(
                f"{target.called} differs from the order, although cielo24 accepted it: {in_words(different)}. It is "
                "not authorized."
            )
        # The order was accepted. Without its authorization, the next run would order once more.
        return observed.job

    def look_again(self, target: Target) -> Mapping[str, Any] | None:
        """The job as it is after an order, with warnings if the service made something else of it.

        :returns: None if it cannot be seen. What was done is done.
        """
        try:
            job = self._look_until_ordered(target)
        except JobsError:
            return None
        if job is not None:
            for sentence in self._surprises(target, with_media(job)):
                self._context.warn_once(sentence)
        return job

    def _look_until_ordered(self, target: Target) -> Mapping[str, Any] | None:
        """The job, once it shows an order that the service has accepted; or as it is after some time."""
        job = self._jobs.info(target.job_id)
        if self._progress.of(target.key).transcription is Delivery.ACCEPTED:
            for pause in CREATION_DELAYS:
                if job is None or with_media(job).is_ordered:
                    break
                self._context.clock.sleep(pause)
                job = self._jobs.info(target.job_id)
        return job

    def _surprises(self, target: Target, observed: ObservedJob) -> list[str]:
        """What is not as it was ordered."""
        sentences = [self._planner.why_lost(target.key, observed.job)]
        if self._progress.of(target.key).transcription is Delivery.ACCEPTED:
            sentences.append(self._planner.why_priority_differs(target.called, observed.job))
            if not observed.is_ordered:
                sentences.append(
                    f"{target.called} does not show yet that its transcription was ordered. Run this task again only "
                    "once it does; otherwise, it would be ordered twice."
                )
            found = compare(self._order, observed, Ordered.YES)
            # A raised priority has a sentence of its own.
            different = [*found.fixed, *(each for each in found.changeable if not each.is_raised_priority)]
            if different:
                sentences.append(f"{target.called} differs from the order: {in_words(different)}.")
        return [sentence for sentence in sentences if sentence]


def _is_refused(error: ServiceError) -> bool:
    """Whether the service refuses a request as such."""
    return error.status == _BAD_REQUEST and not error.aborts_task
