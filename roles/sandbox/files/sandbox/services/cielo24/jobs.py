# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ...http.messages import Request, Response, json_response
from .directory import Directory
from .model import EARLY, Account, Job
from .order import TranscriptionOrder
from .parameters import CieloError, Parameters

# Codes like en, pt-pt and zh-cmn.
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?")


class Jobs:
    """A job from its creation to its deletion."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def new(self, request: Request, parameters: Parameters) -> Response:
        caller = self._directory.caller(parameters)
        # One edition of the documentation capitalizes the name.
        owner = self._directory.member(caller, parameters.get("username") or parameters.get("Username"))
        name, external_id = parameters.get("job_name"), parameters.get("external_id")
        language, now = parameters.get("language") or "en", self._directory.clock.now()
        if not LANGUAGE.fullmatch(language):
            raise CieloError("INVALID_OPTION", f"{language} is not the code of a language")
        speakers = parameters.integer("expected_speakers")
        self._check_external_id(owner, external_id, parameters.flag("is_duplicate", False, any_case=True))
        job = Job(
            id=self._directory.new_id("job", owner.username, name, language, external_id),
            name=name,
            status="Pending",
            created=now,
            external_id=external_id,
            language=language,
            requestor=parameters.get("requestor"),
            expected_speakers=speakers,
            number=self._directory.new_number(),
            listed_from=now + self._variants.hide_new_captioning_job,
        )
        if self._needs_authorization(owner):
            job.status = "Authorizing"
        else:
            job.authorized = now
        owner.jobs[job.id] = job
        return json_response(200, {"JobId": job.id, "TaskId": self._directory.new_task("JOB_CREATED", job)}, acted=True)

    def _needs_authorization(self, owner: Account) -> bool:
        if self._variants.new_job_status != "by_setting":
            return self._variants.new_job_status == "Authorizing"
        return owner.settings.require_customer_authorization_before_starting_workflow

    def _check_external_id(self, owner: Account, external_id: str | None, is_duplicate: bool) -> None:
        kind = self._variants.repeated_external_id
        if external_id is None or is_duplicate or kind == "accepted":
            return
        if any(job.external_id == external_id for job in owner.jobs.values()):
            raise CieloError(kind, f"There is a job with the external_id {external_id} already")

    def info(self, request: Request, parameters: Parameters) -> Response:
        still_there = self._variants.deleted_job_info == "still_answers"
        _owner, job = self._directory.job(parameters, with_deleted=still_there)
        return json_response(200, job.document(self._directory.clock.now(), self._variants))

    def authorize(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters)
        was_waiting = job.status == "Authorizing"
        if was_waiting:
            now = self._directory.clock.now()
            job.status, job.authorized = "Pending", now
            job.schedule_work(now, self._directory.durations(owner))
        return Response(self._variants.authorize_status, acted=was_waiting)

    def modify(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters)
        if job.status != "Authorizing":
            raise CieloError("INVALID_QUERY", f"A job that is {job.status} cannot be modified")
        new_owner = owner
        if "account_id" in parameters:
            new_owner = self._directory.member(self._directory.caller(parameters), parameters.get("account_id"))
        order, speakers = TranscriptionOrder(parameters, self._variants, job), parameters.integer("expected_speakers")
        callback, notes = parameters.url("callback_url"), parameters.get("notes")
        before = repr(job)
        order.apply_to(job)
        if callback:
            job.callbacks = [callback]
        if notes:
            job.options["notes"] = notes
        job.requestor = parameters.get("requestor_id") or job.requestor
        job.expected_speakers = job.expected_speakers if speakers is None else speakers
        changed = repr(job) != before or new_owner is not owner
        if new_owner is not owner:
            new_owner.jobs[job.id] = owner.jobs.pop(job.id)
        return Response(204, acted=changed)

    def delete(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters, with_deleted=True)
        if job.id in owner.deleted:
            raise CieloError(self._variants.deleted_job_error, f"The job {job.id} has been deleted")
        if self._variants.deletable_states == "early" and job.status not in EARLY:
            raise CieloError(self._variants.undeletable_job_error, f"A job that is {job.status} cannot be deleted")
        owner.deleted[job.id] = owner.jobs.pop(job.id)
        if self._variants.empty_success == 204:
            return Response(204, acted=True)
        return json_response(200, {"TaskId": self._directory.new_task("JOB_DELETED", job)}, acted=True)

    def task_status(self, request: Request, parameters: Parameters) -> Response:
        self._directory.caller(parameters)
        return json_response(200, self._directory.task_document(parameters.text("task_id")))
