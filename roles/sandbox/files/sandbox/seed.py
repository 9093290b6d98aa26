# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from typing import Any, NoReturn

import yaml

from .clock import parse_iso

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HEX24 = re.compile(r"[0-9a-f]{24}")
HEX32 = re.compile(r"[0-9a-f]{32}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SeedError(ValueError):
    """A sentence that names the place in the seed."""


def read_file(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as handle:
            data = yaml.safe_load(handle)
    except OSError as error:
        raise SeedError(f"cannot read {path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise SeedError(f"{path}{where}: not YAML: {getattr(error, 'problem', None) or error}") from error
    except UnicodeDecodeError as error:
        raise SeedError(f"{path}: not UTF-8 text") from error
    if not isinstance(data, dict):
        raise SeedError(f"{path}: expected a mapping at the top")
    return data


def parse_duration(value: Any) -> float:
    """Returns the seconds of 90, "20s", "4m", "1h30m" or "40d". Raises ValueError."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"(\d+(\.\d+)?[smhd])+", value):
        return sum(float(number) * UNIT_SECONDS[unit] for number, unit in re.findall(r"([\d.]+)([smhd])", value))
    raise ValueError(f"{value!r} is not a length of time such as 90, 20s, 4m or 1h30m")


class SeedNode:
    """A mapping of the seed that knows its place, reads its fields by type, and refuses fields that nobody has read.

    A field that is null counts as absent. A reader without a default demands the field.
    """

    def __init__(self, data: Any, place: str):
        self.place = place
        self._read: set[str] = set()
        if not isinstance(data, dict):
            self.fail("", f"expected a mapping, found {type(data).__name__}")
        self._data: dict[str, Any] = data

    def fail(self, key: str, problem: str) -> NoReturn:
        raise SeedError(f"seed: {'.'.join(part for part in (self.place, key) if part)}: {problem}")

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def optional_value(self, key: str) -> Any:
        self._read.add(key)
        return self._data.get(key)

    def value(self, key: str) -> Any:
        value = self.optional_value(key)
        if value is None:
            self.fail(key, "is required")
        return value

    def optional_text(self, key: str, pattern: re.Pattern[str] | None = None) -> str | None:
        return None if self.optional_value(key) is None else self.text(key, pattern=pattern)

    def text(self, key: str, default: str | None = None, pattern: re.Pattern[str] | None = None) -> str:
        if default is not None and self.optional_value(key) is None:
            return default
        value = self.value(key)
        if not isinstance(value, str):
            self.fail(key, f"expected text, found {value!r} (put it in quotes)")
        if pattern and not pattern.fullmatch(value):
            self.fail(key, f"{value!r} does not look like {pattern.pattern}")
        return value

    def optional_choice(self, key: str, choices: Sequence[str]) -> str | None:
        return None if self.optional_value(key) is None else self.choice(key, choices)

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        if default is not None and self.optional_value(key) is None:
            return default
        value = self.value(key)
        if value not in choices:
            self.fail(key, f"{value!r} is not one of {', '.join(choices)}")
        return str(value)

    def number(self, key: str, default: float | None = None, minimum: float = 0) -> float:
        if default is not None and self.optional_value(key) is None:
            return default
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < minimum:
            self.fail(key, f"{value!r} is not a number from {minimum} up")
        return value

    def optional_integer(self, key: str, minimum: int = 0) -> int | None:
        return None if self.optional_value(key) is None else self.integer(key, minimum=minimum)

    def integer(self, key: str, default: int | None = None, minimum: int = 0) -> int:
        """A number without its fraction."""
        return int(self.number(key, default, minimum))

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.optional_value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(key, f"{value!r} is neither true nor false")
        return value

    def duration(self, key: str, default: float | None = None) -> float:
        """A length of time, in seconds."""
        if default is not None and self.optional_value(key) is None:
            return float(default)
        value = self.value(key)
        try:
            return parse_duration(value)
        except ValueError as error:
            self.fail(key, str(error))

    def optional_duration(self, key: str) -> float | None:
        return None if self.optional_value(key) is None else self.duration(key)

    def optional_timestamp(self, key: str) -> float | None:
        """A point in time, in seconds since the epoch."""
        value = self.optional_value(key)
        if value is None:
            return None
        if isinstance(value, datetime):  # YAML has parsed it already
            return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()
        try:
            return parse_iso(value.isoformat() if isinstance(value, date) else value)
        except (TypeError, ValueError, AttributeError):
            self.fail(key, f"{value!r} is not a moment such as 2026-03-01T08:00:00Z")

    def texts(self, key: str, default: Sequence[str] = (), choices: Sequence[str] = ()) -> list[str]:
        values = self._sequence(key, default)
        for value in values:
            if not isinstance(value, str):
                self.fail(key, f"expected text, found {value!r} (put it in quotes)")
            if choices and value not in choices:
                self.fail(key, f"{value!r} is not one of {', '.join(choices)}")
        return values

    def nodes(self, key: str) -> list[SeedNode]:
        return [SeedNode(item, f"{self.place}.{key}[{index}]") for index, item in enumerate(self._sequence(key))]

    def node(self, key: str) -> SeedNode | None:
        value = self.optional_value(key)
        return None if value is None else SeedNode(value, f"{self.place}.{key}" if self.place else key)

    def entries(self, key: str, pattern: re.Pattern[str], width: int) -> Iterator[tuple[SeedNode, str, int]]:
        """Yields the entries of a list, each with its id and its index.

        A bulk entry (`count` and `id_prefix`) stands for many, which its index numbers from 1; other entries have 0.
        """
        for node in self.nodes(key):
            if "count" not in node:
                yield node, node.text("id", pattern=pattern), 0
                continue
            count, prefix = node.integer("count"), node.text("id_prefix")
            digits = width - len(prefix)
            if digits < len(str(count)) or not pattern.fullmatch(prefix + "0" * digits):
                node.fail("id_prefix", f"{prefix!r} and {count} numbers do not make ids like {pattern.pattern}")
            for index in range(1, count + 1):
                yield node, prefix + str(index).zfill(digits), index

    def reject_unread_fields(self) -> None:
        """Called when all fields that mean something have been read."""
        unknown = sorted(str(key) for key in self._data if key not in self._read)
        if unknown:
            self.fail(unknown[0], f"is not known here; the fields are {', '.join(sorted(self._read))}")

    def _sequence(self, key: str, default: Sequence[str] = ()) -> list[Any]:
        value = self.optional_value(key)
        if value is None:
            value = default
        if not isinstance(value, (list, tuple)):
            self.fail(key, f"expected a list, found {type(value).__name__}")
        return list(value)
