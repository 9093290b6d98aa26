# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from .http.messages import Request
from .services.lts.signature import credential_kind

HIDDEN_PARAMETERS = frozenset(("api_token", "password", "securekey", "new_password", "api_securekey"))
# Anyone who has the token in the URL of a backup can download it.
DELIVERY_PATH = re.compile(r"/[^/]+(/restore-[^/]+\.tar\.gz)")


@dataclass
class LogEntry:
    """A service request and what came of it, under the names that the control API shows."""

    n: int
    method: str
    path: str
    query: dict[str, str]
    service: str | None
    connection: int
    at: float  # by the sandbox's clock, in seconds since the epoch
    authorized: bool  # the request had an Authorization header
    sign_in: str | None  # for IAM and LTS: token, access, credential or none
    status: int | None = None
    acted: bool = False
    fault: str | None = None
    seconds: float | None = None  # from its arrival until its response was ready


class RequestLog:
    """The log of service requests. The number of an entry, `n`, counts from the last clear."""

    def __init__(self, printing: bool):
        self._entries: list[LogEntry] = []
        self._printing = printing

    @property
    def length(self) -> int:
        return len(self._entries)

    def open(self, request: Request, service: str | None, connection: int, at: float) -> LogEntry:
        entry = LogEntry(
            n=len(self._entries) + 1,
            method=request.method,
            path=_without_token(request.path),
            query={key: "HIDDEN" if key in HIDDEN_PARAMETERS else value for key, value in request.query.items()},
            service=service,
            connection=connection,
            at=at,
            authorized="Authorization" in request.headers,
            sign_in=credential_kind(request.headers) if service in ("iam", "lts") else None,
        )
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        self._entries = []

    def as_list(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._entries]

    def print(self, entry: LogEntry, seconds: float) -> None:
        if not self._printing:
            return
        target = entry.path + ("?" + urlencode(entry.query) if entry.query else "")
        words = [f"#{entry.n}", entry.method, target, str(entry.status or "-"), f"{seconds * 1000:.0f}ms"]
        if entry.acted:
            words.append("acted")
        if entry.fault:
            words.append(f"fault={entry.fault}")
        try:
            print(*words, file=sys.stdout, flush=True)
        except OSError:
            # Nobody reads the output any more, which is no reason to stop serving.
            self._printing = False


def _without_token(path: str) -> str:
    delivery = DELIVERY_PATH.fullmatch(path)
    return f"/HIDDEN{delivery[1]}" if delivery else path
