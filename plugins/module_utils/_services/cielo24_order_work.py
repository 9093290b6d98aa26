# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 as items of the engine, to be ordered.

Private to this collection.
"""

from __future__ import annotations

from .._core.creating import CreatingWork
from .._core.engine import Step
from .._core.errors import JobsError
from . import cielo24_order
from .cielo24_jobs import created, fields, without_secrets
from .cielo24_order import ADD_MEDIA, AUTHORIZE, MODIFY, NEW, TRANSCRIBE


class OrderWork(CreatingWork):
    """Captioning jobs that are to exist, with their media and their transcription.

    :param jobs: CaptioningJobs.
    :param order: cielo24_order.Order.
    :param field: what the keys are: ExternalID or JobName; or JobId, of jobs that exist.
    :param host: a Host.
    """

    noun = "captioning job"
    plural = "captioning jobs"
    result_key = "jobs"
    status_field = "JobStatus"

    def __init__(self, jobs, order, field, host):
        super().__init__(force=False)
        self._jobs = jobs
        self._order = order
        self._field = field
        self._host = host
        self._warned = set()

    def observe(self, keys):
        found = self.find(keys) if self._field == "JobId" else super().observe(keys)
        return {key: self._with_media(job) for key, job in found.items()}

    def everything(self):
        filters = {"Username": self._order.sub_account} if self._order.sub_account else {}
        return [{"id": job["JobId"], **job} for job in self._jobs.all(filters=filters)]

    def find(self, ids):
        if len(ids) > 1:
            return self._jobs.find(ids)
        job = self._jobs.info(ids[0])
        return {} if job is None else {ids[0]: job}

    def is_it(self, key, thing, is_new):
        return thing.get(self._field) == key

    def age(self, thing):
        moment = created(thing)
        return moment.timestamp() if moment else 0.0

    def tells(self, key, observed):
        # A file that was sent shows only once the service has looked at it.
        waits = self._order.media_path and observed is not None and not observed["has_media"]
        return super().tells(key, observed) and not waits

    def id_of(self, key):
        return key if self._field == "JobId" else super().id_of(key)

    def _with_media(self, job):
        """A job with `has_media` and, where that is asked for, its `MediaUrl`."""
        order = self._order
        has_media = cielo24_order.shows_media(job)
        if order.has_media and (order.media_url or not has_media):
            url = self._jobs.media_url(job["JobId"])
            return {**job, "has_media": has_media or bool(url), "MediaUrl": url}
        return {**job, "has_media": has_media}

    def plan(self, key, observed):
        order = self._order
        if observed is None and self.id_of(key) is None:
            steps = [NEW] + order.missing_steps({"has_media": False})
            if order.authorize and AUTHORIZE not in steps:
                steps.append(AUTHORIZE)
            return Step("create", after=self._new_fields(key), extra={"steps": steps})
        if observed is None and self._field == "JobId":
            return Step(
                refusal=f"Captioning job {key} does not exist. New ones are ordered by external_id or job_name."
            )
        # What was created and does not show yet has none of the rest.
        job = observed or {"has_media": False}
        different = order.fixed_differences(job)
        if different:
            told = "; ".join(f"{option} is {_text(now)}, not {_text(then)}" for option, now, then in different)
            return Step(
                refusal=f"Captioning job {self.id_of(key)} exists, and this cannot be changed any more: {told}. Delete "
                "it, or order another one."
            )
        steps = order.missing_steps(job)
        if not steps:
            return Step()
        after = order.as_fields() if TRANSCRIBE in steps or MODIFY in steps else {}
        if steps[-1] == AUTHORIZE and job.get("JobStatus") == "Authorizing":
            after["JobStatus"] = "Pending"
        return Step("update", before={name: job.get(name) for name in after}, after=after, extra={"steps": steps})

    def _new_fields(self, key):
        name = {"JobName": self._order.job_name} if self._order.job_name else {}
        return {self._field: key, **name}

    def apply(self, item):
        for step in item.todo.extra["steps"]:
            self._do(step, item)
            _note(item, step)
        if item.step.action == "create" or TRANSCRIBE in item.todo.extra["steps"]:
            self._see(item)
        return True

    def _do(self, step, item):
        job_id, order = self.id_of(item.key), self._order
        if step == NEW:
            job_id = self._jobs.new(order.new(item.key if self._field == "ExternalID" else None))
            self.note_created(item, {"id": job_id})
        elif step == ADD_MEDIA and order.media_path:
            self._jobs.upload_media(job_id, order.media_path)
        elif step == ADD_MEDIA:
            self._jobs.add_media(job_id, order.media_url, order.media_is_duplicate)
        elif step == TRANSCRIBE:
            self._jobs.transcribe(job_id, order.transcription())
        elif step == MODIFY:
            self._jobs.modify(job_id, order.modification())
        elif step == AUTHORIZE:
            self._jobs.authorize(job_id)

    def _see(self, item):
        """Looks at what was ordered: the service may have made something else of it."""
        try:
            job = self._jobs.info(self.id_of(item.key))
        except JobsError:
            # What was done is done.
            return
        if job is None:
            return
        if item.step.action == "create" or any(job.get(name) != value for name, value in item.step.after.items()):
            item.latest = {**job, "has_media": True}
        self.warn_of_priority(item.key, job)

    def warn_of_priority(self, key, job):
        """Tells of a priority that nobody asked for, which has another price."""
        wanted, found = self._order.priority, job.get("Priority")
        if wanted and found and found != wanted and key not in self._warned:
            self._warned.add(key)
            self._host.warn(
                f"Captioning job {job['JobId']} has the priority {found}, not {wanted}: cielo24 changes it without "
                "a word if turnaround_hours is less than 48."
            )

    def notice_parts(self, item, observed):
        if observed is None:
            return
        known = item.extra.get("steps", [])
        sent = [step for step in item.todo.extra["steps"] if step not in known][:1]
        if sent and sent[0] not in self.plan(item.key, observed).extra.get("steps", ()):
            _note(item, sent[0])

    def fields(self, key, observed):
        if observed is None:
            return {"id": self.id_of(key), **({} if self._field == "JobId" else {self._field: key})}
        return fields(observed)

    def is_followed(self, item):
        return item.changed or item.observed is not None

    def judge(self, key, observed):
        if observed is None:
            if self.may_show_later(key):
                return False
            raise JobsError(f"Captioning job {self.id_of(key)} was deleted by someone else.")
        status = observed.get("JobStatus")
        if status == "Media Failure":
            raise JobsError(
                f"Captioning job {observed['JobId']} ended with a media failure: cielo24 could not use its media. "
                "Delete it, and order it again with other media."
            )
        if status == "Authorizing" and not self._order.authorize:
            raise JobsError(f"Captioning job {observed['JobId']} waits for its authorization. Give authorize: true.")
        return status == "Complete"


def _note(item, step):
    """A part of the order is done, whatever becomes of the others."""
    item.changed = True
    item.action = item.step.action
    item.extra.setdefault("steps", []).append(step)


def _text(value):
    # Addresses may be signed, or hold a password.
    return without_secrets(value) if "://" in str(value) else value
