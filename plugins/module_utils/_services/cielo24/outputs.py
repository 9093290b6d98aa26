# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captions and transcripts of cielo24, and statistics.

https://cielo24.readthedocs.io/en/latest/output_formats/

Private to this collection.
"""

from __future__ import annotations

import json
import re

from ..._core.errors import InvalidInput
from ..._core.files.text_files import TextFileReconciler
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from . import jobs_api


def _output(name, path, accept, takes_html=False):
    purpose = f"hand over the {name} of job {{job_id}}"
    return Endpoint(purpose, "GET", path, Effect.READ, accept, is_text=True, takes_html=takes_html)


CAPTION = _output("captions", "/api/job/get_caption", "text/plain, */*")
TRANSCRIPT = _output("transcript", "/api/job/get_transcript", "text/plain, */*")
TRANSCRIPT_AS_HTML = _output("transcript", "/api/job/get_transcript", "text/html, */*", takes_html=True)
STATISTICS = Endpoint("add up the statistics", "GET", "/api/job/aggregate_statistics", Effect.READ)

# {format of captions: suffix of its files}
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
# What is said in options of their own, or not at all.
_OWN = frozenset(("v", "api_token", "job_id", "caption_format", "file_format", "build_url"))


class OutputReconciler(TextFileReconciler):
    """Captions or transcripts of jobs, in files.

    :param account: cielo24.Account.
    :param endpoint: CAPTION, TRANSCRIPT or TRANSCRIPT_AS_HTML.
    :param query: the documented parameters.
    :param suffix: of the files.
    """

    plural = "captioning jobs"
    noun = "captioning job"
    result_key = "jobs"

    def __init__(self, account, endpoint, query, suffix, destination, context, settings):
        super().__init__(destination, context, settings)
        self._account = account
        self._endpoint = endpoint
        self._query = query
        self._suffix = suffix

    def read(self, key):
        response = self._account.call(self._endpoint, {"job_id": key, **self._query}, job_id=key)
        if response.status not in (200, 202, 204) or isinstance(response.data, (dict, list)) or response.text == "null":
            # Like a link to the captions, or the state of the job.
            raise self._account.unexpected_response(self._endpoint, response)
        # A mark of the byte order is no text yet.
        return response.content if response.text and response.status == 200 else b""

    def is_missing(self, error):
        return error.code == "ITEM_NOT_FOUND"

    def is_being_made(self, key):
        job = jobs_api.CaptioningJobs(self._account).info(key)
        return job is not None and job.get("JobStatus") not in ("Complete", "Media Failure")

    def file_name(self, key):
        return f"{key}.{self._suffix}"


def output_options(given):
    """Options of captions or transcripts as the API takes them.

    :param given: {name: value}, or None.
    :raises InvalidInput: one cannot be right.
    """
    query = {}
    for name, value in (given or {}).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _OWN:
            raise InvalidInput(f"options: {name!r} is not an option of captions and transcripts.")
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, (list, dict)):
            value = json.dumps(value)
        elif value is None:
            raise InvalidInput(f"options: {name} has no value.")
        query[name] = str(value)
    return query


def statistics(account, query):
    """List of the statistics of an account, each of a part of the time.

    :param query: the documented parameters.
    """
    response = account.call(STATISTICS, query)
    parts = response.data.get("data") if isinstance(response.data, dict) else None
    if not isinstance(parts, list):
        raise account.unexpected_response(STATISTICS, response)
    return parts
