# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, NoReturn, TypeVar

from ...clock import parse_iso
from ...http.messages import Request
from ...seed import HEX24
from .errors import ApiError

T = TypeVar("T")


class Body:
    """The JSON object of a request. Each reader raises the documented error; null counts as absent."""

    def __init__(self, request: Request, known: Collection[str]):
        try:
            data = json.loads(request.body, parse_constant=_refuse_constant)
        except ValueError as error:
            raise ApiError("INVALID_JSON") from error
        if not isinstance(data, dict):
            raise ApiError("INVALID_JSON")
        unknown = [name for name in data if name not in known]
        if unknown:
            raise ApiError("INVALID_ATTRIBUTE", unknown[0])
        self._data = {name: value for name, value in data.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def refuse(self, *names: str) -> None:
        """For fields that do not go with the others."""
        for name in names:
            if name in self._data:
                raise ApiError("INVALID_ATTRIBUTE", name)

    def require(self, *names: str) -> None:
        for name in names:
            if name not in self._data:
                raise ApiError("MISSING_ATTRIBUTE", name)

    def value(self, name: str) -> Any:
        self.require(name)
        return self._data[name]

    def text(self, name: str) -> str:
        return self._typed(name, str)

    def flag(self, name: str) -> bool:
        return self._typed(name, bool)

    def number(self, name: str) -> float:
        return self._typed(name, int, float)

    def integer(self, name: str) -> int:
        return self._typed(name, int)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        value = self.value(name)
        if value not in choices:
            raise ApiError("INVALID_ENUM_VALUE", value)
        return str(value)

    def choices(self, name: str, choices: Sequence[str]) -> list[str]:
        values = self._typed(name, list)
        for value in values:
            if value not in choices:
                raise ApiError("INVALID_ENUM_VALUE", value)
        return list(dict.fromkeys(values))

    def id(self, name: str, code: str) -> str:
        """An id of 24 hex digits; raises the error with this code."""
        value = self.text(name)
        if not HEX24.fullmatch(value):
            raise ApiError(code, value)
        return value

    def _typed(self, name: str, *kinds: type[T]) -> T:
        value = self.value(name)
        # In Python a boolean is a number too.
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ApiError("INVALID_JSON_ATTRIBUTE", name)
        return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def parse_date(value: Any) -> float:
    """Seconds since the epoch of an ISO 8601 date."""
    try:
        return parse_iso(value)
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise ApiError("INVALID_DATE_FORMAT", value) from error
