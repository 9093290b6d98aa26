# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from typing import Any

import yaml

from .clock import parse_iso

REQUIRED: Any = object()
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HEX24 = re.compile(r"[0-9a-f]{24}")
HEX32 = re.compile(r"[0-9a-f]{32}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SeedError(ValueError):
    """A sentence that names the place in the seed."""


def read_file(path: str) -> dict:
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


def seconds(value: Any) -> float:
    """90, "20s", "4m", "1h30m", "40d". Raises ValueError."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"(\d+(\.\d+)?[smhd])+", value):
        return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+)([smhd])", value))
    raise ValueError(f"{value!r} is not a length of time such as 90, 20s, 4m or 1h30m")


class Node:
    """A mapping of the seed that knows its place, reads its fields by type, and refuses fields that nobody read."""

    def __init__(self, data: Any, place: str):
        self.place = place
        self._read: set[str] = set()
        if not isinstance(data, dict):
            self.fail("", f"expected a mapping, found {type(data).__name__}")
        self._data = data

    def fail(self, key: str, problem: str) -> None:
        raise SeedError(f"seed: {'.'.join(part for part in (self.place, key) if part)}: {problem}")

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def value(self, key: str, default: Any = REQUIRED) -> Any:
        self._read.add(key)
        value = self._data.get(key)
        if value is None:
            if default is REQUIRED:
                self.fail(key, "is required")
            return default
        return value

    def text(self, key: str, default: Any = REQUIRED, pattern: re.Pattern | None = None) -> Any:
        value = self.value(key, default)
        if value is default:
            return value
        if not isinstance(value, str):
            self.fail(key, f"expected text, found {value!r} (put it in quotes)")
        if pattern and not pattern.fullmatch(value):
            self.fail(key, f"{value!r} does not look like {pattern.pattern}")
        return value

    def choice(self, key: str, choices: Sequence[str], default: Any = REQUIRED) -> Any:
        value = self.value(key, default)
        if value is not default and value not in choices:
            self.fail(key, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def number(self, key: str, default: Any = REQUIRED, minimum: float = 0) -> Any:
        value = self.value(key, default)
        if value is not default and (isinstance(value, bool) or not isinstance(value, (int, float)) or value < minimum):
            self.fail(key, f"{value!r} is not a number from {minimum} up")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.value(key, default)
        if not isinstance(value, bool):
            self.fail(key, f"{value!r} is neither true nor false")
        return value

    def duration(self, key: str, default: Any = REQUIRED) -> Any:
        value = self.value(key, default)
        if value is None:
            return None
        try:
            return seconds(value)
        except ValueError as error:
            self.fail(key, str(error))

    def moment(self, key: str, default: Any = REQUIRED) -> Any:
        value = self.value(key, default)
        if value is default:
            return value
        if isinstance(value, datetime):  # YAML has read it already
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

    def nodes(self, key: str) -> list[Node]:
        return [Node(item, f"{self.place}.{key}[{index}]") for index, item in enumerate(self._sequence(key, ()))]

    def node(self, key: str) -> Node | None:
        value = self.value(key, None)
        return None if value is None else Node(value, f"{self.place}.{key}" if self.place else key)

    def entries(self, key: str, pattern: re.Pattern, width: int) -> Iterator[tuple[Node, str, int]]:
        """Each entry with its id and its index in a bulk entry (`count` and `id_prefix`), which stands for many."""
        for node in self.nodes(key):
            if "count" not in node:
                yield node, node.text("id", pattern=pattern), 0
                continue
            count, prefix = int(node.number("count")), node.text("id_prefix")
            digits = width - len(prefix)
            if digits < len(str(count)) or not pattern.fullmatch(prefix + "0" * digits):
                node.fail("id_prefix", f"{prefix!r} and {count} numbers do not make ids like {pattern.pattern}")
            for index in range(1, count + 1):
                yield node, prefix + str(index).zfill(digits), index

    def done(self) -> None:
        unknown = sorted(str(key) for key in self._data if key not in self._read)
        if unknown:
            self.fail(unknown[0], f"is not known here; the fields are {', '.join(sorted(self._read))}")

    def _sequence(self, key: str, default: Sequence) -> list:
        value = self.value(key, default)
        if not isinstance(value, (list, tuple)):
            self.fail(key, f"expected a list, found {type(value).__name__}")
        return list(value)
