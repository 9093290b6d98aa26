# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back over HTTP, in the form that services look at.

Private to this collection.
"""

from __future__ import annotations

import json
import re

_LONGEST_MESSAGE = 300


class Answer:
    """An HTTP answer.

    :param status: HTTP status.
    :param headers: case-insensitive mapping.
    :param body: bytes, or None if it was cut off.
    :param stream: a wire.BodyStream, if the body is still to be read; body is b"" then.
    """

    def __init__(self, status, headers, body, stream=None):
        self.status = status
        self.headers = headers
        self.stream = stream
        # Cookies that came with a refusal, or None.
        self.cookies = None
        # Path of the request, without secrets.
        self.path = ""
        self.cut_off = body is None
        self.content = body or b""
        self.text = (body or b"").decode("utf-8-sig", "replace").strip()
        self.data = _json(self.text)

    @property
    def is_success(self):
        return 200 <= self.status < 300

    @property
    def is_redirect(self):
        return self.status in (301, 302, 303, 307, 308) and bool(self.headers.get("Location"))

    @property
    def is_html(self):
        says_html = "html" in (self.headers.get("Content-Type") or "").lower()
        if self.stream is not None:
            return says_html
        if self.data is not None or not self.text:
            return False
        return says_html or self.text[:1] == "<"

    @property
    def is_page(self):
        """Whether the text itself is an HTML page, whatever the headers say: not all that begins like XML is one."""
        begins = re.sub(r"^(\s+|<\?xml.*?\?>|<!--.*?-->)+", "", self.text[:10_000], flags=re.DOTALL)
        return re.match(r"<(!doctype\s+html|html|head|body|script|meta|title|center)\b", begins, re.I) is not None

    def in_words(self, scrub):
        """What a body that is not in the service's own form says, in at most a line: it may be anything.

        :param scrub: takes secrets out of a text. That comes first: half a secret would not be known for one.
        """
        if self.cut_off:
            return "the answer was cut off"
        if self.is_html:
            title = re.search(r"<title[^>]*>(.*?)</title>", scrub(self.text), re.IGNORECASE | re.DOTALL)
            heading = " ".join(title.group(1).split()) if title else ""
            return f"it answered with an HTML page ({_short(heading)})" if heading else "it answered with an HTML page"
        if not self.text:
            return "the answer was empty"
        if self.data is not None:
            return "the answer is not in the form that the service documents"
        return _short(" ".join(scrub(self.text).split()))


def _json(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _short(text):
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 3] + "..."
