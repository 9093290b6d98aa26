# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..model import Job

# What is said in the jobs of the sandbox, whatever their media are.

SPEAKERS = ("Ada Lind", "Ben Okoro")
SENTENCES = (
    "Good morning, and welcome to the programme.",
    "Um, we have three subjects today.",
    "The harbour opens again on Monday.",
    "Nobody expected the repair to take this long.",
    "The council has promised a second bridge.",
    "It will cost more than the first one did.",
    "Let us hear what people in the street think.",
    "I was gonna take the ferry, but it never came.",
    "Rain is on its way from the west.",
    "Temperatures stay well below ten degrees.",
    "That was all for now.",
    "Thank you for listening.",
)
DISFLUENCIES = ("Um,",)
SLANG = {"gonna": "going to"}
SOUND = "MUSIC"
SENTENCES_OF_JOB = 6


@dataclass(frozen=True)
class Word:
    text: str
    start: int  # milliseconds
    end: int  # milliseconds
    is_sound: bool = False


@dataclass(frozen=True)
class Sentence:
    speaker: int  # counted from 1; 0 stands for sounds
    words: tuple[Word, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def script(job: Job) -> list[Sentence]:
    """The sentences of a job: always the same ones, which differ from those of other jobs."""
    numbers = hashlib.sha256(job.id.encode()).digest()
    time_ms = 500 + numbers[0] * 4
    found = [Sentence(0, (Word(SOUND, time_ms, time_ms + 3000, True),))]
    time_ms += 3200
    for number in range(SENTENCES_OF_JOB):
        line = SENTENCES[(numbers[1] + number * 5) % len(SENTENCES)]
        words = []
        for text in line.split():
            end = time_ms + 120 + 45 * len(text)
            words.append(Word(text, time_ms, end))
            time_ms = end + 80
        found.append(Sentence(1 + (number // 2 + numbers[2]) % 2, tuple(words)))
        time_ms += 400
    return found


def filter_sentences(
    sentences: list[Sentence], *, keep_disfluencies: bool, replace_slang: bool, keep_sounds: bool
) -> list[Sentence]:
    found = []
    for sentence in sentences:
        words = list(sentence.words)
        if not keep_disfluencies and words[0].text in DISFLUENCIES:
            words = words[1:]
            words[0] = Word(words[0].text.capitalize(), words[0].start, words[0].end)
        if replace_slang:
            words = [Word(SLANG.get(word.text, word.text), word.start, word.end, word.is_sound) for word in words]
        if keep_sounds or sentence.speaker:
            found.append(Sentence(sentence.speaker, tuple(words)))
    return found
