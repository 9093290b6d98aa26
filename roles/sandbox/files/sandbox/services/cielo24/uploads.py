# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from ...http.messages import Request, Response, html_response, json_response
from .directory import Directory
from .media import MediaFiles
from .model import Account, Job, Media
from .parameters import Parameters

PATH = re.compile(r"/uploads/([0-9a-f]{32})")
LIFETIME_SECONDS = 12 * 3600


@dataclass
class UploadSlot:
    """A URL to which a file can be put until it expires."""

    owner: Account
    job: Job
    expires: float
    media: Media | None = None  # what was put here


class Uploads:
    """URLs to which media are put directly. They belong to a file store, which has its own error format."""

    def __init__(self, directory: Directory, media: MediaFiles):
        self._directory = directory
        self._media = media
        self._slots: dict[str, UploadSlot] = {}

    def request_url(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters)
        self._media.check_no_media(job)
        upload_id = self._directory.new_id("upload", job.id)
        self._slots[upload_id] = UploadSlot(owner, job, self._directory.clock.now() + LIFETIME_SECONDS)
        return json_response(200, {"upload_url": f"{request.origin}/uploads/{upload_id}"})

    @staticmethod
    def is_upload(request: Request) -> bool:
        return request.method == "PUT" and PATH.fullmatch(request.path) is not None

    def put(self, request: Request, upload_id: str) -> Response:
        if request.method != "PUT":
            return html_response(405, "405 Method Not Allowed")
        slot = self._slots.get(upload_id)
        if slot is None or self._directory.clock.now() > slot.expires:
            return _error(403, "AccessDenied", "Request has expired")
        if "Authorization" in request.headers:
            return _error(400, "InvalidArgument", "Only one auth mechanism allowed")
        if "Content-Type" in request.headers:
            return _error(403, "SignatureDoesNotMatch", "The signature that was calculated does not match")
        upload = request.required_upload
        if upload.chunked:
            return _error(411, "MissingContentLength", "You must provide the Content-Length HTTP header")
        job = slot.job
        job.advance_to(self._directory.clock.now())
        # The store keeps whatever comes last, but the job has only taken the first file.
        if job.id not in slot.owner.jobs or job.media is not slot.media or (slot.media and job.ordered):
            return Response(200)
        job.media = None
        self._media.put_file(slot.owner, job, upload)
        slot.media = job.media
        return Response(200, acted=True)


def _error(status: int, code: str, message: str) -> Response:
    page = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(status, page.encode(), {"Content-Type": "application/xml"})
