# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from ...clock import iso_naive
from ...http.messages import Request, Response, html_response, json_response, text_response
from .captions.formats import FORMATS, caption_file, transcript_file
from .captions.options import OutputOptions, read_options
from .captions.script import SPEAKERS, Word, script
from .directory import Directory
from .model import NAMESPACE, Account, Job
from .order import IWP_NAMES
from .parameters import CieloError, Parameters

CAPTION_FILE_PATH = re.compile(r"/captions/([0-9a-f]{32})/[^/]+")


@dataclass(frozen=True)
class CaptionFile:
    """What the URL of a caption file stands for."""

    owner: Account
    job: Job
    kind: str
    options: OutputOptions


class Outputs:
    """Captions, transcripts and element lists."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants
        self._files: dict[str, CaptionFile] = {}  # {id in the URL: file}

    def caption(self, request: Request, parameters: Parameters) -> Response:
        owner, job = self._directory.job(parameters)
        kind, options = parameters.required_choice("caption_format", tuple(FORMATS)), read_options(parameters)
        build_url = parameters.flag("build_url", False)
        self._check(job, parameters)
        if not build_url:
            return text_response(200, caption_file(job, kind, options))
        # The URL is permanent: the same request gets the same one again.
        file_id = uuid.uuid5(NAMESPACE, repr((job.id, kind, sorted(vars(options).items(), key=repr)))).hex
        self._files[file_id] = CaptionFile(owner, job, kind, options)
        return json_response(200, {"CaptionUrl": f"{request.origin}/captions/{file_id}/{job.id}.{kind.lower()}"})

    def file(self, request: Request, file_id: str) -> Response:
        """The file at the URL of a caption, which needs no authentication."""
        file = self._files.get(file_id)
        if file is None or file.job.id not in file.owner.jobs:
            return html_response(404, "404 Not Found")
        if request.method != "GET":
            return html_response(405, "405 Method Not Allowed")
        return text_response(200, caption_file(file.job, file.kind, file.options))

    def transcript(self, request: Request, parameters: Parameters) -> Response:
        _owner, job = self._directory.job(parameters)
        options = read_options(parameters)
        self._check(job, parameters)
        response = text_response(200, transcript_file(job, options))
        if options.file_format == "html":
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response

    def element_list(self, request: Request, parameters: Parameters) -> Response:
        _owner, job = self._directory.job(parameters)
        parameters.choice("iwp_name", IWP_NAMES)
        self._check(job, parameters)
        return json_response(200, _element_list(job))

    def element_lists(self, request: Request, parameters: Parameters) -> Response:
        _owner, job = self._directory.job(parameters)
        return json_response(200, _element_lists(job))

    def _check(self, job: Job, parameters: Parameters) -> None:
        """Checks that the requested output exists."""
        if job.completed is None or job.status != "Complete":
            raise CieloError(self._variants.early_output_error, f"The job is {job.status}")
        name, version = parameters.get("iwp_name"), parameters.timestamp("elementlist_version")
        if name is not None and name not in [entry["iwp_name"] for entry in _element_lists(job)]:
            raise CieloError("ITEM_NOT_FOUND", f"The job has no element list {name}")
        # Some clients send it without the fraction of a second.
        if version is not None and abs(version - job.completed) >= 1:
            raise CieloError("ITEM_NOT_FOUND", "The job has no element list of this version")


def _element_lists(job: Job) -> list[dict[str, Any]]:
    if job.completed is None or job.status != "Complete":
        return []
    return [{"iwp_name": name, "version": iso_naive(job.completed)} for name in (job.fidelity, "FINAL")]


def _element_list(job: Job) -> dict[str, Any]:
    sentences = script(job)
    speakers = [{"gender": "UNKNOWN", "id": number, "name": name} for number, name in enumerate(SPEAKERS, 1)]
    segments, speaker = [], None
    for sentence in sentences:
        segments.append(
            {
                "sequences": [_sequence(word) for word in sentence.words],
                "speaker_change": sentence.speaker != speaker,
                "speaker_id": sentence.speaker,
                "interpolated": False,
                "start_time": sentence.start,
                "end_time": sentence.end,
            }
        )
        speaker = sentence.speaker
    return {
        "version": 3,
        "start_time": sentences[0].start,
        "end_time": sentences[-1].end,
        "language": job.language,
        "segments": segments,
        "speakers": speakers,
        "keywords": {},
        "topics": {},
        "entities": {},
    }


def _sequence(word: Word) -> dict[str, Any]:
    """A word and the punctuation after it."""
    bare = word.text.rstrip(".,")
    kind = "sound" if word.is_sound else "word"
    tokens = [_token(word.start, word.end, bare, kind, [bare] if word.is_sound else [])]
    for mark in word.text[len(bare) :]:
        tokens.append(_token(word.end, word.end, mark, "punctuation", ["ENDS_SENTENCE"] if mark == "." else []))
    return {
        "tokens": tokens,
        "interpolated": False,
        "start_time": word.start,
        "end_time": word.end,
        "confidence_score": 1.0,
    }


def _token(start: int, end: int, text: str, kind: str, tags: list[str]) -> dict[str, Any]:
    return {
        "interpolated": False,
        "start_time": start,
        "end_time": end,
        "value": text.lower(),
        "type": kind,
        "display_as": text,
        "tags": tags,
    }
