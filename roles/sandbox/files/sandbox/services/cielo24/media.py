# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import zlib

from ...http.messages import Answer, Call, Upload, json_answer
from .directory import Directory
from .model import Account, Job, Media
from .parameters import CieloError, Parameters

BYTES_PER_SECOND = 250_000  # how long an upload plays is guessed from its size
SHORTEST, LONGEST = 30, 1800


class MediaFiles:
    """What is to be transcribed: one file for each job."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    @staticmethod
    def takes_upload(call: Call) -> bool:
        # A form has the job's id in it, and an upload has it in the query.
        return call.method == "POST" and "job_id" in call.query and "media_url" not in call.query

    def add(self, call: Call, parameters: Parameters) -> Answer:
        if self.takes_upload(call):
            owner, job = self.check_upload(call, parameters)
            if not call.upload.length:
                raise CieloError("MISSING_PARAMETER", "There is neither a file nor media_url")
            return self.put_file(owner, job, call.upload)
        return self._add_url(parameters, "url")

    def add_embedded(self, call: Call, parameters: Parameters) -> Answer:
        return self._add_url(parameters, "embedded")

    def check_upload(self, call: Call, parameters: Parameters) -> tuple[Account, Job]:
        """What can be known before the body has been read."""
        owner, job = self._directory.job(parameters)
        if "Content-Length" not in call.headers:
            raise CieloError("INVALID_QUERY", "Content-Length is missing; chunks are not supported")
        if int(call.headers["Content-Length"]) > self._variants["upload_limit"]:
            raise CieloError("INVALID_QUERY", "The file is too large")
        if "Content-Type" in call.headers and self._variants["upload_content_type"] == "refused":
            raise CieloError("INVALID_QUERY", "No Content-Type should be included")
        self.check_free(job)
        return owner, job

    def put_file(self, owner: Account, job: Job, upload: Upload) -> Answer:
        seconds = round(upload.length / BYTES_PER_SECOND, 2)
        media = Media("file", seconds, length=upload.length, sha256=upload.sha256)
        return self._put(owner, job, media, b"broken" in upload.head)

    def _add_url(self, parameters: Parameters, kind: str) -> Answer:
        owner, job = self._directory.job(parameters)
        parameters.text("media_url")
        url, refusal = parameters.url("media_url"), self._variants["repeated_media_url"]
        is_duplicate = parameters.flag("is_duplicate", False, any_case=True)
        self.check_free(job)
        if not is_duplicate and refusal != "accepted" and self._is_used(owner, url):
            raise CieloError(refusal, f"There is a job with the media_url {url} already")
        number = zlib.crc32(url.encode())
        seconds = SHORTEST + number % (LONGEST - SHORTEST) + number % 100 / 100
        return self._put(owner, job, Media(kind, seconds, url), "broken" in url)

    def check_free(self, job: Job) -> None:
        if job.media:
            raise CieloError(self._variants["second_media"], "The job has media already")

    @staticmethod
    def _is_used(owner: Account, url: str) -> bool:
        return any(job.media and job.media.url == url for job in owner.jobs.values())

    def _put(self, owner: Account, job: Job, media: Media, is_marked: bool) -> Answer:
        now, failure = self._directory.clock.now(), self._variants["media_failure"]
        media.ready = now + self._variants["media_takes"]
        job.media = media
        if failure == "always" or (failure == "marked" and is_marked):
            job.later = [(media.ready, "Media Failure")]
        job.go_on(now, self._directory.pace(owner))
        task = self._directory.new_task("JOB_ADD_MEDIA", job, lambda: media.ready)
        return json_answer(200, {"TaskId": task}, acted=True)

    def show(self, call: Call, parameters: Parameters) -> Answer:
        _owner, job = self._directory.job(parameters)
        if job.media and job.media.url:
            return json_answer(200, {"MediaUrl": job.media.url})
        form = self._variants["no_media_url"]
        if form == "error" or job.media is None:
            raise CieloError("ITEM_NOT_FOUND", "There is no URL of the media")
        if form == "left_out":
            return json_answer(200, {})
        return json_answer(200, {"MediaUrl": None if form == "null" else ""})
