# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from .http.messages import Call
from .services.lts.signature import sign_in_form

HIDDEN = frozenset(("api_token", "password", "securekey", "new_password", "api_securekey"))
# The token in the address of a backup is all that it takes to fetch it.
DELIVERY = re.compile(r"/[^/]+(/restore-[^/]+\.tar\.gz)")


@dataclass
class Entry:
    n: int
    method: str
    path: str
    query: dict[str, str]
    service: str | None
    connection: int
    at: float  # by the sandbox's clock, in seconds since the epoch
    authorized: bool  # an Authorization header came along
    sign_in: str | None  # how a request to IAM or LTS says who sends it: token, access, credential or none
    status: int | None = None
    acted: bool = False
    fault: str | None = None


class Journal:
    """The log of service requests. An entry's position `n` counts from the last clear."""

    def __init__(self, printing: bool):
        self._entries: list[Entry] = []
        self._printing = printing

    @property
    def length(self) -> int:
        return len(self._entries)

    def open(self, call: Call, service: str | None, connection: int, at: float) -> Entry:
        query = {key: "HIDDEN" if key in HIDDEN else value for key, value in call.query.items()}
        path = DELIVERY.sub(r"/HIDDEN\1", call.path) if DELIVERY.fullmatch(call.path) else call.path
        authorized = "Authorization" in call.headers
        sign_in = sign_in_form(call.headers) if service in ("iam", "lts") else None
        entry = Entry(len(self._entries) + 1, call.method, path, query, service, connection, at, authorized, sign_in)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        self._entries = []

    def as_list(self) -> list[dict]:
        return [asdict(entry) for entry in self._entries]

    def print(self, entry: Entry, seconds: float) -> None:
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
            # Whoever read our output has gone; that is no reason to stop serving.
            self._printing = False
