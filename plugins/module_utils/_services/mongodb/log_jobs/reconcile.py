# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log collection jobs as items of the engine: what each desired state needs.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collection/

Private to this collection.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ...._core.errors import InvalidInput, JobsError
from ...._core.params import timestamps
from ...._core.reconcile.create_once import CreateOnceReconciler
from ...._core.reconcile.engine import PlannedChange, Reconciler
from . import api
from .api import fields

# The service keeps logs for so long after the creation of their job, at most.
_LONGEST_MONTHS = 6
_LONGEST_SPAN = timedelta(days=184)
_KEEP_FOR_TOO_LONG = f"keep_for: logs are kept for {_LONGEST_MONTHS} months at most."
# A job whose logs are there, or will be.
_LIVE = ("IN_PROGRESS", "SUCCESS")


def plan_absent(observed):
    """The change that leads to a job that does not exist."""
    if observed is None:
        return PlannedChange()
    return PlannedChange("delete", before={"status": observed.get("status")})


def plan_retried(key, observed):
    """The change that starts a failed job again; running and finished ones stay as they are."""
    if observed is None:
        return PlannedChange(refusal=f"Log collection job {key} does not exist, so it cannot be retried.")
    status = observed.get("status")
    if status == "FAILURE":
        return PlannedChange("retry", before={"status": status}, after={"status": "IN_PROGRESS"})
    if status in ("IN_PROGRESS", "SUCCESS"):
        return PlannedChange()
    if status in ("EXPIRED", "MARKED_FOR_EXPIRY"):
        return PlannedChange(
            refusal=f"Log collection job {key} cannot be retried, as it is {status}: its logs are deleted or "
            "about to be. Start a new collection instead."
        )
    return PlannedChange(
        refusal=f"Log collection job {key} has the status {status!r}, which is not known to allow a retry."
    )


class Retention:
    """When logs are to be deleted, if the user says so at all.

    :param params: with expires_at (a moment) and keep_for (a span that begins with the creation of the job).
    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: they cannot be right for any job, whenever it is created.
    """

    def __init__(self, params, now):
        at, span = params["expires_at"], params["keep_for"]
        if at is not None and span is not None:
            raise InvalidInput("Give either expires_at or keep_for, not both.")
        self._now = now
        self._at = None if at is None else timestamps.moment("expires_at", at)
        self._span = None if span is None else timestamps.span("keep_for", span)
        if self._span is not None and not self._span:
            raise InvalidInput("keep_for must be longer than nothing.")
        if self._span is not None and self._span > _LONGEST_SPAN:
            raise InvalidInput(_KEEP_FOR_TOO_LONG)

    @property
    def is_wanted(self):
        return self._at is not None or self._span is not None

    def refuse(self):
        """:raises InvalidInput: the user says so, where it has no meaning."""
        if self.is_wanted:
            raise InvalidInput("expires_at and keep_for go with state=present.")

    def check(self) -> None:
        """Checks what depends on the present moment, so an answer must be there already.

        :raises InvalidInput: the date is past.
        """
        if self._at is not None and self._at <= self._now():
            raise InvalidInput(f"expires_at: {timestamps.iso(self._at)} is not in the future.")

    def check_for_new(self) -> None:
        """The same for jobs that are to be created now.

        :raises InvalidInput: it is past, or more than they can have.
        """
        self.check()
        now = self._now()
        limit = timestamps.months_after(now, _LONGEST_MONTHS)
        if self._at is not None and self._at > limit:
            raise InvalidInput(f"expires_at: logs are kept for {_LONGEST_MONTHS} months after their creation at most.")
        if self._span is not None and self._span > limit - now:
            raise InvalidInput(_KEEP_FOR_TOO_LONG)

    def for_new(self):
        """The fields of a job that is still to be created that are known beforehand."""
        return {} if self._at is None else {"expirationDate": timestamps.iso(self._at)}

    def _wanted(self, job, may_shorten):
        """The moment that a job is to expire, or None if it may stay as it is."""
        created = api.created(job)
        wanted = self._at
        if self._span is not None and created is not None:
            wanted = created + self._span
        if wanted is None:
            return None
        # The service counts in seconds. Somebody else may want the logs for longer.
        stays = _expiration(job)
        is_kept = stays is not None and (
            timestamps.iso(wanted) == stays or not may_shorten and timestamps.iso(wanted) < stays
        )
        return None if is_kept else wanted

    def plan(self, key, job, may_shorten=False):
        """The change that leads to the right date.

        :param may_shorten: whether a date that is given as such may be earlier than the present one.
        """
        if not self.is_wanted:
            return PlannedChange()
        created = api.created(job)
        if created is None and self._span is not None:
            return PlannedChange(
                refusal=f"Log collection job {key} does not say when it was created, which keep_for counts from."
            )
        wanted = self._wanted(job, may_shorten and self._at is not None)
        if wanted is None:
            return PlannedChange()
        if job.get("status") == "EXPIRED":
            return PlannedChange(
                refusal=f"Log collection job {key} has expired, and its logs are deleted: it can't be extended."
            )
        if wanted <= self._now():
            return PlannedChange(
                refusal=f"Log collection job {key} would have expired at {timestamps.iso(wanted)} already."
            )
        if created is not None and wanted > timestamps.months_after(created, _LONGEST_MONTHS):
            return PlannedChange(
                refusal=f"Log collection job {key} was created at {timestamps.iso(created)}, and logs are kept for "
                f"{_LONGEST_MONTHS} months after that at most; {timestamps.iso(wanted)} is later."
            )
        stays = _expiration(job)
        return PlannedChange(
            "extend" if stays is None or timestamps.iso(wanted) > stays else "shorten",
            before={"expirationDate": job.get("expirationDate")},
            after={"expirationDate": timestamps.iso(wanted)},
        )


def _expiration(job):
    moment = api.expires(job)
    return None if moment is None else timestamps.iso(moment)


class LogJobReconciler(Reconciler):
    """Log collection jobs that are named by their ids.

    :param jobs: LogCollectionJobs.
    :param state: absent, retried, or present.
    :param retention: a Retention, for present.
    """

    noun = "log collection job"
    plural = "log collection jobs"
    result_key = "jobs"

    def __init__(self, jobs, state, retention=None):
        self._jobs = jobs
        self._state = state
        self._retention = retention
        # Jobs that were started again, and have not been looked at since.
        self._retried = set()
        self._is_checked = False
        # When each job ended that failed, before the task did anything.
        self._ended = {}

    def observe(self, keys):
        # The child jobs tell whether a job has failed again, or not been started again yet.
        found = self._jobs.find(keys, verbose=self._state == "retried")
        if self._retention and not self._is_checked:
            self._retention.check()
        self._is_checked = True
        for key, job in found.items():
            self._ended.setdefault(key, api.finished(job))
        return found

    def _has_failed_again(self, key, job):
        ended = api.finished(job) if job and job.get("status") == "FAILURE" else None
        return ended is not None and ended != self._ended.get(key, ended)

    def plan(self, key, observed):
        if self._state == "absent":
            return plan_absent(observed)
        if self._state == "retried":
            return PlannedChange() if self._has_failed_again(key, observed) else plan_retried(key, observed)
        if observed is None:
            return PlannedChange(refusal=f"Log collection job {key} does not exist.")
        # Who names a job by its id and a date means just that.
        return self._retention.plan(key, observed, may_shorten=True)

    def plan_predicted(self, key):
        if self._state == "absent":
            return PlannedChange("delete")
        shown = {"status": "IN_PROGRESS"}
        if self._state == "present" and self._retention.is_wanted:
            return PlannedChange("extend", after=self._retention.for_new(), extra=shown)
        return PlannedChange(extra=shown)

    def apply(self, item):
        if self._state == "absent":
            return self._jobs.delete(item.key)
        if self._state == "retried":
            self._retried.add(item.key)
            return self._jobs.retry(item.key)
        return self._jobs.extend(item.key, item.remaining.after["expirationDate"])

    def record_partial_change(self, item, observed):
        if self._state == "present" and observed and _expiration(observed) != _expiration(item.observed):
            # Changed, if perhaps to another date than was asked for.
            item.changed, item.action = True, item.planned.action
        if self._has_failed_again(item.key, observed):
            item.latest = observed

    def fields(self, key, observed):
        shown = fields if self._state == "present" else api.brief
        return {**shown(observed or {}), "id": key}

    def is_followed(self, item):
        return self._state != "absent"

    def last_state(self, item):
        # What was seen of a job before its retry says nothing of its end.
        return None if item.action == "retry" else super().last_state(item)

    def check_finished(self, key, observed):
        if key in self._retried:
            self._retried.discard(key)
            if observed and observed.get("status") == "FAILURE" and not self._has_failed_again(key, observed):
                # Perhaps what it was before: the second look counts.
                return False
        return check_finished(self._jobs, key, observed)


class NewLogJobReconciler(CreateOnceReconciler):
    """Log collection jobs that are named by what they collect from.

    :param jobs: LogCollectionJobs.
    :param request: a LogCollectionSpec.
    :param retention: a Retention.
    :param force: start another collection even if there is one like it.
    :param context: a TaskContext.
    """

    noun = "log collection job"
    plural = "log collection jobs"
    result_key = "jobs"

    def __init__(self, jobs, request, retention, force, context):
        super().__init__(force)
        self._jobs = jobs
        self._request = request
        self._retention = retention
        self._context = context
        self._is_checked = False
        # Ids of new jobs that may be what was asked for under another name.
        self._called_otherwise = set()

    def everything(self):
        jobs = list(self._jobs.all())
        if not self._is_checked:
            self._request.check()
            self._retention.check_for_new()
        self._is_checked = True
        return jobs

    def find(self, ids):
        return self._jobs.find(ids)

    def matches(self, key, thing, is_new):
        if not is_new and (thing.get("status") not in _LIVE or not self._request.is_recent(thing)):
            return False
        matches = self._request.is_met_by(key, thing, is_new)
        if not is_new and self._request.may_have_other_dates(key, thing):
            self._context.warn(
                f"Log collection job {thing['id']} may be the one that is asked for, but does not show of which time "
                "its logs are. Another one is started."
            )
        if is_new and not matches and self._request.may_be_called_otherwise(thing):
            self._called_otherwise.add(thing["id"])
        return matches

    def may_repeat(self, item, change):
        return change.action != "create" or not self._called_otherwise - self.ids()

    def age(self, thing):
        return str(thing.get("creationDate"))

    def plan(self, key, observed):
        if self.id_of(key) is not None:
            # Whether or not it shows yet, it is there.
            return self._retention.plan(self.id_of(key), observed or {}, may_shorten=self.is_own(key))
        return PlannedChange(
            "create", after={"status": "IN_PROGRESS", **self._request.shown(key), **self._retention.for_new()}
        )

    def apply(self, item):
        if item.remaining.action == "create":
            job_id = self._jobs.create(self._request.body(item.key))
            self.note_created(item, {"id": job_id})
            item.latest = self._look_at(job_id)
            change = self._retention.plan(job_id, item.latest or {}, may_shorten=True)
        else:
            change = item.remaining
        if change.refusal:
            raise JobsError(change.refusal)
        if change.acts:
            self._jobs.extend(self.id_of(item.key), change.after["expirationDate"])
            if item.latest:
                item.latest = {**item.latest, **change.after}
        return True

    def _look_at(self, job_id):
        """The new job as the service shows it, as the answer to its creation holds nothing but the id; None if that
        cannot be had, which takes nothing from what was done."""
        # What is to be kept longer has to show first.
        for pause in (0, *self.visibility_delays) if self._retention.is_wanted else (0,):
            if pause:
                self._context.clock.sleep(pause)
            try:
                return self._jobs.get(job_id)
            except JobsError as error:
                if error.status != 404:
                    return None
        return None

    def fields(self, key, observed):
        return {"resourceName": key, **fields(observed or {}), "id": self.id_of(key)}

    def is_followed(self, item):
        return True

    def check_finished(self, key, observed):
        if observed is None and self.may_show_later(key):
            return False
        return check_finished(self._jobs, self.id_of(key), observed)


def check_finished(jobs, job_id, observed):
    """Whether a job has ended well, see Reconciler.check_finished()."""
    status = observed.get("status") if observed else None
    if status == "SUCCESS":
        return True
    if status == "IN_PROGRESS":
        return False
    if observed is None:
        raise JobsError(f"Log collection job {job_id} was deleted by someone else while it was followed.")
    if status == "FAILURE":
        raise JobsError(f"Log collection job {job_id} failed. {_what_failed(jobs, job_id)}".rstrip())
    if status in ("EXPIRED", "MARKED_FOR_EXPIRY"):
        raise JobsError(
            f"Log collection job {job_id} is {status}: its logs are deleted or about to be. Start a new one."
        )
    what = "does not show a status" if status is None else f"has the status {status!r}, which is not known"
    raise JobsError(f"Log collection job {job_id} {what}, so it cannot be said when it ends.")


def _what_failed(jobs, job_id):
    """The messages of the child jobs that failed, host by host."""
    try:
        children = api.children(jobs.get(job_id, verbose=True))
    except JobsError:
        return ""
    failed = [child for child in children if child.get("status") == "FAILURE"]
    return " ".join(f"{_where(child)}: {_why(child)}." for child in failed)


def _where(child: dict[str, Any]) -> str:
    known = [_text(child.get(field)) for field in ("hostName", "logCollectionType")]
    return " ".join(filter(None, known)) or "unknown host"


def _why(child: dict[str, Any]) -> str:
    return _text(child.get("errorMessage")).rstrip(".") or "no message"


def _text(value: Any) -> str:
    """A text on one line; what should be one and is none is left out."""
    return " ".join(value.split()) if isinstance(value, str) else ""
