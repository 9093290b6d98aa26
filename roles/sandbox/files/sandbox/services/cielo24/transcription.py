# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ...http.messages import Answer, Call, json_answer
from .directory import Directory
from .model import EARLY, Job
from .order import Order, read_options
from .parameters import CieloError, Parameters


class Transcription:
    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    def perform(self, call: Call, parameters: Parameters) -> Answer:
        owner, job = self._directory.job(parameters)
        parameters.text("transcription_fidelity")
        if self._variants["priority_demanded"]:
            parameters.text("priority")
        if job.ordered and self._variants["second_transcription"] == "ignored":
            return self._answer(job, acted=False)
        self._check(job)
        order, options, callback = Order(parameters, self._variants, job), read_options(parameters), None
        if order.priority is None:
            order.priority, order.turnaround_hours = "STANDARD", 48.0
        callback = parameters.url("callback_url")
        standard_product = parameters.flag("standard_product", job.standard_product)
        now = self._directory.clock.now()
        order.put(job)
        job.target_language = parameters.get("target_language")
        job.standard_product = standard_product
        job.options = {**job.options, **options}
        job.callbacks = [callback] if callback else job.callbacks
        job.ordered = True
        job.order_shows = now + self._variants["hide_captioning_order"]
        by_setting = self._variants["new_job_status"] == "by_setting"
        if job.status == "Authorizing" and by_setting and not owner.settings.demand_authorization(job.fidelity):
            # Only now it is known that it is one of those that nobody has to authorize.
            job.status, job.authorized = "Pending", now
        job.due = None
        job.go_on(now, self._directory.pace(owner))
        return self._answer(job, acted=True)

    def _check(self, job: Job) -> None:
        if job.ordered and self._variants["second_transcription"] == "error":
            raise CieloError("INVALID_QUERY", "A transcription of this job has been requested already")
        if job.status not in EARLY:
            raise CieloError("INVALID_QUERY", f"A job that is {job.status} cannot be transcribed")
        if job.media is None and self._variants["transcription_without_media"] == "error":
            raise CieloError("INVALID_QUERY", "The job has no media")

    def _answer(self, job: Job, acted: bool) -> Answer:
        task = self._directory.new_task("JOB_PERFORM_TRANSCRIPTION", job, lambda: job.completed)
        return json_answer(200, {"TaskId": task}, acted=acted)
