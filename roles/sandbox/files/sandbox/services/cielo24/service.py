# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable

from ...clock import Clock
from ...http.messages import Answer, Call, html_answer
from ...seed import Node
from ...variants.registry import Variants
from .accounts import Accounts
from .api_keys import Keys
from .directory import Directory
from .jobs import Jobs
from .lists import Lists
from .media import MediaFiles
from .outputs import CAPTION_FILE, Outputs
from .parameters import CieloError, Parameters, error_answer, read_parameters
from .statistics import Statistics
from .transcription import Transcription
from .uploads import UPLOAD, Uploads

# The front of cielo24: which part answers.

PREFIX = re.compile(r"/api/(account|job)/.*")
ADD_MEDIA = "/api/job/add_media"
# Unless otherwise noted, all calls can be made in both ways.
METHODS = ("GET", "POST")
POST_ONLY = ("/api/account/update_password", "/api/job/modify")
# The pages of these leave out v.
WITHOUT_VERSION = ("/api/job/list_related",)


class Cielo24:
    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self._variants = variants
        self._directory = directory = Directory(seed, clock, variants)
        accounts, keys, jobs, lists = Accounts(directory), Keys(directory), Jobs(directory), Lists(directory)
        self._media = media = MediaFiles(directory)
        self._outputs = outputs = Outputs(directory)
        self._uploads = uploads = Uploads(directory, media)
        self._operations: dict[str, Callable[[Call, Parameters], Answer]] = {
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
            "/api/job/list": lists.list,
            "/api/job/list_related": lists.list_related,
            ADD_MEDIA: media.add,
            "/api/job/add_media_url": media.add_embedded,
            "/api/job/media": media.show,
            "/api/job/request_upload_url": uploads.request,
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
        return "cielo24" if any(pattern.fullmatch(path) for pattern in (PREFIX, CAPTION_FILE, UPLOAD)) else None

    def takes_upload(self, call: Call) -> bool:
        return self._uploads.takes_upload(call) or (call.path == ADD_MEDIA and self._media.takes_upload(call))

    def refuses_upload(self, call: Call) -> bool:
        """Whether an upload is answered, with an error, before its body has come."""
        if self._variants["upload_refusal"] == "after_body" or call.path != ADD_MEDIA:
            return False
        try:
            self._media.check_upload(call, self._parameters(call))
        except CieloError:
            return True
        return False

    def answer(self, call: Call) -> Answer:
        if CAPTION_FILE.fullmatch(call.path):
            return self._outputs.file(call)
        if UPLOAD.fullmatch(call.path):
            return self._uploads.put(call)
        if not self._exists(call.path):
            return html_answer(404, "404 Not Found")
        if call.method not in METHODS or (call.path in POST_ONLY and call.method != "POST"):
            return html_answer(405, "405 Method Not Allowed")
        try:
            return self._operations[call.path](call, self._parameters(call))
        except CieloError as error:
            return error.answer()

    def _exists(self, path: str) -> bool:
        verb = path.rpartition("/")[2]
        if verb in ("delete", "del") and self._variants["delete_paths"] not in ("both", verb):
            return False
        if verb == "task_status" and not self._variants["task_status"]:
            return False
        return path in self._operations

    def _parameters(self, call: Call) -> Parameters:
        parameters = read_parameters(call, self._variants)
        if call.path in WITHOUT_VERSION and self._variants["version_demanded"] == "where_documented":
            return parameters
        if parameters.text("v") != "1":
            raise CieloError("INVALID_QUERY", "Parameter v must be 1")
        return parameters

    def failure(self, call: Call, status: int, code: str | None, message: str | None, wait: int) -> Answer:
        """The error of this service when a fault asks for `status`."""
        return error_answer(status, code or "UNHANDLED_ERROR", message or "The request could not be handled")

    def state(self) -> dict:
        return {"cielo24": self._directory.state()}
