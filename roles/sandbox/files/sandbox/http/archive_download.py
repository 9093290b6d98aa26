# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from ..variants.registry import Variants
from .archive import Member, build
from .messages import Answer, Call, Stream, html_answer

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def archive_answer(
    call: Call,
    variants: Variants,
    members: Sequence[Member],
    size: int,
    mtime: float,
    name: str,
    ranges: bool,
    fetched: Callable[[], bool] = lambda: False,
) -> Answer:
    """The download of a tar.gz of about `size` bytes. `fetched` is called when its last byte has been sent."""
    kind, content = variants["archive"], variants["archive_content"]
    if kind == "not_an_archive":
        return html_answer(200, "Sign in to the network")
    archive = build(members, size, content, kind, mtime)
    headers = {"Content-Type": "application/gzip", "Content-Disposition": f'attachment; filename="{name}"'}
    start, end, status = 0, archive.length, 200
    if ranges:
        made_of = repr((members, size, mtime, kind, content))
        headers["ETag"] = f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
        headers["Accept-Ranges"] = "bytes"
        asked = _asked(call, headers["ETag"], archive.length)
        if asked and asked[0] >= asked[1]:
            return Answer(416, headers={"Content-Range": f"bytes */{archive.length}", "ETag": headers["ETag"]})
        if asked:
            (start, end), status = asked, 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{archive.length}"
    stream = Stream(
        length=end - start,
        chunks=lambda length: archive.chunks(start, start + length),
        length_told=variants["download_length"],
        rate=variants["download_rate"],
        sent=fetched if end == archive.length else lambda: False,
    )
    return Answer(status, headers=headers, stream=stream)


def _asked(call: Call, tag: str, length: int) -> tuple[int, int] | None:
    """Start and end of the range that the call asks for; empty if there is nothing in it, None if all is asked for."""
    if call.headers.get("If-Range", tag) != tag:
        return None
    match = RANGE.fullmatch(call.headers.get("Range", "").replace(" ", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None  # not a range at all
    return int(first), min(length, int(last) + 1) if last else length
