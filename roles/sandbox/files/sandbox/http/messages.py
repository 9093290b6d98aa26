# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Upload:
    """A request body that was read but not kept, because it may be larger than memory."""

    length: int
    sha256: str
    head: bytes  # the first few kilobytes
    chunked: bool  # it came without a Content-Length


@dataclass(frozen=True)
class Request:
    """A request as the services see it. Nothing here can be awaited."""

    method: str
    path: str  # percent-decoded, without the query
    target: str  # the request target as it stood on the request line
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    origin: str  # scheme and host that the client used, for links
    upload: Upload | None = None  # replaces the body

    @property
    def required_upload(self) -> Upload:
        if self.upload is None:
            raise ValueError("the body of this request was not received as an upload")
        return self.upload


@dataclass
class BodyStream:
    """A response body that is generated while it is sent."""

    length: int
    chunks: Callable[[int], Iterator[bytes]]  # yields the first so many bytes
    has_content_length: bool = True  # otherwise the transfer is chunked
    rate: float = 0  # bytes per second; 0 means no limit
    # Called when the whole body has been sent; returns whether that changed the service's state.
    on_sent: Callable[[], bool] = lambda: False


@dataclass
class Response:
    """What a service responds. `acted` says whether the request changed the service's state."""

    status: int
    body: bytes = b""
    headers: MutableMapping[str, str] = field(default_factory=dict)
    acted: bool = False
    stream: BodyStream | None = None  # replaces the body


def compact_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def json_response(status: int, value: Any, content_type: str = "application/json", acted: bool = False) -> Response:
    return Response(status, compact_json(value), {"Content-Type": content_type}, acted)


def text_response(status: int, text: str) -> Response:
    return Response(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def html_response(status: int, title: str) -> Response:
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
