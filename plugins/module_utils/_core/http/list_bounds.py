# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A limit for lists that never end."""

from __future__ import annotations

from ..errors import JobsError

# No list of a service is that long. One that is never ends.
_MOST_PAGES, _MOST_ITEMS, _MOST_BYTES = 10_000, 2_000_000, 1024**3


class Bounds:
    """Ends a list that has no end.

    :param what: half a sentence with what was not done, such as "MongoDB did not list the jobs".
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._pages = self._items = self._bytes = 0

    def take(self, items: int, size: int) -> None:
        """Counts a page.

        :param items: how many new items it has.
        :param size: its bytes.
        :raises JobsError: it is one too many.
        """
        self._pages += 1
        self._items += items
        self._bytes += size
        if self._pages > _MOST_PAGES or self._items > _MOST_ITEMS or self._bytes > _MOST_BYTES:
            raise JobsError(f"{self._what}: the list has no end ({self._items} items on {self._pages} pages so far).")
