# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 as items of the engine, to be ordered.

Private to this collection.
"""

from __future__ import annotations

from collections import defaultdict

from ..._core.errors import JobsError, ServiceError
from ..._core.reconcile.create_once import CreateOnceReconciler
from ..._core.reconcile.engine import PlannedChange
from .jobs_api import created, fields, text_of
from .order import ADD_MEDIA, AUTHORIZE, MODIFY, NEW, TRANSCRIBE
from .order_diff import CALLBACK, compare, is_of_the_service, is_ordered, shows_media

_MEDIA_FAILURE = (
    "ended with a media failure: cielo24 could not use its media. Delete it, and order it again with other media."
)
# How often a file is sent if nothing shows of it.
_MOST_UPLOADS = 2


class _Progress:
    """How far this task has come with an item."""

    def __init__(self):
        # The step that is under way, or in doubt.
        self.step = None
        # Whether a change was sent, a transcription was, and whether that was answered.
        self.is_touched = self.is_transcribed = self.is_ordered = False
        self.uploads = 0
        # Whether its media were given; if not by this task, the address that they have, "" if they have none.
        self.has_been_given_media = False
        self.media_url = None


class OrderReconciler(CreateOnceReconciler):
    """Captioning jobs that are to exist, with their media and their transcription.

    :param jobs: CaptioningJobs.
    :param order: cielo24_order.Order.
    :param field: what the keys are: ExternalID or JobName; or JobId, of jobs that exist.
    :param context: a TaskContext.
    """

    noun = "captioning job"
    plural = "captioning jobs"
    result_key = "jobs"
    status_field = "JobStatus"
    id_fields = ("id", "JobId")

    def __init__(self, jobs, order, field, context):
        super().__init__(force=False)
        self._jobs = jobs
        self._order = order
        self._field = field
        self._context = context
        self._warned = set()
        self._progress = defaultdict(_Progress)

    def observe(self, keys):
        seen = {key: self._with_media(key, job) for key, job in super().observe(keys).items()}
        for key, job in seen.items():
            if not self._progress[key].is_touched:
                self._warn_about(key, job)
        return seen

    def everything(self):
        return [{**job, "id": job["JobId"]} for job in self._jobs.all(username=self._order.sub_account)]

    def find(self, ids):
        if len(ids) > 1:
            return self._jobs.find(ids)
        job = self._jobs.info(ids[0])
        return {} if job is None else {ids[0]: job}

    def _look_for(self, keys):
        if self._field != "JobId":
            return super()._look_for(keys)
        # In the list, as what else the service says about a deleted job is not documented.
        found = self._jobs.find(keys)
        self._ids.update((key, job["JobId"]) for key, job in found.items())
        return found

    def matches(self, key, thing, is_new):
        return text_of(thing, self._field) == key

    def age(self, thing):
        moment = created(thing)
        return moment.timestamp() if moment else 0.0

    def is_conclusive(self, key, observed):
        step = self._progress[key].step
        if step in (None, NEW):
            return super().is_conclusive(key, observed)
        # What was sent may show later, like a file once the service has looked at it.
        return observed is not None and step not in self.plan(key, observed).extra.get("steps", ())

    def may_repeat(self, item, step):
        steps, done = step.extra["steps"], self._progress[item.key]
        if TRANSCRIBE in steps and done.is_transcribed:
            # A second one would cost as much again.
            return False
        if done.step == NEW and NEW in steps:
            # The service itself lets no external id be used twice, unless it is told to.
            return self._field == "ExternalID" and not self._order.external_id_is_duplicate
        if done.step == ADD_MEDIA and ADD_MEDIA in steps and self._order.media_path:
            return done.uploads < _MOST_UPLOADS
        return True

    def _with_media(self, key, job):
        """A job with `has_media` and, where that is asked for, its `MediaUrl`."""
        order, progress = self._order, self._progress[key]
        if progress.has_been_given_media:
            return {**job, "has_media": True, "MediaUrl": order.media_url}
        has_media = shows_media(job)
        if not order.has_media or has_media and not order.media_url:
            return {**job, "has_media": has_media}
        if progress.media_url is None:
            progress.media_url = self._jobs.media_url(job["JobId"]) or ("" if has_media else None)
        return {**job, "has_media": has_media or bool(progress.media_url), "MediaUrl": progress.media_url or None}

    def plan(self, key, observed):
        order = self._order
        if observed is None and self.id_of(key) is None:
            return self._plan_new(key)
        # What was created and does not show yet has none of the rest.
        job = observed or {"has_media": self._progress[key].has_been_given_media}
        found = self._compare(key, job)
        if job.get("JobStatus") == "Media Failure" and (order.has_media or order.transcription or order.authorize):
            return PlannedChange(refusal=f"{self._called(key)} {_MEDIA_FAILURE}")
        if found.fixed:
            return PlannedChange(
                refusal=f"{self._called(key)} exists, and this cannot be changed any more: {_in_words(found.fixed)}. "
                "Delete it, or order another one."
            )
        if found.hidden and AUTHORIZE in found.steps and not self._progress[key].is_touched:
            return PlannedChange(
                refusal=f"{self._called(key)} is not authorized: it does not show whether it has what is asked for as "
                f"{', '.join(found.hidden)}. If it is right as it is, leave this out of the task."
            )
        steps = found.steps
        if not steps:
            return PlannedChange()
        after = order.as_fields() if TRANSCRIBE in steps or MODIFY in steps else {}
        if any(option == CALLBACK for option, _now, _then in found.changeable):
            after["ReturnTargets"] = order.return_targets
        if steps[-1] == AUTHORIZE and job.get("JobStatus") == "Authorizing":
            after["JobStatus"] = "Pending"
        before = fields(job) if observed else {}
        return PlannedChange(
            "update", before={name: before.get(name) for name in after}, after=after, extra={"steps": steps}
        )

    def plan_predicted(self, key):
        # Who orders a job by its id later on has given its media before.
        return self.plan(key, {"JobId": key, "JobStatus": "Authorizing", "has_media": True})

    def _plan_new(self, key):
        order = self._order
        if self._field == "JobId":
            return PlannedChange(
                refusal=f"Captioning job {key} does not exist. New ones are ordered by external_id or job_name."
            )
        if not order.has_media:
            why_not = f"There is no captioning job {key} yet. To order it, give media_url or media_path."
            if not self._context.check_mode:
                return PlannedChange(refusal=why_not)
            # A task before this one may order it.
            self._warn_once(key, why_not)
            return PlannedChange()
        steps = [NEW, *compare(order, {"has_media": False}).steps]
        if order.authorize and AUTHORIZE not in steps:
            steps.append(AUTHORIZE)
        name = {"JobName": order.job_name} if order.job_name else {}
        language = {"SourceLanguage": order.language} if order.language else {}
        transcription = order.as_fields() if order.transcription else {}
        return PlannedChange(
            "create", after={self._field: key, **name, **language, **transcription}, extra={"steps": steps}
        )

    def _compare(self, key, job):
        progress, is_known = self._progress[key], None
        if progress.is_ordered:
            is_known = True
        elif self.is_own(key) and not progress.is_transcribed:
            is_known = False
        return compare(self._order, job, is_known)

    def _called(self, key):
        """A job in messages, by what the user knows and by what the service knows."""
        job_id = self.id_of(key)
        return f"Captioning job {job_id}" if self._field == "JobId" else f"Captioning job {key} ({job_id})"

    def apply(self, item):
        progress = self._progress[item.key]
        progress.is_touched = True
        for step in item.remaining.extra["steps"]:
            if step == AUTHORIZE and progress.is_ordered:
                self._check(item)
            progress.step = step
            is_done = self._do(step, item)
            progress.step = None
            if is_done:
                _note(item, step)
            if step == MODIFY:
                self._show(item, self._check(item))
        done = item.extra.get("steps", ())
        if NEW in done or TRANSCRIBE in done:
            self._see(item)
        return bool(done)

    def _do(self, step, item):
        """Returns whether the step was done; False if it turned out that there was nothing to do."""
        job_id, order = self.id_of(item.key), self._order
        if step == NEW:
            self.note_created(item, {"id": self._create(item.key)})
        elif step == ADD_MEDIA:
            return self._add_media(item, job_id)
        elif step == TRANSCRIBE:
            self._progress[item.key].is_transcribed = True
            self._jobs.transcribe(job_id, order.transcribe())
            self._progress[item.key].is_ordered = True
        elif step == MODIFY:
            self._jobs.modify(job_id, order.modify())
        elif step == AUTHORIZE:
            self._jobs.authorize(job_id)
        return True

    def _create(self, key):
        """Creates a job, and returns its id."""
        is_by_external_id = self._field == "ExternalID"
        try:
            return self._jobs.new(self._order.new(key if is_by_external_id else None))
        except ServiceError as error:
            if error.status == 400 and not error.aborts_task and is_by_external_id:
                error.sentence += (
                    f" If a job that is deleted, or of another account, had the external id {key}, give "
                    "external_id_is_duplicate: true."
                )
            raise

    def _add_media(self, item, job_id):
        order, progress = self._order, self._progress[item.key]
        try:
            if order.media_path:
                progress.uploads += 1
                self._jobs.upload_media(job_id, order.media_path)
            else:
                self._jobs.add_media(job_id, order.media_url, order.media_is_duplicate)
        except ServiceError as error:
            if error.status != 400 or error.aborts_task:
                raise
            # How the service refuses second media is not documented, and the first show only after a while.
            job = self._jobs.info(job_id)
            job = job and self._with_media(item.key, job)
            if job and job["has_media"] and not compare(order, job).fixed:
                return False
            if order.media_url and not order.media_is_duplicate:
                error.sentence += " If another job has used this address, give media_is_duplicate: true."
            if self.is_own(item.key):
                error.sentence += f" Captioning job {job_id} was created, and the next run goes on with it."
            else:
                error.sentence += (
                    " If media were added to this job before, wait until cielo24 has looked at them, and run the task "
                    "again."
                )
            raise
        progress.has_been_given_media = True
        return True

    def _check(self, item):
        """A job whose order is what was asked for; it is looked at before it is authorized.

        :raises JobsError: it is not, or cannot be seen.
        """
        for pause in (0, *self.visibility_delays):
            self._context.clock.sleep(pause)
            job = self._jobs.info(self.id_of(item.key))
            if job is None:
                raise JobsError(f"{self._called(item.key)} was deleted by someone else.")
            found = compare(self._order, {**job, "has_media": True}, is_known_to_be_ordered=True)
            different = found.fixed + found.changeable
            if not different:
                return job
        raise JobsError(
            f"{self._called(item.key)} is not as it was ordered, although cielo24 took the order: "
            f"{_in_words(different)}. It is not authorized."
        )

    @staticmethod
    def _show(item, job):
        """Has the result say what became of a job, unless that is what the plan says."""
        expected = {name: value for name, value in item.planned.after.items() if name != "JobStatus"}
        if item.planned.action == "create" or any(job.get(name) != value for name, value in expected.items()):
            item.latest = {**job, "has_media": True}

    def _see(self, item):
        """Looks at what was ordered: the service may have made something else of it."""
        key = item.key
        try:
            job = self._jobs.info(self.id_of(key))
        except JobsError:
            # What was done is done.
            return
        if job is None:
            return
        self._show(item, job)
        kept = text_of(job, self._field)
        if self._field != "JobId" and kept and kept != key:
            self._warn_once(
                key,
                f"cielo24 shows the {self._field} of captioning job {job['JobId']} as {kept}, not as {key}: the next "
                "run will not find the job by it, and order another one.",
            )
        if not self._progress[key].is_ordered:
            return
        self._warn_of_priority(key, job)
        if not is_ordered(job):
            self._warn_once(
                key,
                f"{self._called(key)} does not show yet that its transcription was ordered. Run this task again only "
                "when it does, as it would be ordered again.",
            )
        # A higher priority was told of.
        found = compare(self._order, {**job, "has_media": True}, is_known_to_be_ordered=True)
        different = found.fixed + [each for each in found.changeable if not is_of_the_service(each)]
        if different:
            self._warn_once(key, f"{self._called(key)} is not just as it was ordered: {_in_words(different)}.")

    def _warn_of_priority(self, key, job):
        wanted, found = self._order.priority, text_of(job, "Priority")
        if wanted and found and found.upper() != wanted:
            # It has another price.
            self._warn_once(
                key,
                f"{self._called(key)} has the priority {found}, not {wanted}: cielo24 changes it without a word if "
                "turnaround_hours is less than 48.",
            )

    def _warn_about(self, key, job):
        """Of a job that was there before: what cannot be told, or be helped any more."""
        found = self._compare(key, job)
        if not found.steps and not found.fixed:
            self._warn_of_priority(key, job)
        if found.hidden and AUTHORIZE not in found.steps:
            self._warn_once(
                key,
                f"{self._called(key)} was there before, and does not show whether it has what is asked for as "
                f"{', '.join(found.hidden)}. It is left as it is.",
            )

    def _warn_once(self, key, sentence):
        if (key, sentence) not in self._warned:
            self._warned.add((key, sentence))
            self._context.warn(sentence)

    def record_partial_change(self, item, observed):
        progress = self._progress[item.key]
        if observed is None or progress.step in (None, NEW):
            return
        if progress.step not in self.plan(item.key, observed).extra.get("steps", ()):
            _note(item, progress.step)
            progress.step = None

    def fields(self, key, observed):
        if observed is None:
            return {"id": key} if self._field == "JobId" else {"id": self.id_of(key), self._field: key}
        return fields(observed)

    def is_followed(self, item):
        return item.changed or item.observed is not None

    def check_finished(self, key, observed):
        if observed is None:
            if self.may_show_later(key):
                return False
            raise JobsError(f"{self._called(key)} was deleted by someone else.")
        status = observed.get("JobStatus")
        if status in ("Authorizing", "Pending") and not self._order.transcription and not is_ordered(observed):
            raise JobsError(
                f"{self._called(key)} has no transcription ordered, so there is no end to wait for. Give transcription."
            )
        if status == "Media Failure":
            raise JobsError(f"{self._called(key)} {_MEDIA_FAILURE}")
        if status == "Authorizing" and not self._order.authorize:
            raise JobsError(f"{self._called(key)} waits for its authorization. Give authorize: true.")
        return status == "Complete"


def _note(item, step):
    """A part of the order is done, whatever becomes of the others."""
    item.changed = True
    item.action = item.planned.action
    item.extra.setdefault("steps", []).append(step)


def _in_words(differences):
    return "; ".join(f"{option} is {now}, not {then}" for option, now, then in differences)
