# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captions and transcripts of cielo24: the documented calls.

https://cielo24.readthedocs.io/en/latest/output_formats/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import InvalidInput
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from .account import Account


def _output(name: str, path: str, accept: str, *, takes_html: bool = False) -> Endpoint:
    purpose = f"return the {name} of job {{job_id}}"
    return Endpoint(purpose, "GET", path, Effect.READ, accept, is_text=True, takes_html=takes_html)


CAPTION = _output("captions", "/api/job/get_caption", "text/plain, */*")
TRANSCRIPT = _output("transcript", "/api/job/get_transcript", "text/plain, */*")
TRANSCRIPT_AS_HTML = _output("transcript", "/api/job/get_transcript", "text/html, */*", takes_html=True)

# The suffix of the files in each format of captions.
FORMATS = {
    "DFXP": "dfxp",
    "ECHO": "echo.txt",
    "QT": "qt.txt",
    "SAMI": "smi",
    "SBV": "sbv",
    "SCC": "scc",
    "SRT": "srt",
    "TPM": "tpm.txt",
    "TRANSCRIPT": "txt",
    "TWX": "twx.txt",
    "WEB_VTT": "vtt",
}
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# Parameters that modules have options of their own for, or that nobody may set.
_RESERVED = frozenset(("v", "api_token", "job_id", "caption_format", "file_format", "build_url"))
_OK, _ACCEPTED, _NO_CONTENT = 200, 202, 204


@dataclass(frozen=True)
class Output:
    """A kind of text that the service makes of jobs.

    :param endpoint: CAPTION, TRANSCRIPT or TRANSCRIPT_AS_HTML.
    :param query: its documented parameters.
    :param suffix: of the files.
    """

    endpoint: Endpoint
    query: Mapping[str, Any]
    suffix: str

    @classmethod
    def caption(cls, caption_format: str, options: Mapping[str, Any] | None) -> Output:
        """Captions in one of the FORMATS.

        :param options: further parameters, as a user gives them.
        :raises InvalidInput: one of them is invalid.
        """
        query = {**_checked(options), "caption_format": caption_format}
        return cls(CAPTION, query, FORMATS[caption_format])

    @classmethod
    def transcript(cls, file_format: str, options: Mapping[str, Any] | None) -> Output:
        """A transcript.

        :param file_format: txt or html.
        :param options: further parameters, as a user gives them.
        :raises InvalidInput: one of them is invalid.
        """
        endpoint = TRANSCRIPT_AS_HTML if file_format == "html" else TRANSCRIPT
        return cls(endpoint, {**_checked(options), "file_format": file_format}, file_format)

    def read(self, account: Account, job_id: str) -> bytes:
        """The text of a job; empty if there is none yet."""
        response = account.call(self.endpoint, {"job_id": job_id, **self.query}, path_params={"job_id": job_id})
        is_text = not isinstance(response.data, (dict, list)) and response.text != "null"
        if response.status not in (_OK, _ACCEPTED, _NO_CONTENT) or not is_text:
            # Such as a link to the captions, or the state of the job.
            raise account.client.unexpected_response(self.endpoint, response)
        # A byte order mark alone is no text.
        return response.content if response.text and response.status == _OK else b""


def _checked(options: Mapping[str, Any] | None) -> dict[str, str]:
    """Options of captions and transcripts as the API takes them.

    :raises InvalidInput: one is invalid.
    """
    query = {}
    for name, value in (options or {}).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            raise InvalidInput(f"options: {name!r} is not an option of captions and transcripts.")
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, (list, dict)):
            value = json.dumps(value)
        elif value is None:
            raise InvalidInput(f"options: {name} has no value.")
        query[name] = str(value)
    return query
