# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What log groups and log streams of LTS have in common: a time to live and tags.

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import InvalidInput

OPTIONS = {
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
# Of tags that the service itself adds to those of the user.
_SYSTEM = "_sys"


class Settings:
    """The settings that are asked for. What is not given is left as it is.

    :param params: the OPTIONS.
    :raises InvalidInput: one of them cannot be right.
    """

    def __init__(self, params):
        self.ttl_in_days = params["ttl_in_days"]
        if self.ttl_in_days is not None and not 1 <= self.ttl_in_days <= _LONGEST_TTL:
            raise InvalidInput(f"ttl_in_days must be from 1 to {_LONGEST_TTL}.")
        self.tags = None if params["tags"] is None else _checked(params["tags"])
        self._purge = params["purge_tags"]

    def as_fields(self):
        """The fields of something new."""
        ttl = {} if self.ttl_in_days is None else {"ttl_in_days": self.ttl_in_days}
        return {**ttl, **({"tag": dict(self.tags)} if self.tags else {})}

    def changes(self, observed):
        """The fields that have to change, as ({name: value now}, {name: value then})."""
        before, after = {}, {}
        if self.ttl_in_days not in (None, observed.get("ttl_in_days")):
            before["ttl_in_days"], after["ttl_in_days"] = observed.get("ttl_in_days"), self.ttl_in_days
        if self.tags is not None:
            now = tags_of(observed)
            stay = {key: value for key, value in now.items() if not self._purge or key.startswith(_SYSTEM)}
            if {**stay, **self.tags} != now:
                before["tag"], after["tag"] = now, {**stay, **self.tags}
        return before, after


def apply_changes(item, update, delete_tags):
    """Brings an existing group or stream to its settings.

    :param item: an engine Item, whose step has the fields of Settings.changes().
    :param update: a function of (ttl_in_days, tags) that sets both; it may leave further tags as they are.
    :param delete_tags: a function of {key: value} that takes tags away.
    """
    surplus = _surplus(item.remaining)
    if surplus:
        delete_tags(surplus)
        _note_part(item)
    after = item.remaining.after
    added = any(item.remaining.before["tag"].get(key) != value for key, value in after.get("tag", {}).items())
    if added or "ttl_in_days" in after:
        tags = {key: value for key, value in after.get("tag", {}).items() if not key.startswith(_SYSTEM)}
        update(after.get("ttl_in_days", item.observed.get("ttl_in_days")), tags)


def record_partial_change(item, observed):
    """After a lost answer: notes whether tags were taken away before it was lost."""
    surplus = _surplus(item.remaining)
    if observed is not None and surplus and not set(surplus) & set(tags_of(observed)):
        _note_part(item)


def _note_part(item):
    item.changed = True
    item.action = item.remaining.action


def _surplus(change):
    """The tags that a step takes away."""
    before, after = (change.before or {}).get("tag", {}), (change.after or {}).get("tag", {})
    return {key: value for key, value in before.items() if key not in after}


def tags_of(thing):
    """{key: value} of a group or a stream, with those of the system."""
    tags = thing.get("tag")
    return dict(tags) if isinstance(tags, dict) else {}


def _checked(tags):
    if len(tags) > _MOST_TAGS:
        raise InvalidInput(f"tags: {len(tags)} are given, and LTS takes at most {_MOST_TAGS}.")
    return {_checked_key(key): _checked_value(key, value) for key, value in tags.items()}


def _checked_key(key):
    if not isinstance(key, str) or not 1 <= len(key) <= _LONGEST_KEY or key.startswith("_") or not _fits(key, _IN_KEYS):
        raise InvalidInput(
            f"tags: {key!r} is not a valid key; it must be 1 to {_LONGEST_KEY} letters, digits, blanks and .:=+-@_, "
            "and must not begin with an underscore."
        )
    return key


def _checked_value(key, value):
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE or not _fits(value, _IN_VALUES):
        raise InvalidInput(
            f"tags: the value of {key!r} must be text of at most {_LONGEST_VALUE} letters, digits, blanks and .:=+-@_/ "
            "(put it in quotes)."
        )
    return value


def _fits(text, more):
    return all(letter.isalnum() or letter in more for letter in text)
