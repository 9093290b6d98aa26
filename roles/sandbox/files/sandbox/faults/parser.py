# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any, cast

from .fault import Fault, FaultKind, FaultOptions, MatchPattern

RESPONSE_OPTIONS = ("status", "retry_after", "body", "code", "message")
OPTIONS: dict[FaultKind, tuple[str, ...]] = {
    FaultKind.REFUSE: ("seconds",),
    FaultKind.RESET_BEFORE: (),
    FaultKind.RESET_AFTER: (),
    FaultKind.STALL_BEFORE: ("seconds",),
    FaultKind.STALL_AFTER: ("seconds",),
    FaultKind.TRUNCATE: (),
    FaultKind.CUT: ("after",),
    FaultKind.CUT_UPLOAD: ("after",),
    FaultKind.STATUS: RESPONSE_OPTIONS,
    FaultKind.STATUS_AFTER: RESPONSE_OPTIONS,
    FaultKind.HTML_200: (),
    FaultKind.REDIRECT: ("status", "location"),
}
REQUIRED_OPTION = {
    FaultKind.CUT: "after",
    FaultKind.CUT_UPLOAD: "after",
    FaultKind.STATUS: "status",
    FaultKind.STATUS_AFTER: "status",
    FaultKind.REDIRECT: "location",
}
BODIES = ("json", "text", "html", "empty")


class FaultError(ValueError):
    """A sentence that says what is wrong with the description of a fault."""


def parse_faults(data: Any) -> list[Fault]:
    """Takes one description or a list of them."""
    return [parse_fault(item) for item in (data if isinstance(data, list) else [data])]


def parse_fault(data: Any) -> Fault:
    if not isinstance(data, dict):
        raise FaultError("a fault is a JSON object")
    kind = _kind(data.get("kind"))
    unknown = sorted(set(data) - {"at", "match", "times", "kind", *OPTIONS[kind]})
    if unknown:
        raise FaultError(f"a fault of kind {kind.value} has no {unknown[0]!r}")
    options = _options(kind, {name: data[name] for name in OPTIONS[kind] if name in data})
    if ("at" in data) == ("match" in data):
        raise FaultError("a fault has either 'at' or 'match'")
    if "match" in data:
        return Fault(kind, options, match=_match(data["match"]), times=_times(data.get("times", 1)))
    if "times" in data:
        raise FaultError("'times' goes with 'match'")
    if data["at"] == "all":
        return Fault(kind, options, always=True)
    positions = data["at"] if isinstance(data["at"], list) else [data["at"]]
    if not positions or not all(_is_integer(n, 1) for n in positions):
        raise FaultError("'at' is a position from 1 up, a list of positions, or \"all\"")
    return Fault(kind, options, positions=list(positions))


def _kind(value: Any) -> FaultKind:
    try:
        return FaultKind(value)
    except ValueError:
        known = ", ".join(kind.value for kind in FaultKind)
        raise FaultError(f"kind {value!r} is not one of {known}") from None


def _options(kind: FaultKind, options: dict[str, Any]) -> FaultOptions:
    required = REQUIRED_OPTION.get(kind)
    if required and required not in options:
        raise FaultError(f"a fault of kind {kind.value} needs {required!r}")
    if "seconds" in options and not _is_number(options["seconds"], 0):
        raise FaultError("'seconds' is a number from 0 up")
    if "after" in options and not _is_integer(options["after"], 0):
        raise FaultError("'after' is a number of bytes from 0 up")
    if "status" in options and not (isinstance(options["status"], int) and 200 <= options["status"] <= 599):
        raise FaultError("'status' is a number from 200 to 599")
    if options.get("body", "json") not in BODIES:
        raise FaultError(f"'body' is one of {', '.join(BODIES)}")
    for name in ("location", "code", "message"):
        if not isinstance(options.get(name, ""), str):
            raise FaultError(f"{name!r} is text")
    _check_retry_after(options.get("retry_after", 0))
    return FaultOptions(**options)


def _check_retry_after(value: Any) -> None:
    if isinstance(value, dict):
        if set(value) != {"date_in"} or not _is_number(value["date_in"], float("-inf")):
            raise FaultError("'retry_after' as an object is {\"date_in\": seconds}")
    elif not isinstance(value, str) and not _is_number(value, 0):
        raise FaultError("'retry_after' is a number, a date, or {\"date_in\": seconds}")


def _match(data: Any) -> MatchPattern:
    if not isinstance(data, dict) or set(data) - {"method", "path"}:
        raise FaultError("'match' is an object with 'method' and 'path'")
    if not all(isinstance(value, str) for value in data.values()):
        raise FaultError("'method' and 'path' of a match are text")
    for name, value in data.items():
        try:
            re.compile(value)
        except re.error as error:
            raise FaultError(f"{name!r} is not a regular expression: {error}") from error
    return cast(MatchPattern, data)


def _times(value: Any) -> int | None:
    if value is None:
        return None
    if not _is_integer(value, 1):
        raise FaultError("'times' is a number from 1 up, or null for ever")
    return int(value)


def _is_number(value: Any, minimum: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= minimum


def _is_integer(value: Any, minimum: int) -> bool:
    return isinstance(value, int) and _is_number(value, minimum)
