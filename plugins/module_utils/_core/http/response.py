# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back over HTTP, in the form that services look at.

Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Callable

from ..printable import one_line
from .adapter.body import BodyStream, Flaw
from .json_body import parsed

LONGEST_MESSAGE = 300
# Characters: a page says early what it is.
_HEAD_OF_PAGE = 8_000
_PAGE = re.compile(r"<(!doctype\s{1,9}html|html|head|body|script|meta|title|center)\b", re.IGNORECASE)


class Response:
    """An HTTP answer.

    :param status: HTTP status.
    :param headers: case-insensitive mapping.
    :param body: bytes, or a Flaw if it could not be taken.
    :param stream: a reading.BodyStream, if the body is still to be read; body is b"" then.
    :param is_list: the body may be large.
    """

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes | Flaw,
        stream: BodyStream | None = None,
        is_list: bool = False,
    ) -> None:
        self.status = status
        self.headers = headers
        self.stream = stream
        # Cookies that came with a refusal, or None.
        self.cookies = None
        # Path of the request, without secrets.
        self.path = ""
        self.flaw = body if isinstance(body, Flaw) else None
        self.content = b"" if isinstance(body, Flaw) else body
        self.cut_off = self.flaw is not None and self.flaw.is_cut_off
        self.data: Any = parsed(self.content, is_list)

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
        says_html = "html" in (self.headers.get("Content-Type") or "").lower()
        if self.stream is not None or self.flaw is not None:
            return says_html
        if self.data is not None or not self.content or not self.text:
            return False
        return says_html or self.text[:1] == "<"

    @property
    def is_page(self) -> bool:
        """Whether the text itself is an HTML page, whatever the headers say: not all that begins like XML is one."""
        text = self.content[: 4 * _HEAD_OF_PAGE].decode("utf-8-sig", "replace")
        return _PAGE.match(_without_prolog(text[:_HEAD_OF_PAGE])) is not None

    def in_words(self, scrub: Callable[[str], str]) -> str:
        """What a body that is not in the service's own form says, in at most a line: it may be anything.

        :param scrub: takes secrets out of a text. That comes first: half a secret would not be known for one.
        """
        if self.flaw is not None:
            return self.flaw.words
        if self.is_html:
            heading = one_line(_title(scrub(self.text)), LONGEST_MESSAGE)
            return f"it answered with an HTML page ({heading})" if heading else "it answered with an HTML page"
        if not self.text:
            return "the answer was empty"
        if self.data is not None:
            return "the answer is not in the form that the service documents"
        return one_line(scrub(self.text), LONGEST_MESSAGE)


def _title(page: str) -> str:
    """What stands in the first <title>, if that is near the beginning."""
    head = page[:_HEAD_OF_PAGE]
    # Of the same length as the text, as lower() is not always.
    small = head.translate(_SMALL_LETTERS)
    begin = small.find(">", small.find("<title")) if "<title" in small else -1
    end = small.find("</title", begin)
    return head[begin + 1 : end] if 0 <= begin < end else ""


_SMALL_LETTERS = {ord(letter): letter.lower() for letter in "TILE"}


def _without_prolog(text: str) -> str:
    """The text without what may come before the first element of a page."""
    while True:
        text = text.lstrip()
        opening, closing = next((pair for pair in _PROLOG if text.startswith(pair[0])), ("", ""))
        end = text.find(closing, len(opening)) if opening else -1
        if end < 0:
            return text
        text = text[end + len(closing) :]


_PROLOG = (("<?xml", "?>"), ("<!--", "-->"))
