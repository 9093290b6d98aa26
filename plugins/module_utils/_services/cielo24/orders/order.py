# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be ordered of cielo24, and what a task orders.

https://cielo24.readthedocs.io/en/latest/job_control/perform_transcription.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import validators
from ...._core.params.raw_arguments import SELECTOR
from ...._core.redaction import urls
from ...._core.redaction.arguments import ADDRESS
from ..account import EVERY_ACCOUNT, LONGEST_TEXT

FIDELITIES = ["MECHANICAL", "PREMIUM", "PROFESSIONAL"]
PRIORITIES = ["STANDARD", "PRIORITY"]

OPTIONS: dict[str, dict[str, Any]] = {
    "job_name": {"type": "str"},
    "language": {"type": "str"},
    "sub_account": {"type": "str", **SELECTOR},
    "requestor": {"type": "str"},
    "reference": {"type": "str"},
    "expected_speakers": {"type": "int"},
    "media_url": {"type": "str", **ADDRESS},
    "media_path": {"type": "path"},
    "media_is_duplicate": {"type": "bool", "default": False},
    "external_id_is_duplicate": {"type": "bool", "default": False},
    "transcription": {
        "type": "dict",
        "options": {
            "fidelity": {"type": "str", "required": True, "choices": FIDELITIES},
            "priority": {"type": "str", "default": "STANDARD", "choices": PRIORITIES},
            "turnaround_hours": {"type": "int"},
            "target_languages": {"type": "list", "elements": "str"},
            "standard_product": {"type": "bool"},
            "callback_url": {"type": "str", **ADDRESS},
            "options": {"type": "dict"},
        },
    },
    "authorize": {"type": "bool", "default": False},
}

# Jobs show some fidelities under other names than they are ordered by.
_SHOWN = {"PREMIUM": "STANDARD", "PROFESSIONAL": "HIGH"}
# For fewer hours, the service turns the priority into PRIORITY.
_STANDARD_TURNAROUND = 48
_LONGEST_LANGUAGE = 16
_LARGEST_UPLOAD = 10 * 1024**3
_TRANSCRIPTION_OPTIONS = frozenset(
    (
        "customer_approval_steps",
        "customer_approval_tool",
        "custom_metadata",
        "notes",
        "return_iwp",
        "speaker_id",
        "enable_true_verbatim",
        "first_pass_campaign",
        "generate_media_intelligence_iwp",
        "audio_description",
        "on_screen_text",
        "music_lyrics",
        "custom_special_handling",
    )
)
# The parameters of a transcription that can be changed until it is authorized.
_CHANGEABLE = ("transcription_fidelity", "priority", "turnaround_hours", "callback_url")


@dataclass(frozen=True)
class Transcription:
    """The transcription that a task orders. The fields are those of the option `transcription`."""

    fidelity: str
    priority: str
    turnaround_hours: int | None
    target_languages: tuple[str, ...]
    standard_product: bool | None
    callback_url: str | None
    options: Mapping[str, Any]

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Transcription:
        """:raises InvalidInput: one of the parameters is invalid."""
        if params["turnaround_hours"] is not None:
            validators.positive("transcription.turnaround_hours", params["turnaround_hours"])
        _check_languages(params["target_languages"])
        if params["callback_url"] is not None:
            _check_url("transcription.callback_url", params["callback_url"])
        _check_options(params["options"] or {})
        return cls(
            fidelity=params["fidelity"],
            priority=params["priority"],
            turnaround_hours=params["turnaround_hours"],
            target_languages=tuple(params["target_languages"] or ()),
            standard_product=params["standard_product"],
            callback_url=params["callback_url"],
            options=params["options"] or {},
        )

    @property
    def query(self) -> dict[str, Any]:
        """The documented parameters that order it."""
        return _without_none(
            {
                "transcription_fidelity": self.fidelity,
                "priority": self.priority,
                "turnaround_hours": self.turnaround_hours,
                "callback_url": self.callback_url,
                "target_language": ",".join(self.target_languages) or None,
                "options": json.dumps(self.options, sort_keys=True) if self.options else None,
                "standard_product": None if self.standard_product is None else str(self.standard_product).lower(),
            }
        )

    @property
    def modification(self) -> dict[str, Any]:
        """The documented parameters that change an order of it to this one, until it is authorized."""
        return {name: value for name, value in self.query.items() if name in _CHANGEABLE}

    @property
    def expected_priority(self) -> str:
        """The priority that the service gives it."""
        is_urgent = self.turnaround_hours is not None and self.turnaround_hours < _STANDARD_TURNAROUND
        return "PRIORITY" if is_urgent else self.priority

    @property
    def shown_fields(self) -> dict[str, Any]:
        """How a job shows it."""
        return {"Fidelity": shown_fidelity(self.fidelity), "Priority": self.expected_priority}

    @property
    def return_targets(self) -> dict[str, Any]:
        """How a job shows its callback."""
        return {"url": [{"callback_url": urls.shown(self.callback_url)}] if self.callback_url else []}


@dataclass(frozen=True)
class Order:
    """What a task asks for of a job. The fields are those of the OPTIONS."""

    job_name: str | None
    language: str | None
    sub_account: str | None
    requestor: str | None
    reference: str | None
    expected_speakers: int | None
    media_url: str | None
    media_path: str | None
    media_is_duplicate: bool
    external_id_is_duplicate: bool
    transcription: Transcription | None
    authorize: bool

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Order:
        """:raises InvalidInput: one of the parameters is invalid, or two do not go together."""
        for option in ("job_name", "language", "requestor", "reference"):
            if params[option] is not None:
                validators.text(option, params[option], LONGEST_TEXT)
        if params["expected_speakers"] is not None:
            validators.positive("expected_speakers", params["expected_speakers"])
        if params["sub_account"] == EVERY_ACCOUNT:
            raise InvalidInput(
                f'With state: present, sub_account must be the name of one account; "{EVERY_ACCOUNT}" is for deletions.'
            )
        if params["media_url"]:
            _check_url("media_url", params["media_url"])
        if params["media_path"]:
            _check_file(params["media_path"])
        if params["media_url"] and params["media_path"]:
            raise InvalidInput("Give only one of media_url and media_path.")
        transcription = Transcription.from_params(params["transcription"]) if params["transcription"] else None
        given = {option: params[option] for option in OPTIONS}
        return cls(**{**given, "transcription": transcription})

    @property
    def has_media(self) -> bool:
        return bool(self.media_url or self.media_path)

    @property
    def secrets(self) -> list[str]:
        """The parts of its addresses that nobody may see."""
        given = [self.media_url, self.transcription.callback_url if self.transcription else None]
        return [secret for address in given if address for secret in urls.secrets(address)]

    def query(self, external_id: str | None) -> dict[str, Any]:
        """The documented parameters that create its job."""
        return _without_none(
            {
                "job_name": self.job_name,
                "language": self.language,
                "external_id": external_id,
                "is_duplicate": "true" if external_id and self.external_id_is_duplicate else None,
                "username": self.sub_account,
                "requestor": self.requestor,
                "reference": self.reference,
                "expected_speakers": self.expected_speakers,
            }
        )


def shown_fidelity(fidelity: str) -> str:
    """How jobs show a fidelity that was ordered."""
    return _SHOWN.get(fidelity, fidelity)


def ordered_fidelity(shown: str) -> str:
    """What has to be ordered to have a job show a fidelity, in words."""
    names = [name for name in FIDELITIES if shown_fidelity(name) == shown and name != shown]
    return f"{names[0]} (shown as {shown})" if names else shown


def _without_none(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


def _check_url(option: str, value: str) -> None:
    is_readable = value.isprintable() and " " not in value and urls.is_sound(value)
    if not is_readable or not value.lower().startswith(("http://", "https://", "ftp://")):
        raise InvalidInput(
            f"{option} is not a URL that the service can fetch (http://, https://, ftp://; special characters in a "
            "user name or password written as %XX)."
        )


def _check_file(path: str) -> None:
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise InvalidInput(f"media_path: there is no file {path} that can be read.")
    size = os.path.getsize(path)
    if not 0 < size <= _LARGEST_UPLOAD:
        raise InvalidInput(f"media_path: {path} has {size} bytes, and cielo24 takes from 1 byte to 10 GB.")


def _check_languages(languages: list[str] | None) -> None:
    if languages is None:
        return
    for language in validators.names("transcription.target_languages", languages, _LONGEST_LANGUAGE):
        if language != language.lower():
            raise InvalidInput(f"transcription.target_languages: {language} must be in lower case.")


def _check_options(options: Mapping[str, Any]) -> None:
    unknown = sorted(set(options) - _TRANSCRIPTION_OPTIONS)
    if unknown:
        raise InvalidInput(
            f"transcription.options: {', '.join(map(str, unknown))} is not documented. "
            f"There are: {', '.join(sorted(_TRANSCRIPTION_OPTIONS))}."
        )
