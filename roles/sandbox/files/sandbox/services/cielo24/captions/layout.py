# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..model import Job
from ..order import IWP
from ..parameters import CieloError, Parameters
from .script import SPEAKERS, Sentence, Word, changed, script

SOUND_TAGS = tuple(
    "UNKNOWN INAUDIBLE CROSSTALK MUSIC NOISE LAUGH COUGH FOREIGN BLANK_AUDIO APPLAUSE BLEEP ENDS_SENTENCE".split()
)
LINE_ENDINGS = {"UNIX": "\n", "WINDOWS": "\r\n", "OSX": "\r"}
# Options of captions and transcripts by type, with what holds if they are not given. Not all of them show.
FLAGS = {
    "caption_by_sentence": True,
    "create_paragraphs": True,
    "disallow_dangling": False,
    "include_dfxp_metadata": True,
    "line_break_on_sentence": False,
    "mask_profanity": False,
    "qt_seamless": False,
    "remove_disfluencies": True,
    "remove_sound_references": True,
    "replace_slang": False,
    "single_speaker_per_caption": True,
    "sound_tokens_by_caption": False,
    "sound_tokens_by_line": False,
    "speaker_on_new_line": True,
    "strip_square_brackets": False,
    "timecode_every_paragraph": True,
    "utf8_mark": False,
}
NUMBERS = {
    "caption_words_min": 1,
    "characters_per_caption_line": 42,
    "layout_target_caption_length_ms": 5000,
    "lines_per_caption": 2,
    "maximum_caption_duration": 0,
    "merge_gap_interval": 1000,
    "minimum_caption_length_ms": 0,
    "minimum_gap_between_captions_ms": 0,
    "newlines_after_paragraph": 2,
    "newlines_after_sentence": 0,
    "silence_max_ms": 2000,
    "sound_threshold": 0,
    "timecode_interval": 0,
    "timecode_offset": 0,
}
AT_LEAST_ONE = ("characters_per_caption_line", "lines_per_caption")
CHOICES = {
    "display_speaker_id": ("name", ("no", "number", "name")),
    "file_format": ("txt", ("txt", "html")),
    "force_case": (None, ("lower", "upper")),
    "iwp_name": (None, IWP),
    "line_ending_format": ("UNIX", tuple(LINE_ENDINGS)),
    "replace_english_spelling": ("A", ("A", "B", "Z", "U", "C")),
}
TEXTS = {
    "dfxp_header": "",
    "display_effects_speaker_as": "Effects",
    "elementlist_version": None,
    "emit_speaker_change_tokens_as": ">>",
    "sound_boundaries": '["[", "]"]',
    "srt_format": None,
    "timecode_format": "[%H:%M:%S.%f]",
}
LISTS = ("remove_sounds_list", "sound_tokens_by_caption_list", "sound_tokens_by_line_list")
# ["[", "]"], or ('[',']') as one page writes it
BOUNDARIES = re.compile(r"""[\[(]\s*(["'])(.+?)\1\s*,\s*(["'])(.+?)\3\s*[\])]""")


def read_options(parameters: Parameters) -> dict[str, Any]:
    """All options, of whatever output: each page accepts its own, and nobody says what becomes of the others."""
    options: dict[str, Any] = {name: parameters.flag(name, default) for name, default in FLAGS.items()}
    for name, default in NUMBERS.items():
        given = parameters.whole(name, 1 if name in AT_LEAST_ONE else 0)
        options[name] = default if given is None else given
    for name, (default, choices) in CHOICES.items():
        options[name] = parameters.choice(name, choices, default)
    for name, default in TEXTS.items():
        options[name] = parameters.get(name) or default
    for name in LISTS:
        options[name] = parameters.json(name, list, [])
        if any(tag not in SOUND_TAGS for tag in options[name]):
            raise CieloError("INVALID_OPTION", f"{name} holds any of {', '.join(SOUND_TAGS)}")
    boundaries = BOUNDARIES.fullmatch(options["sound_boundaries"])
    if boundaries is None:
        raise CieloError("INVALID_OPTION", 'sound_boundaries is like ["[", "]"]')
    options["sound_boundaries"] = boundaries[2], boundaries[4]
    return options


@dataclass
class Caption:
    """One block on the screen."""

    speaker: int
    lines: list[list[Word]]

    @property
    def start(self) -> int:
        return self.lines[0][0].start

    @property
    def end(self) -> int:
        return self.lines[-1][-1].end

    @property
    def texts(self) -> list[str]:
        return [" ".join(word.text for word in line) for line in self.lines]

    @property
    def word_count(self) -> int:
        return sum(len(line) for line in self.lines)


def sentences(job: Job, options: dict[str, Any]) -> list[Sentence]:
    """What is said in a job, as the options want it."""
    sounds = not options["remove_sound_references"] and "MUSIC" not in options["remove_sounds_list"]
    opening, closing = options["sound_boundaries"]
    found = []
    for sentence in changed(script(job), not options["remove_disfluencies"], options["replace_slang"], sounds):
        words = [
            Word(_dressed(opening + word.text + closing if word.is_sound else word.text, options), word.start, word.end)
            for word in sentence.words
        ]
        found.append(Sentence(sentence.speaker, tuple(words)))
    return found


def _dressed(text: str, options: dict[str, Any]) -> str:
    if options["strip_square_brackets"]:
        text = text.replace("[", "").replace("]", "")
    if options["force_case"]:
        text = text.upper() if options["force_case"] == "upper" else text.lower()
    return text


def speaker_label(sentence: Sentence, options: dict[str, Any]) -> str:
    """What stands before the first words of a speaker."""
    kind, number = options["display_speaker_id"], sentence.speaker
    name = f"Speaker {number}" if kind == "number" else SPEAKERS[number - 1]
    if not number:
        name = options["display_effects_speaker_as"]
    return _dressed(options["emit_speaker_change_tokens_as"] + ("" if kind == "no" else f" {name}:"), options)


def lay_out(job: Job, options: dict[str, Any]) -> list[Caption]:
    captions: list[Caption] = []
    for words, speaker in _passages(job, options):
        lines = _lines(words, options["characters_per_caption_line"])
        height = options["lines_per_caption"]
        captions += [Caption(speaker, lines[start : start + height]) for start in range(0, len(lines), height)]
    return _merged(captions, options["caption_words_min"])


def _passages(job: Job, options: dict[str, Any]) -> list[tuple[list[Word], int]]:
    """What may share a caption: a sentence, or all that a speaker says at a time."""
    found: list[tuple[list[Word], int]] = []
    for sentence in sentences(job, options):
        words = list(sentence.words)
        if not found or found[-1][1] != sentence.speaker:
            label = Word(speaker_label(sentence, options), sentence.start, sentence.start)
            found.append(([label, *words], sentence.speaker))
        elif options["caption_by_sentence"]:
            found.append((words, sentence.speaker))
        else:
            found[-1][0].extend(words)
    return found


def _lines(words: list[Word], width: int) -> list[list[Word]]:
    lines: list[list[Word]] = [[]]
    for word in words:
        if lines[-1] and len(" ".join(other.text for other in [*lines[-1], word])) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


def _merged(captions: list[Caption], least: int) -> list[Caption]:
    """Captions that have too few words take those that follow."""
    found: list[Caption] = []
    for caption in captions:
        if found and found[-1].word_count < least:
            found[-1].lines += caption.lines
        else:
            found.append(caption)
    return found
