# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be ordered of cielo24.

https://cielo24.readthedocs.io/en/latest/job_control/perform_transcription.html

Private to this collection.
"""

from __future__ import annotations

import json
import os

from ..._core.errors import InvalidInput
from ..._core.params import validators
from ..._core.redaction import urls
from ..._core.redaction.arguments import ADDRESS

# In the order in which the service wants them.
NEW, ADD_MEDIA, TRANSCRIBE, MODIFY, AUTHORIZE = STEPS = (
    "new",
    "add_media",
    "perform_transcription",
    "modify",
    "authorize",
)

FIDELITIES = ["MECHANICAL", "PREMIUM", "PROFESSIONAL"]
PRIORITIES = ["STANDARD", "PRIORITY"]

OPTIONS = {
    "job_name": {"type": "str"},
    "language": {"type": "str"},
    "sub_account": {"type": "str"},
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

# How jobs show what was ordered.
_SHOWN = {"PREMIUM": "STANDARD", "PROFESSIONAL": "HIGH"}
# Hours; who asks for less than this gets, and pays for, PRIORITY.
_STANDARD_TURNAROUND = 48
_LONGEST_TEXT = 1000
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


class Order:
    """What a task asks for of a job.

    :param params: the OPTIONS.
    :raises InvalidInput: it cannot be right.
    """

    def __init__(self, params):
        for option in ("job_name", "language", "requestor", "reference"):
            if params[option] is not None:
                validators.text(option, params[option], _LONGEST_TEXT)
        if params["expected_speakers"] is not None:
            validators.positive("expected_speakers", params["expected_speakers"])
        self._params = params
        self.job_name = params["job_name"]
        self.language = params["language"]
        self.sub_account = params["sub_account"]
        self.media_url = params["media_url"] and _url("media_url", params["media_url"])
        self.media_path = params["media_path"] and _file(params["media_path"])
        if self.media_url and self.media_path:
            raise InvalidInput("Give either media_url or media_path.")
        self.media_is_duplicate = params["media_is_duplicate"]
        self.external_id_is_duplicate = params["external_id_is_duplicate"]
        self.authorize = params["authorize"]
        self.transcription = params["transcription"] and _checked(params["transcription"])

    @property
    def has_media(self):
        return bool(self.media_url or self.media_path)

    @property
    def secrets(self):
        """What nobody may see of it."""
        given = [self.media_url, self.transcription and self.transcription["callback_url"]]
        return [secret for address in given if address for secret in urls.secrets(address)]

    def new(self, external_id):
        """The documented parameters of a new job."""
        params = self._params
        query = {
            "job_name": params["job_name"],
            "language": params["language"],
            "external_id": external_id,
            "is_duplicate": "true" if external_id and self.external_id_is_duplicate else None,
            "username": params["sub_account"],
            "requestor": params["requestor"],
            "reference": params["reference"],
            "expected_speakers": params["expected_speakers"],
        }
        return {name: value for name, value in query.items() if value is not None}

    def transcribe(self):
        """The documented parameters of its transcription."""
        wanted = self.transcription
        query = {
            "transcription_fidelity": wanted["fidelity"],
            "priority": wanted["priority"],
            "turnaround_hours": wanted["turnaround_hours"],
            "callback_url": wanted["callback_url"],
            "target_language": ",".join(wanted["target_languages"] or []) or None,
            "options": json.dumps(wanted["options"], sort_keys=True) if wanted["options"] else None,
            "standard_product": {True: "true", False: "false"}.get(wanted["standard_product"]),
        }
        return {name: value for name, value in query.items() if value is not None}

    def modify(self):
        """The documented parameters of its change, as long as it is not authorized."""
        changeable = ("transcription_fidelity", "priority", "turnaround_hours", "callback_url")
        return {name: value for name, value in self.transcribe().items() if name in changeable}

    def as_fields(self):
        """How a job shows its transcription."""
        return {"Fidelity": shown_fidelity(self.transcription["fidelity"]), "Priority": self.expected_priority}

    @property
    def return_targets(self):
        """How a job shows its callback."""
        return {"url": [{"callback_url": urls.shown(self.transcription["callback_url"])}]}

    @property
    def expected_priority(self):
        """What the service makes of the priority that is asked for."""
        wanted = self.transcription
        hours = wanted["turnaround_hours"]
        return "PRIORITY" if hours is not None and hours < _STANDARD_TURNAROUND else wanted["priority"]

    @property
    def priority(self):
        """The priority that is asked for, or None."""
        return self.transcription and self.transcription["priority"]


def shown_fidelity(fidelity):
    """How jobs show a fidelity that was ordered."""
    return _SHOWN.get(fidelity, fidelity)


def ordered_fidelity(shown):
    """What has to be ordered to have a job show a fidelity, in words."""
    names = [name for name in FIDELITIES if shown_fidelity(name) == shown and name != shown]
    return f"{names[0]} (shown as {shown})" if names else shown


def _url(option, value):
    is_readable = value.isprintable() and " " not in value and urls.is_sound(value)
    if not is_readable or not value.lower().startswith(("http://", "https://", "ftp://")):
        raise InvalidInput(
            f"{option} is not an address that the service could fetch (http://, https://, ftp://; with all that is "
            "special in a user name or password written as %XX)."
        )
    return value


def _file(path):
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise InvalidInput(f"media_path: there is no file {path} that can be read.")
    size = os.path.getsize(path)
    if not 0 < size <= _LARGEST_UPLOAD:
        raise InvalidInput(f"media_path: {path} has {size} bytes, and cielo24 takes from 1 byte to 10 GB.")
    return path


def _checked(wanted):
    hours = wanted["turnaround_hours"]
    if hours is not None:
        validators.positive("transcription.turnaround_hours", hours)
    if wanted["target_languages"] is not None:
        for language in validators.names("transcription.target_languages", wanted["target_languages"], 16):
            if language != language.lower():
                raise InvalidInput(f"transcription.target_languages: {language} must be in lower case.")
    if wanted["callback_url"] is not None:
        _url("transcription.callback_url", wanted["callback_url"])
    unknown = sorted(set(wanted["options"] or ()) - _TRANSCRIPTION_OPTIONS)
    if unknown:
        raise InvalidInput(
            f"transcription.options: {', '.join(map(str, unknown))} is not documented. "
            f"There are: {', '.join(sorted(_TRANSCRIPTION_OPTIONS))}."
        )
    return wanted
