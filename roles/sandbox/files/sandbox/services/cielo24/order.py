# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

from ...variants.cielo24 import Cielo24Variants
from .model import FIDELITIES, TURNAROUND_HOURS, Job
from .parameters import FALSE, TRUE, CieloError, Parameters

# Only older libraries have these; ECONOMY was once documented, with its hours.
OLD_TURNAROUND_HOURS = {"ECONOMY": 72, "CRITICAL": 24}
MAX_NOTES_LENGTH = 1000
# Names of element lists.
IWP_NAMES = (
    "PREMIUM",
    "INTERIM_PROFESSIONAL",
    "PROFESSIONAL",
    "SPEAKER_ID",
    "FINAL",
    "MECHANICAL",
    "CUSTOMER_APPROVED_RETURN",
    "CUSTOMER_APPROVED_TRANSLATION",
)
# Options of a transcription, by the type of their value.
OPTION_CHOICES = {
    "customer_approval_tool": ("AMARA", "CIELO24"),
    "first_pass_campaign": ("NORMAL", "GENERAL_CONTENT", "TRUE_VERBATIM"),
}
OPTION_LISTS = {
    "customer_approval_steps": ("TRANSLATION", "RETURN"),
    "return_iwp": IWP_NAMES,
    "generate_media_intelligence_iwp": IWP_NAMES,
}
OPTION_FLAGS = (
    "speaker_id",
    "enable_true_verbatim",
    "audio_description",
    "on_screen_text",
    "music_lyrics",
    "custom_special_handling",
)
# {fidelity: languages that transcribers are available for}; MECHANICAL has them all.
TRANSCRIBER_LANGUAGES = {
    "PROFESSIONAL": tuple("ar zh-cmn zh-tw nl en fr de he id it ko pt pt-pt ru es es-es tr uk vn".split()),
    "PREMIUM": ("en", "fr", "de", "es"),
}


class TranscriptionOrder:
    """The checked parameters of a transcription."""

    def __init__(self, parameters: Parameters, variants: Cielo24Variants, job: Job):
        self._turnaround = dict(TURNAROUND_HOURS)
        if variants.old_priorities == "accepted":
            self._turnaround.update(OLD_TURNAROUND_HOURS)
        self.fidelity = parameters.choice("transcription_fidelity", FIDELITIES) or job.fidelity
        priority = parameters.choice("priority", tuple(self._turnaround))
        hours = parameters.integer("turnaround_hours", 1)
        self.priority, self.turnaround_hours = priority or job.priority, job.turnaround_hours
        if priority or hours:
            self.priority, self.turnaround_hours = self._urgency(self.priority or "STANDARD", hours)
        languages = TRANSCRIBER_LANGUAGES.get(self.fidelity or "", (job.language,))
        if variants.language_support == "documented" and job.language not in languages:
            raise CieloError("INVALID_QUERY", f"There is no {self.fidelity} transcription of {job.language}")

    def _urgency(self, priority: str, hours: int | None) -> tuple[str, float]:
        """Priority and hours. Fewer hours than those of the priority raise the priority silently."""
        if hours is None:
            return priority, float(self._turnaround[priority])
        if priority == "ECONOMY" and hours < self._turnaround[priority]:
            priority = "STANDARD"
        if priority == "STANDARD" and hours < self._turnaround[priority]:
            priority = "PRIORITY"
        return priority, float(hours)

    def apply_to(self, job: Job) -> None:
        job.fidelity, job.priority, job.turnaround_hours = self.fidelity, self.priority, self.turnaround_hours


def read_options(parameters: Parameters) -> dict[str, Any]:
    options = parameters.json_object("options")
    for name, value in options.items():
        _check_option(name, value)
    return options


def _check_option(name: str, value: Any) -> None:
    if name in OPTION_FLAGS:
        is_valid = isinstance(value, bool) or (isinstance(value, str) and value.lower() in TRUE + FALSE)
    elif name in OPTION_CHOICES:
        is_valid = value in OPTION_CHOICES[name]
    elif name in OPTION_LISTS:
        is_valid = isinstance(value, list) and all(item in OPTION_LISTS[name] for item in value)
    elif name == "notes":
        is_valid = isinstance(value, str) and len(value) <= MAX_NOTES_LENGTH
    elif name == "custom_metadata":
        is_valid = isinstance(_parse_metadata(value), dict)
    else:
        raise CieloError("INVALID_OPTION", f"There is no option {name}")
    if not is_valid:
        raise CieloError("INVALID_OPTION", f"The option {name} cannot be {json.dumps(value)}")


def _parse_metadata(value: Any) -> Any:
    """Metadata is an object, or a text that holds JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
