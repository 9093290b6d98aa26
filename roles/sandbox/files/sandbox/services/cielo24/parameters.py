# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ...clock import parse_iso
from ...http.messages import Answer, Call, json_answer
from ...variants.registry import Variants

# The calls that one edition of the documentation sends as JSON.
JSON_CALLS = ("/api/account/login", "/api/job/new", "/api/job/perform_transcription")
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
# Hosts that no media and no callback can be at.
UNREACHABLE = re.compile(r"(.*\.)?(invalid|unreachable)(\..*)?")


class CieloError(Exception):
    def __init__(self, kind: str, comment: str):
        super().__init__(kind)
        self.kind, self.comment = kind, comment

    def answer(self) -> Answer:
        return error_answer(400, self.kind, self.comment)


def error_answer(status: int, kind: str, comment: str) -> Answer:
    return json_answer(status, {"ErrorType": kind, "ErrorComment": comment})


class Parameters:
    """What a call was given, in its query, in a form or in a JSON object, read by type."""

    def __init__(self, values: Mapping[str, str], variants: Variants):
        self._values = values
        self._any_case = variants["booleans"] == "any_case"

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def get(self, name: str) -> str | None:
        """What stands there as text; nothing at all is the same as not given."""
        return self._values.get(name) or None

    def text(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise CieloError("MISSING_PARAMETER", f"Parameter {name} is missing")
        return value

    def flag(self, name: str, default: bool, any_case: bool = False) -> bool:
        """`any_case`: documented as not case-sensitive."""
        value = self.get(name)
        if value is None:
            return default
        spelled = value.lower() if any_case or self._any_case else value
        if spelled not in TRUE + FALSE:
            raise CieloError("INVALID_OPTION", f"{name} is true or false")
        return spelled in TRUE

    def whole(self, name: str, minimum: int = 0) -> int | None:
        value = self.get(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10) or int(value) < minimum:
            raise CieloError("INVALID_QUERY", f"{name} is a whole number from {minimum} up")
        return int(value)

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.get(name) or default)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} takes a number") from None

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.get(name)
        if value is None:
            return default
        if value not in choices:
            raise CieloError("INVALID_OPTION", f"{name} is one of {', '.join(choices)}")
        return value

    def json(self, name: str, kind: type, default: Any = None) -> Any:
        value = self.get(name)
        if value is None:
            return default
        try:
            read = json.loads(value)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} is not JSON") from None
        if not isinstance(read, kind):
            raise CieloError("INVALID_QUERY", f"{name} is not a JSON {'object' if kind is dict else 'array'}")
        return read

    def moment(self, name: str) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            return parse_iso(value)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} takes an ISO 8601 date") from None

    def url(self, name: str) -> str | None:
        """An address that could be reached."""
        value = self.get(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            host, _port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or UNREACHABLE.fullmatch(host):
            raise CieloError("INVALID_URL", f"{name} cannot be accessed")
        return value


def read_parameters(call: Call, variants: Variants) -> Parameters:
    return Parameters({**_body(call, variants), **call.query}, variants)


def _body(call: Call, variants: Variants) -> dict[str, str]:
    """Form fields, with or without a Content-Type, as some clients leave it out; or the fields of a JSON object."""
    if call.method != "POST" or not call.body:
        return {}
    text = call.body.decode("utf-8", "replace")
    understood = variants["json_bodies"]
    if text.lstrip().startswith("{") and (understood == "all" or (understood == "some" and call.path in JSON_CALLS)):
        try:
            fields = json.loads(text)
        except ValueError:
            raise CieloError("INVALID_QUERY", "The body is not JSON") from None
        return {name: _as_text(value) for name, value in fields.items() if value is not None}
    return dict(parse_qsl(text, keep_blank_values=True))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
