# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

from ...variants.registry import Variants
from .model import FIDELITIES, TURNAROUND, Job
from .parameters import FALSE, TRUE, CieloError, Parameters

# Only known to older libraries; ECONOMY was documented once, with its hours.
OLD_TURNAROUND = {"ECONOMY": 72, "CRITICAL": 24}
LONGEST_NOTES = 1000
IWP = (
    "PREMIUM",
    "INTERIM_PROFESSIONAL",
    "PROFESSIONAL",
    "SPEAKER_ID",
    "FINAL",
    "MECHANICAL",
    "CUSTOMER_APPROVED_RETURN",
    "CUSTOMER_APPROVED_TRANSLATION",
)
# Options of a transcription that name what they take.
OPTION_CHOICES = {
    "customer_approval_tool": ("AMARA", "CIELO24"),
    "first_pass_campaign": ("NORMAL", "GENERAL_CONTENT", "TRUE_VERBATIM"),
}
OPTION_LISTS = {
    "customer_approval_steps": ("TRANSLATION", "RETURN"),
    "return_iwp": IWP,
    "generate_media_intelligence_iwp": IWP,
}
OPTION_FLAGS = (
    "speaker_id",
    "enable_true_verbatim",
    "audio_description",
    "on_screen_text",
    "music_lyrics",
    "custom_special_handling",
)
# Languages in which there are transcribers.
SPOKEN = {
    "PROFESSIONAL": tuple("ar zh-cmn zh-tw nl en fr de he id it ko pt pt-pt ru es es-es tr uk vn".split()),
    "PREMIUM": ("en", "fr", "de", "es"),
}


class Order:
    """What is wanted of a transcription, checked."""

    def __init__(self, parameters: Parameters, variants: Variants, job: Job):
        self._turnaround = dict(TURNAROUND)
        if variants["old_priorities"] == "accepted":
            self._turnaround.update(OLD_TURNAROUND)
        self.fidelity = parameters.choice("transcription_fidelity", FIDELITIES, job.fidelity)
        asked = parameters.choice("priority", tuple(self._turnaround))
        hours = parameters.whole("turnaround_hours", 1)
        self.priority, self.turnaround_hours = asked or job.priority, job.turnaround_hours
        if asked or hours:
            self.priority, self.turnaround_hours = self._urgency(self.priority or "STANDARD", hours)
        if variants["language_support"] == "documented" and job.language not in SPOKEN.get(
            self.fidelity, (job.language,)
        ):
            raise CieloError("INVALID_QUERY", f"There is no {self.fidelity} transcription of {job.language}")

    def _urgency(self, priority: str, hours: int | None) -> tuple[str, float]:
        """Fewer hours than the priority has make it another priority, and nobody says so."""
        if hours is None:
            return priority, float(self._turnaround[priority])
        if priority == "ECONOMY" and hours < self._turnaround[priority]:
            priority = "STANDARD"
        if priority == "STANDARD" and hours < self._turnaround[priority]:
            priority = "PRIORITY"
        return priority, float(hours)

    def put(self, job: Job) -> None:
        job.fidelity, job.priority, job.turnaround_hours = self.fidelity, self.priority, self.turnaround_hours


def read_options(parameters: Parameters) -> dict[str, Any]:
    options = parameters.json("options", dict, {})
    for name, value in options.items():
        _check_option(name, value)
    return options


def _check_option(name: str, value: Any) -> None:
    if name in OPTION_FLAGS:
        right = isinstance(value, bool) or (isinstance(value, str) and value.lower() in TRUE + FALSE)
    elif name in OPTION_CHOICES:
        right = value in OPTION_CHOICES[name]
    elif name in OPTION_LISTS:
        right = isinstance(value, list) and all(item in OPTION_LISTS[name] for item in value)
    elif name == "notes":
        right = isinstance(value, str) and len(value) <= LONGEST_NOTES
    elif name == "custom_metadata":
        right = isinstance(_unfolded(value), dict)
    else:
        raise CieloError("INVALID_OPTION", f"There is no option {name}")
    if not right:
        raise CieloError("INVALID_OPTION", f"The option {name} cannot be {json.dumps(value)}")


def _unfolded(value: Any) -> Any:
    """The metadata is an object, or JSON text inside the JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
