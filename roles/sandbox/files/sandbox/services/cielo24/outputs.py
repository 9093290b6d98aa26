# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import uuid
from typing import Any

from ...clock import iso_naive
from ...http.messages import Answer, Call, html_answer, json_answer, text_answer
from .captions.formats import FORMATS, caption_file, transcript_file
from .captions.layout import read_options
from .captions.script import SPEAKERS, script
from .directory import Directory
from .model import NAMESPACE, Account, Job
from .order import IWP
from .parameters import CieloError, Parameters

CAPTION_FILE = re.compile(r"/captions/([0-9a-f]{32})/[^/]+")


class Outputs:
    """What comes of a transcription."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._variants = directory.variants
        # id in an address: whose caption it is, of which job, in which format, with which options
        self._files: dict[str, tuple[Account, Job, str, dict[str, Any]]] = {}

    def caption(self, call: Call, parameters: Parameters) -> Answer:
        owner, job = self._directory.job(parameters)
        parameters.text("caption_format")
        kind, options = parameters.choice("caption_format", tuple(FORMATS)), read_options(parameters)
        build_url = parameters.flag("build_url", False)
        self._check(job, parameters)
        if not build_url:
            return text_answer(200, caption_file(job, kind, options))
        # The address is permanent: asked for again, it is the same.
        file_id = uuid.uuid5(NAMESPACE, repr((job.id, kind, sorted(options.items(), key=repr)))).hex
        self._files[file_id] = owner, job, kind, options
        return json_answer(200, {"CaptionUrl": f"{call.origin}/captions/{file_id}/{job.id}.{kind.lower()}"})

    def file(self, call: Call) -> Answer:
        """At the address of a caption, where nobody has to be signed in."""
        owner, job, kind, options = self._files.get(CAPTION_FILE.fullmatch(call.path)[1], (None, None, "", {}))
        if owner is None or job.id not in owner.jobs:
            return html_answer(404, "404 Not Found")
        if call.method != "GET":
            return html_answer(405, "405 Method Not Allowed")
        return text_answer(200, caption_file(job, kind, options))

    def transcript(self, call: Call, parameters: Parameters) -> Answer:
        _owner, job = self._directory.job(parameters)
        options = read_options(parameters)
        self._check(job, parameters)
        answer = text_answer(200, transcript_file(job, options))
        if options["file_format"] == "html":
            answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer

    def element_list(self, call: Call, parameters: Parameters) -> Answer:
        _owner, job = self._directory.job(parameters)
        parameters.choice("iwp_name", IWP)
        self._check(job, parameters)
        return json_answer(200, _element_list(job))

    def element_lists(self, call: Call, parameters: Parameters) -> Answer:
        _owner, job = self._directory.job(parameters)
        return json_answer(200, _versions(job))

    def _check(self, job: Job, parameters: Parameters) -> None:
        """That there is what is asked for."""
        if job.status != "Complete":
            raise CieloError(self._variants["early_output_error"], f"The job is {job.status}")
        name, moment = parameters.get("iwp_name"), parameters.moment("elementlist_version")
        if name is not None and name not in [version["iwp_name"] for version in _versions(job)]:
            raise CieloError("ITEM_NOT_FOUND", f"The job has no element list {name}")
        # Some write it without the fraction of a second.
        if moment is not None and abs(moment - job.completed) >= 1:
            raise CieloError("ITEM_NOT_FOUND", "The job has no element list of this version")


def _versions(job: Job) -> list[dict]:
    if job.status != "Complete":
        return []
    return [{"iwp_name": name, "version": iso_naive(job.completed)} for name in (job.fidelity, "FINAL")]


def _element_list(job: Job) -> dict:
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


def _sequence(word: Any) -> dict:
    """A word, and the punctuation behind it."""
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


def _token(start: int, end: int, text: str, kind: str, tags: list[str]) -> dict:
    return {
        "interpolated": False,
        "start_time": start,
        "end_time": end,
        "value": text.lower(),
        "type": kind,
        "display_as": text,
        "tags": tags,
    }
