# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all _info modules have in common.

Private to this collection.
"""

from __future__ import annotations

from ..cancellation import Cancelled
from ..errors import JobsError
from ..params.placeholders import is_placeholder

# No list of a service is that long: one that goes on brings ever new items.
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


def listing(result_key, context, keys, find, everything, fits, fields, wanted):
    """The documented result of an _info module.

    Items are judged one by one as they come in, so that memory grows with what is returned.

    :param context: a TaskContext.
    :param keys: which items were asked for, or None for everything.
    :param find: a function of keys that returns {key: item} of those that exist.
    :param everything: a function that returns all items, one after the other.
    :param fits: a function of an item: the filters.
    :param fields: a function of an item that returns its documented fields with `id`.
    :param wanted: names of the fields to return beside `id`, or None for all.
    :raises JobsError: it cannot be said what there is.
    """
    entries, missing, total = [], [], 0
    try:
        with context.cancel_token.interruptible():
            if keys is None:
                items = everything()
            else:
                known = [key for key in keys if not is_placeholder(key)]
                found = find(known) if known else {}
                if len(known) < len(keys):
                    context.warn("Check mode has not created all that is asked for, so it is listed as missing.")
                items = [found[key] for key in keys if key in found]
                missing = [key for key in keys if key not in found]
            for item in items:
                total += 1
                if fits(item):
                    entries.append(_only(wanted, fields(item)))
    except Cancelled as stopped:
        raise JobsError(stopped.reason) from None
    return {"changed": False, result_key: entries, "total": total, "missing": missing}


def _only(wanted, entry):
    if wanted is None:
        return entry
    return {name: value for name, value in entry.items() if name == "id" or name in wanted}
