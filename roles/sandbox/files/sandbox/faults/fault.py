# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from ..http.messages import Answer, Call, html_answer, text_answer

ANSWER_OPTIONS = ("status", "retry_after", "body", "code", "message")
# kind: the options that it takes
KINDS: dict[str, tuple[str, ...]] = {
    "refuse": ("seconds",),
    "reset_before": (),
    "reset_after": (),
    "stall_before": ("seconds",),
    "stall_after": ("seconds",),
    "truncate": (),
    "cut": ("after",),
    "cut_upload": ("after",),
    "status": ANSWER_OPTIONS,
    "status_after": ANSWER_OPTIONS,
    "html_200": (),
    "redirect": ("status", "location"),
}
REQUIRED = {"cut": "after", "cut_upload": "after", "status": "status", "status_after": "status", "redirect": "location"}
BODIES = ("json", "text", "html", "empty")
DEFAULT_SECONDS = {"refuse": 0.3, "stall_before": 30.0, "stall_after": 30.0}


class FaultError(ValueError):
    pass


@dataclass
class Fault:
    """Something that goes wrong, and when: at positions of the journal, or for requests that match."""

    kind: str
    options: dict[str, Any]
    positions: list[int] | None = None
    always: bool = False
    match: dict[str, str] | None = None
    times: int | None = 1  # how often a match still counts; None is for ever

    @property
    def seconds(self) -> float:
        return self.options.get("seconds", DEFAULT_SECONDS[self.kind])

    @property
    def spent(self) -> bool:
        if self.positions is not None:
            return not self.positions
        return self.times == 0

    def take_position(self, n: int) -> bool:
        if self.always:
            return True
        if self.positions is None or n not in self.positions:
            return False
        self.positions.remove(n)
        return True

    def take_match(self, call: Call) -> bool:
        if self.match is None:
            return False
        method, path = self.match.get("method", ".*"), self.match.get("path", "")
        if not re.fullmatch(method, call.method) or not re.search(path, call.path):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def as_dict(self) -> dict:
        if self.always:
            when: dict[str, Any] = {"at": "all"}
        elif self.positions is not None:
            when = {"at": self.positions}
        else:
            when = {"match": self.match, "times": self.times}
        return {**when, "kind": self.kind, **self.options}

    def retry_after(self) -> str | None:
        value = self.options.get("retry_after")
        if isinstance(value, dict):
            return formatdate(time.time() + value["date_in"], usegmt=True)
        return None if value is None else str(value)

    def answer(self, call: Call, service: Any) -> Answer:
        """The answer of a fault that answers."""
        if self.kind == "html_200":
            return html_answer(200, "Sign in to the network")
        status = self.options.get("status", 302)
        if self.kind == "redirect":
            return Answer(status, headers={"Location": self.options["location"]})
        body, message = self.options.get("body", "json"), self.options.get("message")
        if body == "empty":
            answer = Answer(status)
        elif body == "html":
            answer = html_answer(status, message or f"{status} from a gateway")
        elif body == "text" or service is None:
            answer = text_answer(status, message or f"{status} from a gateway")
        else:
            # Only a number can also stand in the body of an error.
            wait = self.options.get("retry_after")
            code = self.options.get("code")
            answer = service.failure(call, status, code, message, wait if isinstance(wait, int) else 1)
        retry_after = self.retry_after()
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer


class Faults:
    """The armed faults. The first that fits a request is the one that happens to it."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, data: Any) -> None:
        """One description or a list of them; all or none."""
        items = data if isinstance(data, list) else [data]
        self._armed += [parse_fault(item) for item in items]

    def clear(self) -> None:
        self._armed = []

    def as_list(self) -> list[dict]:
        return [fault.as_dict() for fault in self._armed]

    def take(self, n: int, call: Call) -> Fault | None:
        """The fault of the request at position n."""
        if not self._armed:
            return None
        found = next((fault for fault in self._armed if fault.take_position(n) or fault.take_match(call)), None)
        self._sweep()
        return found

    def take_refusal(self, n: int) -> Fault | None:
        """The fault that closes the listener before position n."""
        refusals = [fault for fault in self._armed if fault.kind == "refuse"]
        found = next((fault for fault in refusals if fault.take_position(n)), None)
        self._sweep()
        return found

    def _sweep(self) -> None:
        self._armed = [fault for fault in self._armed if not fault.spent]


def parse_fault(data: Any) -> Fault:
    if not isinstance(data, dict):
        raise FaultError("a fault is a JSON object")
    kind = data.get("kind")
    if kind not in KINDS:
        raise FaultError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    unknown = sorted(set(data) - {"at", "match", "times", "kind", *KINDS[kind]})
    if unknown:
        raise FaultError(f"a fault of kind {kind} has no {unknown[0]!r}")
    options = {name: data[name] for name in KINDS[kind] if name in data}
    _check_options(kind, options)
    if ("at" in data) == ("match" in data):
        raise FaultError("a fault has either 'at' or 'match'")
    if "match" in data:
        return Fault(kind, options, match=_match(data["match"]), times=_times(data.get("times", 1)))
    if "times" in data:
        raise FaultError("'times' goes with 'match'")
    if data["at"] == "all":
        return Fault(kind, options, always=True)
    positions = data["at"] if isinstance(data["at"], list) else [data["at"]]
    if not positions or not all(_is_number(n, 1) and isinstance(n, int) for n in positions):
        raise FaultError("'at' is a position from 1 up, a list of positions, or \"all\"")
    return Fault(kind, options, positions=list(positions))


def _check_options(kind: str, options: dict[str, Any]) -> None:
    needed = REQUIRED.get(kind)
    if needed and needed not in options:
        raise FaultError(f"a fault of kind {kind} needs {needed!r}")
    if "seconds" in options and not _is_number(options["seconds"], 0):
        raise FaultError("'seconds' is a number from 0 up")
    if "after" in options and not (isinstance(options["after"], int) and _is_number(options["after"], 0)):
        raise FaultError("'after' is a number of bytes from 0 up")
    if "status" in options and not (isinstance(options["status"], int) and 200 <= options["status"] <= 599):
        raise FaultError("'status' is a number from 200 to 599")
    if options.get("body", "json") not in BODIES:
        raise FaultError(f"'body' is one of {', '.join(BODIES)}")
    for name in ("location", "code", "message"):
        if not isinstance(options.get(name, ""), str):
            raise FaultError(f"{name!r} is text")
    wait = options.get("retry_after", 0)
    if isinstance(wait, dict):
        if set(wait) != {"date_in"} or not _is_number(wait["date_in"], float("-inf")):
            raise FaultError("'retry_after' as an object is {\"date_in\": seconds}")
    elif not isinstance(wait, str) and not _is_number(wait, 0):
        raise FaultError("'retry_after' is a number, a date, or {\"date_in\": seconds}")


def _match(data: Any) -> dict[str, str]:
    if not isinstance(data, dict) or set(data) - {"method", "path"}:
        raise FaultError("'match' is an object with 'method' and 'path'")
    if not all(isinstance(value, str) for value in data.values()):
        raise FaultError("'method' and 'path' of a match are text")
    for name, value in data.items():
        try:
            re.compile(value)
        except re.error as error:
            raise FaultError(f"{name!r} is not a regular expression: {error}") from error
    return data


def _times(value: Any) -> int | None:
    if value is not None and not (_is_number(value, 1) and isinstance(value, int)):
        raise FaultError("'times' is a number from 1 up, or null for ever")
    return value


def _is_number(value: Any, minimum: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= minimum
