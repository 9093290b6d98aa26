# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of an _info module."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from ..cancellation import Cancelled
from ..context import TaskContext
from ..errors import InvalidInput, JobsError
from ..params.placeholders import is_placeholder

T = TypeVar("T")


@dataclass(frozen=True)
class ListSource(Generic[T]):
    """Where an _info module finds its items, and what it shows of them.

    :param result_key: name of the list in the result.
    :param find: looks items up by their keys; returns those that exist.
    :param list_all: all items, one after the other.
    :param matches: whether an item fits the filters.
    :param fields: the documented fields of an item, with `id`.
    """

    result_key: str
    find: Callable[[Sequence[str]], Mapping[str, T]]
    list_all: Callable[[], Iterable[T]]
    matches: Callable[[T], bool]
    fields: Callable[[T], dict[str, Any]]


@dataclass(frozen=True)
class Extract:
    """How much of a list an _info module returns, and in which order.

    :param fields: names of the fields to return beside `id`, or None for all.
    :param sort_by: name of the field to sort by, or None for the order of the service.
    :param limit: how many items to return at most, or None for all.
    """

    fields: Sequence[str] | None = None
    sort_by: str | None = None
    reverse: bool = False
    limit: int | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], names: Iterable[str]) -> Extract:
        """Reads the options of argspec.listing().

        :param names: the names of all fields.
        :raises InvalidInput: the limit is negative, or there is no such field to sort by.
        """
        sort_by, limit = params["sort_by"], params["limit"]
        known = ["id", *(name for name in names if name != "id")]
        if sort_by is not None and sort_by not in known:
            raise InvalidInput(f"sort_by must be one of: {', '.join(known)}.")
        if limit is not None and limit < 0:
            raise InvalidInput("limit must not be negative.")
        return cls(params["fields"], sort_by, params["reverse"], limit)

    def of(self, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Returns what to show of entries. Memory grows with what is shown, not with the entries."""
        if self.sort_by is None:
            kept: list[dict[str, Any]] = []
            # All of them are counted by whoever yields them.
            for entry in entries:
                if self.limit is None or len(kept) < self.limit:
                    kept.append(self._part(entry))
            return kept
        keyed = ((self._sort_key(entry.get(self.sort_by)), self._part(entry)) for entry in entries)
        if self.limit is None:
            chosen = sorted(keyed, key=itemgetter(0), reverse=self.reverse)
        else:
            chosen = (heapq.nlargest if self.reverse else heapq.nsmallest)(self.limit, keyed, key=itemgetter(0))
        return [entry for _sort_key, entry in chosen]

    def _part(self, entry: dict[str, Any]) -> dict[str, Any]:
        if self.fields is None:
            return entry
        return {name: value for name, value in entry.items() if name == "id" or name in self.fields}

    def _sort_key(self, value: Any) -> tuple[bool, str, Any]:
        """Sorts what has no value last, in either order, and values of different types apart from each other."""
        is_last = value is None
        if is_last or isinstance(value, (dict, list)):
            value = json.dumps(value, sort_keys=True)
        kind = "number" if isinstance(value, (int, float)) else type(value).__name__
        return is_last is not self.reverse, kind, value


def listing(
    source: ListSource[T], keys: Sequence[str] | None, extract: Extract, context: TaskContext
) -> dict[str, Any]:
    """The documented result of an _info module.

    Items are judged one by one as they come in, so that memory grows with what is returned.

    :param keys: which items were asked for, or None for all.
    :raises JobsError: it cannot be determined what there is.
    """
    missing: list[str] = []
    total = matched = 0

    def matching(items: Iterable[T]) -> Iterator[dict[str, Any]]:
        nonlocal total, matched
        for item in items:
            total += 1
            if source.matches(item):
                matched += 1
                yield source.fields(item)

    try:
        with context.cancel_token.interruptible():
            if keys is None:
                items = source.list_all()
            else:
                known = [key for key in keys if not is_placeholder(key)]
                found = source.find(known) if known else {}
                if len(known) < len(keys):
                    context.warn("Check mode has not created all that is asked for, so it is listed as missing.")
                items = [found[key] for key in keys if key in found]
                missing = [key for key in keys if key not in found]
            entries = extract.of(matching(items))
    except Cancelled as cancelled:
        raise JobsError(cancelled.reason) from None
    return {"changed": False, source.result_key: entries, "total": total, "matched": matched, "missing": missing}
