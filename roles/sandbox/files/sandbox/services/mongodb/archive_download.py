# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...http.messages import BodyStream, Request, Response, html_response
from ...variants.mongodb import MongoDBVariants
from .archive import Member, build_archive

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class ArchiveFile:
    """A tar.gz that can be downloaded."""

    name: str
    members: Sequence[Member]
    size: int  # about
    mtime: float
    supports_ranges: bool


def archive_response(
    request: Request,
    variants: MongoDBVariants,
    file: ArchiveFile,
    on_fetched: Callable[[], bool] = lambda: False,
) -> Response:
    """The download of an archive, or of a range of it. `on_fetched` is called when its last byte has been sent."""
    kind, content = variants.archive, variants.archive_content
    if kind == "not_an_archive":
        return html_response(200, "Sign in to the network")
    archive = build_archive(file.members, file.size, content, kind, file.mtime)
    headers = {"Content-Type": "application/gzip", "Content-Disposition": f'attachment; filename="{file.name}"'}
    start, end, status = 0, archive.length, 200
    if file.supports_ranges:
        made_of = repr((file.members, file.size, file.mtime, kind, content))
        headers["ETag"] = f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
        headers["Accept-Ranges"] = "bytes"
        requested = _requested_range(request, headers["ETag"], archive.length)
        if requested and requested[0] >= requested[1]:
            return Response(416, headers={"Content-Range": f"bytes */{archive.length}", "ETag": headers["ETag"]})
        if requested:
            (start, end), status = requested, 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{archive.length}"
    stream = BodyStream(
        length=end - start,
        chunks=lambda length: archive.chunks(start, start + length),
        has_content_length=variants.download_length,
        rate=variants.download_rate,
        on_sent=on_fetched if end == archive.length else lambda: False,
    )
    return Response(status, headers=headers, stream=stream)


def _requested_range(request: Request, etag: str, length: int) -> tuple[int, int] | None:
    """Start and end of the requested range, which may hold nothing; None if the whole archive is requested."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    match = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None  # not a valid range, so it is ignored
    return int(first), min(length, int(last) + 1) if last else length
