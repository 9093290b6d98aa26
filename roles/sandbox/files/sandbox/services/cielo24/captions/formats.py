# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ..model import Job
from .layout import Caption, lay_out, sentences, speaker_label
from .options import LINE_ENDINGS, OutputOptions

SRT_FIELD = re.compile(r"\{(\w+)(:\d*d)?\}")
SRT_FORMAT = (
    "{caption_number:d}\\n{start_hour:02d}:{start_minute:02d}:{start_second:02d},{start_millisecond:03d} --> "
    "{end_hour:02d}:{end_minute:02d}:{end_second:02d},{end_millisecond:03d}\\n{caption_text}\\n\\n"
)
TTML = "http://www.w3.org/ns/ttml"
# SCC control codes that load a caption, show it, and remove it.
SCC_LOAD, SCC_SHOW, SCC_CLEAR = "9420 9420 94ae 94ae 9470 9470", "942f 942f", "942c 942c"


def caption_file(job: Job, kind: str, options: OutputOptions) -> str:
    text = FORMATS[kind](job, lay_out(job, options), options)
    text = text.replace("\n", LINE_ENDINGS[options.line_ending_format])
    return "\ufeff" + text if options.utf8_mark else text


def transcript_file(job: Job, options: OutputOptions) -> str:
    paragraphs: list[list[str]] = []
    speaker = None
    for sentence in sentences(job, options):
        text = sentence.text
        if sentence.speaker != speaker:
            text = f"{speaker_label(sentence, options)} {text}"
        if not paragraphs or (options.create_paragraphs and sentence.speaker != speaker):
            timecode = _timecode(options.timecode_format, sentence.start + options.timecode_offset)
            paragraphs.append([timecode + "\n"] if options.timecode_every_paragraph else [])
        speaker = sentence.speaker
        paragraphs[-1].append(text + ("\n" * options.newlines_after_sentence or " "))
    texts = ["".join(parts).rstrip(" ") for parts in paragraphs]
    if options.file_format == "html":
        body = "".join("<p>" + escape(text).replace("\n", "<br/>") + "</p>\n" for text in texts)
        return f"<html>\n<body>\n{body}</body>\n</html>\n"
    return ("\n" * options.newlines_after_paragraph).join(texts) + "\n"


def _timecode(template: str, time_ms: int) -> str:
    parts = dict(zip("HMSf", _parts(time_ms)))
    return re.sub("%([HMSf])", lambda match: f"{parts[match[1]]:0{3 if match[1] == 'f' else 2}d}", template)


def _parts(time_ms: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds, milliseconds."""
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return (*divmod(minutes, 60), seconds, milliseconds)


def _clock(time_ms: int) -> str:
    hours, minutes, seconds, milliseconds = _parts(time_ms)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{milliseconds:03d}"


def _srt(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    template = (options.srt_format or SRT_FORMAT).replace("\\n", "\n")
    return "".join(_srt_block(template, number, caption) for number, caption in enumerate(captions, 1))


def _srt_block(template: str, number: int, caption: Caption) -> str:
    fields: dict[str, Any] = {"caption_number": number, "caption_text": "\n".join(caption.texts)}
    for edge, time_ms in (("start", caption.start), ("end", caption.end)):
        fields.update(zip((f"{edge}_{unit}" for unit in ("hour", "minute", "second", "millisecond")), _parts(time_ms)))

    def fill(match: re.Match[str]) -> str:
        value = fields.get(match[1], match[0])
        return format(value, match[2][1:]) if match[2] and isinstance(value, int) else str(value)

    return SRT_FIELD.sub(fill, template)


def _vtt(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    blocks = [
        "\n".join((f"{_clock(caption.start)} --> {_clock(caption.end)}", *(escape(text) for text in caption.texts)))
        for caption in captions
    ]
    return "\n\n".join(("WEBVTT", *blocks)) + "\n"


def _sbv(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    return "\n".join("\n".join((f"{_clock(c.start)[1:]},{_clock(c.end)[1:]}", *c.texts, "")) for c in captions)


def _dfxp(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    header = options.dfxp_header
    if not header:
        metadata = f"<ttm:title>{escape(job.name or '')}</ttm:title><ttm:desc>{job.id}</ttm:desc>"
        header = f"<head><metadata>{metadata if options.include_dfxp_metadata else ''}</metadata></head>"
    lines = [_dfxp_line(caption) for caption in captions]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<tt xmlns="{TTML}" xmlns:ttm="{TTML}#metadata" xml:lang="{job.language}">',
            header,
            "<body><div>",
            *lines,
            "</div></body>",
            "</tt>\n",
        )
    )


def _dfxp_line(caption: Caption) -> str:
    text = "<br/>".join(escape(text) for text in caption.texts)
    return f'<p begin="{_clock(caption.start)}" end="{_clock(caption.end)}">{text}</p>'


def _sami(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    lines = [
        f"<SYNC Start={caption.start}><P Class=CC>{'<br>'.join(escape(text) for text in caption.texts)}</P></SYNC>\n"
        f"<SYNC Start={caption.end}><P Class=CC>&nbsp;</P></SYNC>"
        for caption in captions
    ]
    return "\n".join(("<SAMI>", "<BODY>", *lines, "</BODY>", "</SAMI>\n"))


def _qt(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    lines = ["{QTtext}{timescale:1000}"]
    for caption in captions:
        lines += [f"[{_clock(caption.start)}]", *caption.texts]
        if not options.qt_seamless:
            lines.append(f"[{_clock(caption.end)}]")
    return "\n".join(lines) + "\n"


def _scc(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    lines = ["Scenarist_SCC V1.0"]
    for caption in captions:
        lines.append(f"{_frames(caption.start)}\t{SCC_LOAD} {_scc_text(' '.join(caption.texts))} {SCC_SHOW}")
        lines.append(f"{_frames(caption.end)}\t{SCC_CLEAR}")
    return "\n\n".join(lines) + "\n"


def _frames(time_ms: int) -> str:
    hours, minutes, seconds, milliseconds = _parts(time_ms)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{milliseconds * 30 // 1000:02d}"


def _scc_text(text: str) -> str:
    """Characters in pairs, as hex codes with odd parity."""
    codes = [code if bin(code).count("1") % 2 else code | 0x80 for code in text.encode("ascii", "replace")]
    codes += [0x80] * (len(codes) % 2)
    return " ".join(f"{first:02x}{second:02x}" for first, second in zip(codes[::2], codes[1::2]))


def _plain(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    return "".join(text + "\n" for caption in captions for text in caption.texts)


def _timed(job: Job, captions: list[Caption], options: OutputOptions) -> str:
    """Stands for the formats of other tools: a line with the times and the text of each caption."""
    return "".join(
        f"{_clock(caption.start)}\t{_clock(caption.end)}\t{' '.join(caption.texts)}\n" for caption in captions
    )


# Each takes the job, its captions and the options.
FORMATS: dict[str, Callable[[Job, list[Caption], OutputOptions], str]] = {
    "DFXP": _dfxp,
    "ECHO": _timed,
    "QT": _qt,
    "SAMI": _sami,
    "SBV": _sbv,
    "SCC": _scc,
    "SRT": _srt,
    "TPM": _timed,
    "TRANSCRIPT": _plain,
    "TWX": _timed,
    "WEB_VTT": _vtt,
}
