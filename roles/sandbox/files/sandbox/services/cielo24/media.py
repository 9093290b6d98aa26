# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import zlib

from ...http.messages import Request, Response, Upload, json_response
from .directory import Directory
from .model import Account, Job, Media, StatusChange
from .parameters import CieloError, Parameters

BYTES_PER_SECOND = 250_000  # the duration of an upload is guessed from its size
SHORTEST_SECONDS, LONGEST_SECONDS = 30, 1800


class MediaFiles:
    """What is to be transcribed: one file for each job."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants

    @staticmethod
    def is_upload(request: Request) -> bool:
        # A form has the job's id in the body, an upload has it in the query.
        return request.method == "POST" and "job_id" in request.query and "media_url" not in request.query

    def add(self, request: Request, parameters: Parameters) -> Response:
        if not self.is_upload(request):
            return self._add_url(parameters, "url")
        owner, job = self.check_upload(request, parameters)
        upload = request.required_upload
        if not upload.length:
            raise CieloError("MISSING_PARAMETER", "There is neither a file nor media_url")
        return self.put_file(owner, job, upload)

    def add_embedded(self, request: Request, parameters: Parameters) -> Response:
        return self._add_url(parameters, "embedded")

    def check_upload(self, request: Request, parameters: Parameters) -> tuple[Account, Job]:
        """Checks what is known before the body has been read."""
        owner, job = self._directory.job(parameters)
        if "Content-Length" not in request.headers:
            raise CieloError("INVALID_QUERY", "Content-Length is missing; chunks are not supported")
        if int(request.headers["Content-Length"]) > self._variants.upload_limit:
            raise CieloError("INVALID_QUERY", "The file is too large")
        if "Content-Type" in request.headers and self._variants.upload_content_type == "refused":
            raise CieloError("INVALID_QUERY", "No Content-Type should be included")
        self.check_no_media(job)
        return owner, job

    def check_no_media(self, job: Job) -> None:
        if job.media:
            raise CieloError(self._variants.second_media, "The job has media already")

    def put_file(self, owner: Account, job: Job, upload: Upload) -> Response:
        seconds = round(upload.length / BYTES_PER_SECOND, 2)
        media = Media("file", seconds, length=upload.length, sha256=upload.sha256)
        return self._put(owner, job, media, is_marked=b"broken" in upload.head)

    def _add_url(self, parameters: Parameters, kind: str) -> Response:
        owner, job = self._directory.job(parameters)
        url, refusal = parameters.required_url("media_url"), self._variants.repeated_media_url
        is_duplicate = parameters.flag("is_duplicate", False, any_case=True)
        self.check_no_media(job)
        if not is_duplicate and refusal != "accepted" and _is_used(owner, url):
            raise CieloError(refusal, f"There is a job with the media_url {url} already")
        number = zlib.crc32(url.encode())
        seconds = SHORTEST_SECONDS + number % (LONGEST_SECONDS - SHORTEST_SECONDS) + number % 100 / 100
        return self._put(owner, job, Media(kind, seconds, url), is_marked="broken" in url)

    def _put(self, owner: Account, job: Job, media: Media, is_marked: bool) -> Response:
        """Adds media to a job. `is_marked`: the media are marked as broken."""
        now, failure = self._directory.clock.now(), self._variants.media_failure
        media.ready = now + self._variants.media_takes
        job.media = media
        if failure == "always" or (failure == "marked" and is_marked):
            job.status_changes = [StatusChange(media.ready, "Media Failure")]
        job.schedule_work(now, self._directory.durations(owner))
        task = self._directory.new_task("JOB_ADD_MEDIA", job, lambda: media.ready)
        return json_response(200, {"TaskId": task}, acted=True)

    def show(self, request: Request, parameters: Parameters) -> Response:
        _owner, job = self._directory.job(parameters)
        if job.media and job.media.url:
            return json_response(200, {"MediaUrl": job.media.url})
        form = self._variants.no_media_url
        if form == "error" or job.media is None:
            raise CieloError("ITEM_NOT_FOUND", "There is no URL of the media")
        if form == "left_out":
            return json_response(200, {})
        return json_response(200, {"MediaUrl": None if form == "null" else ""})


def _is_used(owner: Account, url: str) -> bool:
    return any(job.media and job.media.url == url for job in owner.jobs.values())
