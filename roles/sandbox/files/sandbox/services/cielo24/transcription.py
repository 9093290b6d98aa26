# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...http.messages import Request, Response, json_response
from .directory import Directory
from .model import EARLY, TURNAROUND_HOURS, Job
from .order import TranscriptionOrder, read_options
from .parameters import CieloError, Parameters


class Transcription:
    """Orders of transcriptions."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def perform(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters)
        parameters.text("transcription_fidelity")
        if self._variants.priority_demanded:
            parameters.text("priority")
        if job.ordered and self._variants.second_transcription == "ignored":
            return self._respond(job, acted=False)
        self._check(job)
        order, options = TranscriptionOrder(parameters, self._variants, job), read_options(parameters)
        if order.priority is None:
            order.priority, order.turnaround_hours = "STANDARD", float(TURNAROUND_HOURS["STANDARD"])
        callback = parameters.url("callback_url")
        standard_product = parameters.flag("standard_product", job.standard_product)
        now = self._directory.clock.now()
        order.apply_to(job)
        job.target_language = parameters.get("target_language")
        job.standard_product = standard_product
        job.options = {**job.options, **options}
        job.callbacks = [callback] if callback else job.callbacks
        job.ordered = True
        job.order_shown_from = now + self._variants.hide_captioning_order
        by_setting = self._variants.new_job_status == "by_setting"
        if job.status == "Authorizing" and by_setting and not owner.settings.demand_authorization(job.fidelity):
            # Only the fidelity tells that the job needs no authorization.
            job.status, job.authorized = "Pending", now
        job.due = None
        job.schedule_work(now, self._directory.durations(owner))
        return self._respond(job, acted=True)

    def _check(self, job: Job) -> None:
        if job.ordered and self._variants.second_transcription == "error":
            raise CieloError("INVALID_QUERY", "A transcription of this job has been requested already")
        if job.status not in EARLY:
            raise CieloError("INVALID_QUERY", f"A job that is {job.status} cannot be transcribed")
        if job.media is None and self._variants.transcription_without_media == "error":
            raise CieloError("INVALID_QUERY", "The job has no media")

    def _respond(self, job: Job, acted: bool) -> Response:
        task = self._directory.new_task("JOB_PERFORM_TRANSCRIPTION", job, lambda: job.completed)
        return json_response(200, {"TaskId": task}, acted=acted)
