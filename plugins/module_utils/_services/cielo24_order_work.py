# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captioning jobs of cielo24 as items of the engine, to be ordered.

Private to this collection.
"""

from __future__ import annotations

from .._core.creating import CreatingWork
from .._core.engine import Step
from .._core.errors import JobsError, ServiceError
from .cielo24_comparison import CALLBACK, compare, is_ordered, shows_media
from .cielo24_jobs import created, fields
from .cielo24_order import ADD_MEDIA, AUTHORIZE, MODIFY, NEW, TRANSCRIBE

# How often a file is sent if nothing shows of it.
_MOST_UPLOADS = 2


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
        # The step of each item that is under way, or in doubt; items whose transcription has been sent; uploads.
        self._doing = {}
        self._transcribed = set()
        self._uploads = {}
        # The jobs that this task has given their media, and the addresses of the media of others.
        self._given_media = set()
        self._media_urls = {}

    def observe(self, keys):
        seen = {key: self._with_media(job) for key, job in super().observe(keys).items()}
        for key, job in seen.items():
            self._warn_about(key, job)
        return seen

    def everything(self):
        return [{"id": job["JobId"], **job} for job in self._jobs.all(username=self._order.sub_account)]

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

    def is_it(self, key, thing, is_new):
        return str(thing.get(self._field)) == key

    def age(self, thing):
        moment = created(thing)
        return moment.timestamp() if moment else 0.0

    def tells(self, key, observed):
        step = self._doing.get(key)
        if step in (None, NEW):
            return super().tells(key, observed)
        # What was sent may show later, like a file once the service has looked at it.
        return observed is not None and step not in self.plan(key, observed).extra.get("steps", ())

    def may_repeat(self, item, step):
        doubted = self._doing.get(item.key)
        if doubted not in step.extra["steps"]:
            return True
        if doubted == ADD_MEDIA and self._order.media_path:
            return self._uploads.get(item.key, 0) < _MOST_UPLOADS
        # A second transcription would cost as much again.
        return doubted != TRANSCRIBE

    def _with_media(self, job):
        """A job with `has_media` and, where that is asked for, its `MediaUrl`."""
        order, job_id = self._order, job["JobId"]
        has_media = shows_media(job) or job_id in self._given_media
        if job_id in self._given_media or not order.has_media or has_media and not order.media_url:
            return {**job, "has_media": has_media}
        url = self._media_urls.get(job_id)
        if url is None:
            url = self._media_urls[job_id] = self._jobs.media_url(job_id) or ("" if has_media else None)
        return {**job, "has_media": has_media or bool(url), "MediaUrl": url or None}

    def plan(self, key, observed):
        order = self._order
        if observed is None and self.id_of(key) is None:
            return self._plan_new(key)
        # What was created and does not show yet has none of the rest.
        job = observed or {"has_media": False}
        found = compare(order, job, is_fresh=self.is_own(key) and key not in self._transcribed)
        if found.fixed:
            return Step(
                refusal=f"Captioning job {self.id_of(key)} exists, and this cannot be changed any more: "
                f"{_in_words(found.fixed)}. Delete it, or order another one."
            )
        if found.hidden and AUTHORIZE in found.steps:
            return Step(
                refusal=f"Captioning job {self.id_of(key)} is not authorized: it has been ordered before, and does not "
                f"show that it has {', '.join(found.hidden)}. If it is right as it is, leave this out of the task."
            )
        steps = found.steps
        if not steps:
            return Step()
        after = order.as_fields() if TRANSCRIBE in steps or MODIFY in steps else {}
        if any(option == CALLBACK for option, _now, _then in found.changeable):
            after["ReturnTargets"] = order.return_targets
        if steps[-1] == AUTHORIZE and job.get("JobStatus") == "Authorizing":
            after["JobStatus"] = "Pending"
        before = fields(job) if observed else {}
        return Step("update", before={name: before.get(name) for name in after}, after=after, extra={"steps": steps})

    def _plan_new(self, key):
        order = self._order
        if self._field == "JobId":
            return Step(
                refusal=f"Captioning job {key} does not exist. New ones are ordered by external_id or job_name."
            )
        if order.transcription and not order.has_media:
            return Step(refusal=f"There is no captioning job {key} yet: a new one needs media_url or media_path.")
        steps = [NEW, *compare(order, {"has_media": False}).steps]
        if order.authorize and AUTHORIZE not in steps:
            steps.append(AUTHORIZE)
        return Step("create", after=self._new_fields(key), extra={"steps": steps})

    def _new_fields(self, key):
        name = {"JobName": self._order.job_name} if self._order.job_name else {}
        return {self._field: key, **name}

    def apply(self, item):
        steps = item.todo.extra["steps"]
        for step in steps:
            self._doing[item.key] = step
            if self._do(step, item):
                _note(item, step)
        if NEW in steps or TRANSCRIBE in steps or MODIFY in steps:
            self._see(item)
        return bool(item.extra.get("steps"))

    def _do(self, step, item):
        """Returns whether the step was done; False if it turned out that there was nothing to do."""
        job_id, order = self.id_of(item.key), self._order
        if step == NEW:
            job_id = self._jobs.new(order.new(item.key if self._field == "ExternalID" else None))
            self.note_created(item, {"id": job_id})
        elif step == ADD_MEDIA:
            return self._add_media(item, job_id)
        elif step == TRANSCRIBE:
            self._transcribed.add(item.key)
            self._jobs.transcribe(job_id, order.transcribe())
        elif step == MODIFY:
            self._jobs.modify(job_id, order.modify())
        elif step == AUTHORIZE:
            self._jobs.authorize(job_id)
        return True

    def _add_media(self, item, job_id):
        order = self._order
        try:
            if order.media_path:
                self._uploads[item.key] = self._uploads.get(item.key, 0) + 1
                self._jobs.upload_media(job_id, order.media_path)
            else:
                self._jobs.add_media(job_id, order.media_url, order.media_is_duplicate)
        except ServiceError as error:
            if error.status != 400 or error.stops_all:
                raise
            # How the service refuses second media is not documented, and the first show only after a while.
            job = self._jobs.info(job_id)
            if job is not None and self._with_media(job)["has_media"]:
                return False
            if not self.is_own(item.key):
                error.sentence += (
                    " If media were added to this job before, wait until cielo24 has looked at them, and run the task "
                    "again."
                )
            raise
        self._given_media.add(job_id)
        return True

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
        self._warn_about(item.key, job)
        kept = job.get(self._field)
        if self._field != "JobId" and kept and str(kept) != item.key:
            self._warn_once(
                item.key,
                f"cielo24 shows the {self._field} of captioning job {job['JobId']} as {kept}, not as {item.key}: the "
                "next run will not find the job by it, and order another one.",
            )
        found = compare(self._order, {**job, "has_media": True})
        # Of a higher priority it was warned.
        different = [each for each in found.fixed + found.changeable if each[1:] != ("PRIORITY", "STANDARD")]
        if different:
            self._warn_once(
                item.key,
                f"Captioning job {job['JobId']} is not just as it was ordered: {_in_words(different)}.",
            )

    def _warn_about(self, key, job):
        wanted, found, job_id = self._order.priority, job.get("Priority"), job["JobId"]
        if wanted and found and found != wanted:
            # It has another price.
            self._warn_once(
                key,
                f"Captioning job {job_id} has the priority {found}, not {wanted}: cielo24 changes it without "
                "a word if turnaround_hours is less than 48.",
            )
        if self.is_own(key) or key in self._doing:
            return
        if job.get("JobStatus") == "Media Failure":
            self._warn_once(
                key,
                f"Captioning job {job_id} has ended with a media failure: cielo24 could not use its media. Delete it, "
                "and order it again with other media.",
            )
        hidden = self._order.transcription and compare(self._order, {**job, "has_media": True}).hidden
        if hidden:
            self._warn_once(
                key,
                f"Captioning job {job_id} was ordered before, and does not show whether it has {', '.join(hidden)}. "
                "It is left as it is.",
            )

    def _warn_once(self, key, sentence):
        if (key, sentence) not in self._warned:
            self._warned.add((key, sentence))
            self._host.warn(sentence)

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
        shows_order = is_ordered(observed) or observed.get("Priority") or observed.get("DueDate")
        if status in ("Authorizing", "Pending") and not self._order.transcription and not shows_order:
            raise JobsError(
                f"Captioning job {observed['JobId']} has no transcription ordered, so there is no end to wait for. "
                "Give transcription."
            )
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


def _in_words(differences):
    return "; ".join(f"{option} is {now}, not {then}" for option, now, then in differences)
