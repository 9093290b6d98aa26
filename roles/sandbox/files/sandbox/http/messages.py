# Copyright: (c) 2026, saasops.jobs contributors
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
    """A body that was read but not kept, as it may be larger than memory."""

    length: int
    sha256: str
    head: bytes  # how it begins
    chunked: bool  # it came without a Content-Length


@dataclass(frozen=True)
class Call:
    """One request to a service, as the services see it: nothing here can be awaited."""

    method: str
    path: str  # percent-decoded, without the query
    target: str  # the request target as it stood on the request line
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    origin: str  # scheme and host that the client used, for links
    upload: Upload | None = None  # in the place of a body


@dataclass
class Stream:
    """A body that is made while it goes out."""

    length: int
    chunks: Callable[[int], Iterator[bytes]]  # of the first so many bytes
    length_told: bool = True  # by a Content-Length; the other way is in chunks
    rate: float = 0  # bytes per second; 0 is without limit
    # Called when all of it has been sent; true if the service's state changed by that.
    sent: Callable[[], bool] = lambda: False


@dataclass
class Answer:
    """What a service says. `acted` is true when the service's state changed by this call."""

    status: int
    body: bytes = b""
    headers: MutableMapping[str, str] = field(default_factory=dict)
    acted: bool = False
    stream: Stream | None = None  # in the place of a body


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def json_answer(status: int, value: Any, content_type: str = "application/json", acted: bool = False) -> Answer:
    return Answer(status, compact(value), {"Content-Type": content_type}, acted)


def text_answer(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def html_answer(status: int, title: str) -> Answer:
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
