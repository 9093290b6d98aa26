# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of an _info module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..cancellation import Cancelled
from ..context import TaskContext
from ..errors import JobsError
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


def listing(
    source: ListSource[T], keys: Sequence[str] | None, wanted: Sequence[str] | None, context: TaskContext
) -> dict[str, Any]:
    """The documented result of an _info module.

    Items are judged one by one as they come in, so that memory grows with what is returned.

    :param keys: which items were asked for, or None for all.
    :param wanted: names of the fields to return beside `id`, or None for all.
    :raises JobsError: it cannot be said what there is.
    """
    entries, missing, total = [], [], 0
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
            for item in items:
                total += 1
                if source.matches(item):
                    entries.append(_only(wanted, source.fields(item)))
    except Cancelled as cancelled:
        raise JobsError(cancelled.reason) from None
    return {"changed": False, source.result_key: entries, "total": total, "missing": missing}


def _only(wanted: Sequence[str] | None, entry: dict[str, Any]) -> dict[str, Any]:
    if wanted is None:
        return entry
    return {name: value for name, value in entry.items() if name == "id" or name in wanted}
