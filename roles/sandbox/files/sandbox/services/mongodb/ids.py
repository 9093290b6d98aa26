# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
from collections.abc import Container


class IdGenerator:
    """Makes ids for objects that are created while the sandbox runs.

    The same sequence of creations gets the same ids after every reset.
    """

    def __init__(self, prefix: str):
        self._prefix = prefix
        self._counts: dict[str, int] = {}
        self._issued: set[str] = set()

    def new_id(self, taken: Container[str], *parts: str) -> str:
        key = "/".join(parts)
        while True:
            self._counts[key] = self._counts.get(key, 0) + 1
            digest = hashlib.sha256(f"{key}/{self._counts[key]}".encode()).hexdigest()
            new_id = self._prefix + digest[: 24 - len(self._prefix)]
            if new_id not in taken and new_id not in self._issued:
                self._issued.add(new_id)
                return new_id
