# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP response, in the form that the services work with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable

from ..printable import one_line
from .adapter.body import BodyStream, Flaw
from .auth.cookies import Cookies
from .json_body import parsed

LONGEST_MESSAGE = 300
# A page shows within this many characters that it is one.
_HEAD_OF_PAGE = 8_000
_PAGE = r"(?i)<(!doctype\s{1,9}html|html|head|body|script|meta|title|center)\b"


@dataclass(frozen=True, eq=False)
class Response:
    """An HTTP response.

    status: the HTTP status.
    headers: a case-insensitive mapping.
    body: the bytes of the body, or a Flaw if it could not be read.
    stream: the body if the caller reads it piece by piece; `body` is empty then.
    is_list: the body may be large.
    path: the path of the request, without secrets.
    cookies: the cookies that came with status 401, or None.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | Flaw
    stream: BodyStream | None = None
    is_list: bool = False
    path: str = ""
    cookies: Cookies | None = None

    @property
    def flaw(self) -> Flaw | None:
        """Why the body could not be read, or None."""
        return self.body if isinstance(self.body, Flaw) else None

    @property
    def content(self) -> bytes:
        """The body; empty if it could not be read."""
        return b"" if isinstance(self.body, Flaw) else self.body

    @property
    def cut_off(self) -> bool:
        """Whether only a part of the body arrived."""
        return isinstance(self.body, Flaw) and self.body.is_cut_off

    @cached_property
    def data(self) -> Any:
        """The body as JSON, or None."""
        return parsed(self.content, is_list=self.is_list)

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is anything else."""
        return self.data if isinstance(self.data, dict) else {}

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8-sig", "replace").strip()

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        return self.status in (301, 302, 303, 307, 308) and bool(self.headers.get("Location"))

    @property
    def is_html(self) -> bool:
        """Whether the body is an HTML page instead of the JSON that a service sends."""
        says_html = "html" in (self.headers.get("Content-Type") or "").lower()
        if self.stream is not None or self.flaw is not None:
            return says_html
        if self.data is not None or not self.content or not self.text:
            return False
        return says_html or self.text[:1] == "<"

    @property
    def is_page(self) -> bool:
        """Whether the text itself is an HTML page, whatever the headers say. Other text may begin like XML, too."""
        text = self.content[: 4 * _HEAD_OF_PAGE].decode("utf-8-sig", "replace")
        return re.match(_PAGE, _without_prolog(text[:_HEAD_OF_PAGE])) is not None

    def describe(self, scrub: Callable[[str], str]) -> str:
        """A line about a body that is not in the service's own form. The body may be anything.

        :param scrub: removes secrets from a text. It is applied before the text is cut, as a part of a secret would
            not be recognized.
        """
        if self.flaw is not None:
            return self.flaw.reason
        if self.is_html:
            heading = one_line(_title(scrub(self.text)), LONGEST_MESSAGE)
            return f"it answered with an HTML page ({heading})" if heading else "it answered with an HTML page"
        if not self.text:
            return "the response was empty"
        if self.data is not None:
            return "the response is not in the form that the service documents"
        return one_line(scrub(self.text), LONGEST_MESSAGE)


def _title(page: str) -> str:
    """The text of the first <title>, if that is near the beginning."""
    head = page[:_HEAD_OF_PAGE]
    # As long as the text, which the result of lower() need not be.
    lowered = head.translate(_LOWERCASE)
    begin = lowered.find(">", lowered.find("<title")) if "<title" in lowered else -1
    end = lowered.find("</title", begin)
    return head[begin + 1 : end] if 0 <= begin < end else ""


_LOWERCASE = {ord(letter): letter.lower() for letter in "TILE"}


def _without_prolog(text: str) -> str:
    """The text without what may precede the first element of a page."""
    while True:
        text = text.lstrip()
        opening, closing = next((pair for pair in _PROLOG if text.startswith(pair[0])), ("", ""))
        end = text.find(closing, len(opening)) if opening else -1
        if end < 0:
            return text
        text = text[end + len(closing) :]


_PROLOG = (("<?xml", "?>"), ("<!--", "-->"))
