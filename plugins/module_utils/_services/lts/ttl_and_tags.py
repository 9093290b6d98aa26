# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What log groups and log streams of LTS have in common: a time to live and tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import InvalidInput
from ..._core.params import argspec
from ..._core.reconcile.change import PlannedChange
from ..._core.reconcile.item import Item
from .api import Tags

OPTIONS: argspec.ArgumentSpec = {
    "ttl_in_days": {"type": "int"},
    "tags": {"type": "dict"},
    "purge_tags": {"type": "bool", "default": True},
}

_LONGEST_TTL = 365
_MOST_TAGS = 20
_LONGEST_KEY = 128
_LONGEST_VALUE = 255
_IN_KEYS = " .:=+-@_"
_IN_VALUES = _IN_KEYS + "/"
# The keys of tags that LTS itself adds begin like this.
_SYSTEM = "_sys"

# A group or a stream as LTS shows it.
Tagged = Mapping[str, Any]


@dataclass(frozen=True)
class TtlAndTags:
    """The time to live and the tags that the user asks for. None is for what stays as it is.

    :param purge_tags: whether other tags are removed. Those of the system stay.
    """

    ttl_in_days: int | None
    tags: Tags | None
    purge_tags: bool

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> TtlAndTags:
        """What the OPTIONS of a task ask for.

        :raises InvalidInput: one of them is invalid.
        """
        ttl_in_days, tags = params["ttl_in_days"], params["tags"]
        if ttl_in_days is not None and not 1 <= ttl_in_days <= _LONGEST_TTL:
            raise InvalidInput(f"ttl_in_days must be from 1 to {_LONGEST_TTL}.")
        return cls(ttl_in_days, None if tags is None else _checked(tags), params["purge_tags"])

    def as_fields(self) -> dict[str, Any]:
        """The fields of a new group or stream, as far as they are given."""
        ttl = {} if self.ttl_in_days is None else {"ttl_in_days": self.ttl_in_days}
        return {**ttl, **({"tag": dict(self.tags)} if self.tags else {})}

    def plan_update(self, observed: Tagged) -> PlannedChange:
        """The change that an existing group or stream needs."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if self.ttl_in_days not in (None, observed.get("ttl_in_days")):
            before["ttl_in_days"], after["ttl_in_days"] = observed.get("ttl_in_days"), self.ttl_in_days
        if self.tags is not None:
            present = tags_of(observed)
            wanted = {**self._staying(present), **self.tags}
            if wanted != present:
                before["tag"], after["tag"] = present, wanted
        return PlannedChange("update", before=before, after=after) if after else PlannedChange()

    def _staying(self, present: Tags) -> Tags:
        if not self.purge_tags:
            return present
        return {key: value for key, value in present.items() if key.startswith(_SYSTEM)}


def apply_update(item: Item[Tagged], update: Callable[[int, Tags], None], delete_tags: Callable[[Tags], None]) -> None:
    """Carries out a change that TtlAndTags.plan_update() has planned.

    :param update: sets a time to live and tags; it may leave other tags as they are.
    :param delete_tags: removes tags.
    """
    surplus = _surplus(item.remaining)
    if surplus:
        delete_tags(surplus)
        item.complete()
    observed = current(item)
    before, after = (item.remaining.before or {}).get("tag", {}), item.remaining.after or {}
    is_added = any(before.get(key) != value for key, value in after.get("tag", {}).items())
    if is_added or "ttl_in_days" in after:
        tags = {key: value for key, value in after.get("tag", {}).items() if not key.startswith(_SYSTEM)}
        update(after.get("ttl_in_days", observed.get("ttl_in_days")), tags)
    if item.latest is not None:
        item.latest = {**item.latest, **after}


def current(item: Item[Tagged]) -> Tagged:
    """An existing group or stream: as it was at first, or as it was seen after its creation."""
    return item.observed or item.latest or {}


def record_deleted_tags(item: Item[Tagged], observed: Tagged | None) -> None:
    """After a lost answer: records whether all tags were removed that had to be."""
    surplus = _surplus(item.remaining)
    if observed is not None and surplus and not set(surplus) & set(tags_of(observed)):
        item.complete()


def _surplus(change: PlannedChange) -> dict[str, str]:
    """The tags that a change removes."""
    before, after = (change.before or {}).get("tag", {}), (change.after or {}).get("tag", {})
    return {key: value for key, value in before.items() if key not in after}


def tags_of(thing: Tagged) -> dict[str, str]:
    """The tags of a group or a stream, with those of the system."""
    tags = thing.get("tag")
    return dict(tags) if isinstance(tags, dict) else {}


def _checked(tags: Mapping[Any, Any]) -> dict[str, str]:
    if len(tags) > _MOST_TAGS:
        raise InvalidInput(f"tags: {len(tags)} are given, and LTS takes at most {_MOST_TAGS}.")
    return {_checked_key(key): _checked_value(key, value) for key, value in tags.items()}


def _checked_key(key: Any) -> str:
    is_key = isinstance(key, str) and 1 <= len(key) <= _LONGEST_KEY and not key.startswith("_")
    if not is_key or not _holds_only(key, _IN_KEYS):
        raise InvalidInput(
            f"tags: {key!r} is not a valid key; it must be 1 to {_LONGEST_KEY} letters, digits, spaces and .:=+-@_, "
            "and must not begin with an underscore."
        )
    return str(key)


def _checked_value(key: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE or not _holds_only(value, _IN_VALUES):
        raise InvalidInput(
            f"tags: the value of {key!r} must be text of at most {_LONGEST_VALUE} letters, digits, spaces and .:=+-@_/ "
            "(put it in quotes)."
        )
    return value


def _holds_only(text: str, others: str) -> bool:
    """Whether a text holds nothing but letters, digits and some other characters."""
    return all(letter.isalnum() or letter in others for letter in text)
