# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from .messages import Upload

HEAD_BYTES = 4096


async def receive_upload(web_request: web.BaseRequest, stop_after: int | None = None) -> Upload | None:
    """Reads a body of any size without keeping it. Returns None if the client disconnects before its end.

    With `stop_after`, reading stops after about that many bytes.
    """
    digest, length, head = hashlib.sha256(), 0, b""
    if web_request.headers.get("Expect", "").lower() == "100-continue" and web_request.transport:
        web_request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        while stop_after is None or length < stop_after:
            chunk = await web_request.content.readany()
            if not chunk:
                break
            digest.update(chunk)
            length += len(chunk)
            head = (head + chunk)[:HEAD_BYTES]
    except (OSError, ClientError, HttpProcessingError):
        return None
    return Upload(length, digest.hexdigest(), head, "Content-Length" not in web_request.headers)
