# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from ..model import Job
from .options import OutputOptions
from .script import SPEAKERS, Sentence, Word, filter_sentences, script


@dataclass
class Caption:
    """One block on the screen."""

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


def sentences(job: Job, options: OutputOptions) -> list[Sentence]:
    """The sentences of a job, as the options require."""
    keep_sounds = not options.remove_sound_references and "MUSIC" not in options.remove_sounds_list
    opening, closing = options.sound_boundaries
    styled = []
    filtered = filter_sentences(
        script(job),
        keep_disfluencies=not options.remove_disfluencies,
        replace_slang=options.replace_slang,
        keep_sounds=keep_sounds,
    )
    for sentence in filtered:
        words = [
            Word(_style(opening + word.text + closing if word.is_sound else word.text, options), word.start, word.end)
            for word in sentence.words
        ]
        styled.append(Sentence(sentence.speaker, tuple(words)))
    return styled


def _style(text: str, options: OutputOptions) -> str:
    if options.strip_square_brackets:
        text = text.replace("[", "").replace("]", "")
    if options.force_case:
        text = text.upper() if options.force_case == "upper" else text.lower()
    return text


def speaker_label(sentence: Sentence, options: OutputOptions) -> str:
    """The text before the first words of a speaker."""
    kind, number = options.display_speaker_id, sentence.speaker
    name = f"Speaker {number}" if kind == "number" else SPEAKERS[number - 1]
    if not number:
        name = options.display_effects_speaker_as
    return _style(options.emit_speaker_change_tokens_as + ("" if kind == "no" else f" {name}:"), options)


def lay_out(job: Job, options: OutputOptions) -> list[Caption]:
    """Divides what is said in a job into captions."""
    captions: list[Caption] = []
    for words in _passages(job, options):
        lines = _lines(words, options.characters_per_caption_line)
        height = options.lines_per_caption
        captions += [Caption(lines[start : start + height]) for start in range(0, len(lines), height)]
    return _merge_short(captions, options.caption_words_min)


def _passages(job: Job, options: OutputOptions) -> list[list[Word]]:
    """The words that may share a caption: a sentence, or all that a speaker says at a time."""
    passages: list[list[Word]] = []
    speaker = None
    for sentence in sentences(job, options):
        words = list(sentence.words)
        if sentence.speaker != speaker:
            label = Word(speaker_label(sentence, options), sentence.start, sentence.start)
            passages.append([label, *words])
        elif options.caption_by_sentence:
            passages.append(words)
        else:
            passages[-1].extend(words)
        speaker = sentence.speaker
    return passages


def _lines(words: list[Word], width: int) -> list[list[Word]]:
    lines: list[list[Word]] = [[]]
    for word in words:
        if lines[-1] and len(" ".join(other.text for other in [*lines[-1], word])) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


def _merge_short(captions: list[Caption], minimum: int) -> list[Caption]:
    """Joins captions that have too few words with the following ones."""
    merged: list[Caption] = []
    for caption in captions:
        if merged and merged[-1].word_count < minimum:
            merged[-1].lines += caption.lines
        else:
            merged.append(caption)
    return merged
