# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass

from ...http.messages import Answer, Call, html_answer, json_answer
from .directory import Directory
from .media import MediaFiles
from .model import Account, Job, Media
from .parameters import Parameters

UPLOAD = re.compile(r"/uploads/([0-9a-f]{32})")
LIFETIME = 12 * 3600


@dataclass
class Place:
    """Where a file can be put for a while."""

    owner: Account
    job: Job
    expires: float
    media: Media | None = None  # what was put here


class Uploads:
    """Addresses that media are put to directly. They belong to a file store, which has errors of its own."""

    def __init__(self, directory: Directory, media: MediaFiles):
        self._directory = directory
        self._media = media
        self._places: dict[str, Place] = {}

    def request(self, call: Call, parameters: Parameters) -> Answer:
        owner, job = self._directory.job(parameters)
        self._media.check_free(job)
        upload_id = self._directory.new_id("upload", job.id)
        self._places[upload_id] = Place(owner, job, self._directory.clock.now() + LIFETIME)
        return json_answer(200, {"upload_url": f"{call.origin}/uploads/{upload_id}"})

    @staticmethod
    def takes_upload(call: Call) -> bool:
        return call.method == "PUT" and UPLOAD.fullmatch(call.path) is not None

    def put(self, call: Call) -> Answer:
        if call.method != "PUT":
            return html_answer(405, "405 Method Not Allowed")
        place = self._places.get(UPLOAD.fullmatch(call.path)[1])
        if place is None or self._directory.clock.now() > place.expires:
            return _refusal(403, "AccessDenied", "Request has expired")
        if "Authorization" in call.headers:
            return _refusal(400, "InvalidArgument", "Only one auth mechanism allowed")
        if "Content-Type" in call.headers:
            return _refusal(403, "SignatureDoesNotMatch", "The signature that was calculated does not match")
        if call.upload.chunked:
            return _refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header")
        job = place.job
        job.settle(self._directory.clock.now())
        # A store keeps whatever comes last; the job has seen the first.
        if job.id not in place.owner.jobs or job.media is not place.media or (place.media and job.ordered):
            return Answer(200)
        job.media = None
        self._media.put_file(place.owner, job, call.upload)
        place.media = job.media
        return Answer(200, acted=True)


def _refusal(status: int, code: str, message: str) -> Answer:
    page = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, page.encode(), {"Content-Type": "application/xml"})
