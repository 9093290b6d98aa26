# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from ...clock import parse_iso
from ...http.messages import Request, Response, json_response
from ...variants.cielo24 import Cielo24Variants

T = TypeVar("T")

# The calls that have a JSON body in one edition of the documentation.
JSON_CALLS = ("/api/account/login", "/api/job/new", "/api/job/perform_transcription")
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
# Hosts that count as unreachable, for media and for callbacks.
UNREACHABLE = re.compile(r"(.*\.)?(invalid|unreachable)(\..*)?")
MAX_DIGITS = 9


class CieloError(Exception):
    """Ends the handling of a request with an error."""

    def __init__(self, kind: str, comment: str):
        super().__init__(kind)
        self.kind, self.comment = kind, comment

    def response(self) -> Response:
        return error_response(400, self.kind, self.comment)


def error_response(status: int, kind: str, comment: str) -> Response:
    return json_response(status, {"ErrorType": kind, "ErrorComment": comment})


class Parameters:
    """The parameters of a call, from its query and its body, read by type. An empty parameter counts as absent."""

    def __init__(self, values: Mapping[str, str], variants: Cielo24Variants):
        self._values = values
        self._any_case = variants.booleans == "any_case"

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def get(self, name: str) -> str | None:
        return self._values.get(name) or None

    def text(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise CieloError("MISSING_PARAMETER", f"Parameter {name} is missing")
        return value

    def flag(self, name: str, default: bool, any_case: bool = False) -> bool:
        """A boolean. `any_case`: documented as case-insensitive."""
        value = self.get(name)
        if value is None:
            return default
        spelled = value.lower() if any_case or self._any_case else value
        if spelled not in TRUE + FALSE:
            raise CieloError("INVALID_OPTION", f"{name} is true or false")
        return spelled in TRUE

    def integer(self, name: str, minimum: int = 0) -> int | None:
        value = self.get(name)
        if value is None:
            return None
        is_number = value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS
        if not is_number or int(value) < minimum:
            raise CieloError("INVALID_QUERY", f"{name} is a whole number from {minimum} up")
        return int(value)

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.get(name) or default)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} takes a number") from None

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        return self.required_choice(name, choices) if name in self else None

    def required_choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in choices:
            raise CieloError("INVALID_OPTION", f"{name} is one of {', '.join(choices)}")
        return value

    def json_object(self, name: str) -> dict[str, Any]:
        return self._json(name, dict) or {}

    def json_array(self, name: str) -> list[Any] | None:
        return self._json(name, list)

    def _json(self, name: str, kind: type[T]) -> T | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            parsed = json.loads(value)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} is not JSON") from None
        if not isinstance(parsed, kind):
            raise CieloError("INVALID_QUERY", f"{name} is not a JSON {'object' if kind is dict else 'array'}")
        return parsed

    def timestamp(self, name: str) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            return parse_iso(value)
        except ValueError:
            raise CieloError("INVALID_QUERY", f"{name} takes an ISO 8601 date") from None

    def url(self, name: str) -> str | None:
        """A URL that could be fetched."""
        return self.required_url(name) if name in self else None

    def required_url(self, name: str) -> str:
        value = self.text(name)
        try:
            parts = urlsplit(value)
            host, _port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or UNREACHABLE.fullmatch(host):
            raise CieloError("INVALID_URL", f"{name} cannot be accessed")
        return value


def read_parameters(request: Request, variants: Cielo24Variants) -> Parameters:
    return Parameters({**_read_body(request, variants), **request.query}, variants)


def _read_body(request: Request, variants: Cielo24Variants) -> dict[str, str]:
    """The fields of a form, which may lack a Content-Type as with some clients, or of a JSON object."""
    if request.method != "POST" or not request.body:
        return {}
    text = request.body.decode("utf-8", "replace")
    form = variants.json_bodies
    if text.lstrip().startswith("{") and (form == "all" or (form == "some" and request.path in JSON_CALLS)):
        try:
            fields = json.loads(text)
        except ValueError:
            raise CieloError("INVALID_QUERY", "The body is not JSON") from None
        return {name: _as_text(value) for name, value in fields.items() if value is not None}
    return dict(parse_qsl(text, keep_blank_values=True))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
