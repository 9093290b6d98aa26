# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, html_response
from ...seed import SeedNode
from ...variants.cielo24 import Cielo24Variants
from ..contract import Failure
from .accounts import Accounts
from .api_keys import ApiKeys
from .directory import Directory
from .jobs import Jobs
from .lists import Lists
from .media import MediaFiles
from .outputs import CAPTION_FILE_PATH, Outputs
from .parameters import CieloError, Parameters, error_response, read_parameters
from .statistics import Statistics
from .transcription import Transcription
from .uploads import PATH as UPLOAD_PATH
from .uploads import Uploads

CALL_PATH = re.compile(r"/api/(account|job)/.*")
ADD_MEDIA = "/api/job/add_media"
# The documentation allows both for all calls, with the exceptions below.
METHODS = ("GET", "POST")
POST_ONLY = ("/api/account/update_password", "/api/job/modify")
# The documentation of these calls does not have v.
WITHOUT_VERSION = ("/api/job/list_related",)


class Cielo24:
    """Passes each call on to the part that handles it."""

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: Cielo24Variants):
        self._variants = variants
        self._directory = directory = Directory(seed, clock, variants)
        accounts, keys, jobs, lists = Accounts(directory), ApiKeys(directory), Jobs(directory), Lists(directory)
        self._media = media = MediaFiles(directory)
        self._outputs = outputs = Outputs(directory)
        self._uploads = uploads = Uploads(directory, media)
        self._operations: dict[str, Callable[[Request, Parameters], Response]] = {
            "/api/account/login": accounts.login,
            "/api/account/logout": accounts.logout,
            "/api/account/verify_key": accounts.verify_key,
            "/api/account/update_password": accounts.update_password,
            "/api/account/get_settings": accounts.get_settings,
            "/api/account/update_setting": accounts.update_setting,
            "/api/account/generate_api_key": keys.generate,
            "/api/account/remove_api_key": keys.remove,
            "/api/job/new": jobs.new,
            "/api/job/info": jobs.info,
            "/api/job/authorize": jobs.authorize,
            "/api/job/modify": jobs.modify,
            "/api/job/delete": jobs.delete,
            "/api/job/del": jobs.delete,
            "/api/job/task_status": jobs.task_status,
            "/api/job/list": lists.list_jobs,
            "/api/job/list_related": lists.list_related,
            ADD_MEDIA: media.add,
            "/api/job/add_media_url": media.add_embedded,
            "/api/job/media": media.show,
            "/api/job/request_upload_url": uploads.request_url,
            "/api/job/perform_transcription": Transcription(directory).perform,
            "/api/job/get_caption": outputs.caption,
            "/api/job/get_transcript": outputs.transcript,
            "/api/job/get_elementlist": outputs.element_list,
            "/api/job/list_elementlists": outputs.element_lists,
            "/api/job/aggregate_statistics": Statistics(directory).aggregate,
        }

    @property
    def secrets(self) -> list[str]:
        return self._directory.secrets

    def label(self, path: str) -> str | None:
        patterns = (CALL_PATH, CAPTION_FILE_PATH, UPLOAD_PATH)
        return "cielo24" if any(pattern.fullmatch(path) for pattern in patterns) else None

    def is_upload(self, request: Request) -> bool:
        return self._uploads.is_upload(request) or (request.path == ADD_MEDIA and self._media.is_upload(request))

    def rejects_upload(self, request: Request) -> bool:
        if self._variants.upload_refusal == "after_body" or request.path != ADD_MEDIA or not self.is_upload(request):
            return False
        try:
            self._media.check_upload(request, self._parameters(request))
        except CieloError:
            return True
        return False

    def handle(self, request: Request) -> Response:
        match = CAPTION_FILE_PATH.fullmatch(request.path)
        if match:
            return self._outputs.file(request, match[1])
        match = UPLOAD_PATH.fullmatch(request.path)
        if match:
            return self._uploads.put(request, match[1])
        if not self._exists(request.path):
            return html_response(404, "404 Not Found")
        if request.method not in METHODS or (request.path in POST_ONLY and request.method != "POST"):
            return html_response(405, "405 Method Not Allowed")
        try:
            return self._operations[request.path](request, self._parameters(request))
        except CieloError as error:
            return error.response()

    def _exists(self, path: str) -> bool:
        verb = path.rpartition("/")[2]
        if verb in ("delete", "del") and self._variants.delete_paths not in ("both", verb):
            return False
        if verb == "task_status" and not self._variants.task_status:
            return False
        return path in self._operations

    def _parameters(self, request: Request) -> Parameters:
        parameters = read_parameters(request, self._variants)
        if request.path in WITHOUT_VERSION and self._variants.version_demanded == "where_documented":
            return parameters
        if parameters.text("v") != "1":
            raise CieloError("INVALID_QUERY", "Parameter v must be 1")
        return parameters

    def failure(self, request: Request, failure: Failure) -> Response:
        kind = failure.code or "UNHANDLED_ERROR"
        return error_response(failure.status, kind, failure.message or "The request could not be handled")

    def state(self) -> dict[str, Any]:
        return {"cielo24": self._directory.state()}
