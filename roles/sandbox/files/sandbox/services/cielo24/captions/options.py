# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from ..order import IWP_NAMES
from ..parameters import CieloError, Parameters

SOUND_TAGS = tuple(
    "UNKNOWN INAUDIBLE CROSSTALK MUSIC NOISE LAUGH COUGH FOREIGN BLANK_AUDIO APPLAUSE BLEEP ENDS_SENTENCE".split()
)
LINE_ENDINGS = {"UNIX": "\n", "WINDOWS": "\r\n", "OSX": "\r"}
AT_LEAST_ONE = ("characters_per_caption_line", "lines_per_caption")
CHOICES: dict[str, tuple[str, ...]] = {
    "display_speaker_id": ("no", "number", "name"),
    "file_format": ("txt", "html"),
    "force_case": ("lower", "upper"),
    "iwp_name": IWP_NAMES,
    "line_ending_format": tuple(LINE_ENDINGS),
    "replace_english_spelling": ("A", "B", "Z", "U", "C"),
}
LISTS = ("remove_sounds_list", "sound_tokens_by_caption_list", "sound_tokens_by_line_list")
# ["[", "]"], or ('[',']') as one page of the documentation writes it
SOUND_BOUNDARIES = re.compile(r"""[\[(]\s*(["'])(.+?)\1\s*,\s*(["'])(.+?)\3\s*[\])]""")


@dataclass(frozen=True)
class OutputOptions:
    """The options of captions and transcripts, with their defaults. Not all of them have an effect here."""

    caption_by_sentence: bool = True
    create_paragraphs: bool = True
    disallow_dangling: bool = False
    include_dfxp_metadata: bool = True
    line_break_on_sentence: bool = False
    mask_profanity: bool = False
    qt_seamless: bool = False
    remove_disfluencies: bool = True
    remove_sound_references: bool = True
    replace_slang: bool = False
    single_speaker_per_caption: bool = True
    sound_tokens_by_caption: bool = False
    sound_tokens_by_line: bool = False
    speaker_on_new_line: bool = True
    strip_square_brackets: bool = False
    timecode_every_paragraph: bool = True
    utf8_mark: bool = False

    caption_words_min: int = 1
    characters_per_caption_line: int = 42
    layout_target_caption_length_ms: int = 5000
    lines_per_caption: int = 2
    maximum_caption_duration: int = 0
    merge_gap_interval: int = 1000
    minimum_caption_length_ms: int = 0
    minimum_gap_between_captions_ms: int = 0
    newlines_after_paragraph: int = 2
    newlines_after_sentence: int = 0
    silence_max_ms: int = 2000
    sound_threshold: int = 0
    timecode_interval: int = 0
    timecode_offset: int = 0

    display_speaker_id: str = "name"
    file_format: str = "txt"
    force_case: str | None = None
    iwp_name: str | None = None
    line_ending_format: str = "UNIX"
    replace_english_spelling: str = "A"

    dfxp_header: str = ""
    display_effects_speaker_as: str = "Effects"
    elementlist_version: str | None = None
    emit_speaker_change_tokens_as: str = ">>"
    sound_boundaries: tuple[str, str] = ("[", "]")
    srt_format: str | None = None
    timecode_format: str = "[%H:%M:%S.%f]"

    remove_sounds_list: list[str] = field(default_factory=list)
    sound_tokens_by_caption_list: list[str] = field(default_factory=list)
    sound_tokens_by_line_list: list[str] = field(default_factory=list)


DEFAULTS = OutputOptions()


def read_options(parameters: Parameters) -> OutputOptions:
    """Reads the options of all outputs: each page documents its own, and none says what happens to the others."""
    given: dict[str, Any] = {}
    for item in fields(OutputOptions):
        if item.name != "sound_boundaries":
            value = _read_option(item.name, parameters)
            if value is not None:
                given[item.name] = value
    boundaries = parameters.get("sound_boundaries")
    if boundaries is not None:
        match = SOUND_BOUNDARIES.fullmatch(boundaries)
        if match is None:
            raise CieloError("INVALID_OPTION", 'sound_boundaries is like ["[", "]"]')
        given["sound_boundaries"] = match[2], match[4]
    return OutputOptions(**given)


def _read_option(name: str, parameters: Parameters) -> Any:
    """Reads an option by the type of its default; None if it was not given."""
    default = getattr(DEFAULTS, name)
    if isinstance(default, bool):
        return parameters.flag(name, default)
    if isinstance(default, int):
        return parameters.integer(name, 1 if name in AT_LEAST_ONE else 0)
    if name in CHOICES:
        return parameters.choice(name, CHOICES[name])
    if name not in LISTS:
        return parameters.get(name)
    tags = parameters.json_array(name) or []
    if any(tag not in SOUND_TAGS for tag in tags):
        raise CieloError("INVALID_OPTION", f"{name} holds any of {', '.join(SOUND_TAGS)}")
    return tags
