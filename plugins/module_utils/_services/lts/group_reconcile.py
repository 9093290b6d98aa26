# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of log groups needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import ServiceError
from ..._core.http.settings import HttpSettings
from ..._core.reconcile.change import PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.name_filter import KEPT, NameFilter
from ..._core.reconcile.reconciler import CREATION_DELAYS, Observation, Reconciler, SelectingReconciler
from ..._core.threads import map_concurrently
from . import errors, ttl_and_tags
from .api import Group, Lts, Stream, Transfer
from .groups import details, fields
from .selection import fields_of_missing, pick
from .transfers import deletion
from .transfers.view import describe, feeder_ids

# The reference says that LTS has this default, but LTS demands a number.
DEFAULT_TTL = 30

# More names would hide the end of the message.
_MOST_NAMES = 10


class PresentGroupReconciler(Reconciler[Group, None]):
    """Log groups that must exist, with the settings that are given.

    :param field: what the keys are: log_group_id or log_group_name.
    """

    noun = "log group"
    result_key = "log_groups"
    id_fields = ("id", "log_group_id")
    visibility_delays = CREATION_DELAYS

    def __init__(self, lts: Lts, field: str, wanted: ttl_and_tags.TtlAndTags) -> None:
        self._lts = lts
        self._field = field
        self._wanted = wanted

    def observe(self, keys: Sequence[str]) -> Observation[Group, None]:
        return Observation(pick(self._lts.groups(), self._field, keys), facts=None)

    def plan(self, key: str, observed: Group | None, facts: None) -> PlannedChange:
        if observed is not None:
            return self._wanted.plan_update(observed)
        if self._field == "log_group_id":
            return PlannedChange(refusal=f"Log group {key} does not exist. New ones are created by log_group_names.")
        new = {"log_group_name": key, "ttl_in_days": DEFAULT_TTL, **self._wanted.as_fields()}
        return PlannedChange("create", after=new)

    def apply(self, item: Item[Group]) -> bool:
        if item.remaining.action == "create":
            ttl_in_days = (item.remaining.after or {})["ttl_in_days"]
            new_id = self._lts.create_group(item.key, ttl_in_days, self._wanted.tags)
            item.extra.update(dict.fromkeys(self.id_fields, new_id))
            return True
        group_id = ttl_and_tags.current(item)["log_group_id"]
        ttl_and_tags.apply_update(
            item, partial(self._lts.update_group, group_id), partial(self._lts.delete_group_tags, group_id)
        )
        return True

    def record_partial_change(self, item: Item[Group], observed: Group | None) -> None:
        ttl_and_tags.record_deleted_tags(item, observed)

    def fields(self, key: str, observed: Group | None) -> dict[str, Any]:
        return fields(observed) if observed else fields_of_missing(key, self._field)

    def details(self, key: str, observed: Group | None) -> dict[str, Any]:
        return details(observed or {})


@dataclass(frozen=True)
class GroupContents:
    """A log group and what has to be deleted with it.

    :param streams: its log streams; none for a group that is kept.
    :param transfers: the log transfers that would block its deletion; none for a group that is kept.
    :param unreadable: why its contents are not known, or None.
    """

    group: Group
    streams: tuple[Stream, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    unreadable: ServiceError | None = None


class AbsentGroupReconciler(SelectingReconciler[GroupContents, None]):
    """Log groups that are to be deleted.

    :param field: what the keys are: log_group_id or log_group_name.
    :param name_filter: which groups to select, and which to keep.
    :param recursive: whether the contents of a group may be deleted, too.
    """

    noun = "log group"
    result_key = "log_groups"
    id_fields = ("id", "log_group_id")

    def __init__(
        self,
        lts: Lts,
        field: str,
        name_filter: NameFilter,
        settings: HttpSettings,
        context: TaskContext,
        *,
        recursive: bool,
    ) -> None:
        self._lts = lts
        self._field = field
        self._names = name_filter
        self._settings = settings
        self._context = context
        self._recursive = recursive

    def select(self) -> Observation[GroupContents, None]:
        groups = self._names.select(self._lts.groups(), "log_group_name", self._context)
        return self._with_contents(pick(groups, self._field, [group[self._field] for group in groups]))

    def observe(self, keys: Sequence[str]) -> Observation[GroupContents, None]:
        return self._with_contents(pick(self._lts.groups(), self._field, keys))

    def _with_contents(self, groups: Mapping[str, Group]) -> Observation[GroupContents, None]:
        """The groups with their contents, without the groups that are gone by now."""
        condemned = {key: group for key, group in groups.items() if not self._names.keeps(group["log_group_name"])}
        found = map_concurrently(
            self._streams, condemned.values(), self._settings.max_concurrency, self._context.cancel_token
        )
        contents: dict[str, list[Stream] | ServiceError | None] = dict(zip(condemned, found))
        # Transfers matter only where there is a group to be deleted.
        existing = [held for held in contents.values() if isinstance(held, list)]
        transfers = self._lts.transfers([stream for held in existing for stream in held]) if existing else []
        items = {}
        for key, group in groups.items():
            if key not in condemned:
                items[key] = GroupContents(group)
                continue
            held = contents.get(key)
            if isinstance(held, list):
                items[key] = GroupContents(group, tuple(held), _transfers_of(group, held, transfers))
            elif held is not None:
                items[key] = GroupContents(group, unreadable=held)
        return Observation(items, facts=None)

    def _streams(self, group: Group) -> list[Stream] | ServiceError | None:
        """The streams of a group, None if it is gone by now, or why they cannot be read."""
        try:
            return self._lts.streams(group["log_group_id"])
        except ServiceError as error:
            if errors.is_group_missing(error):
                return None
            if error.aborts_task or error.is_transient:
                raise
            return error

    def plan(self, key: str, observed: GroupContents | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        if self._names.keeps(observed.group["log_group_name"]):
            return KEPT
        if observed.unreadable is not None:
            return PlannedChange(refusal=observed.unreadable)
        if (observed.streams or observed.transfers) and not self._recursive:
            return PlannedChange(
                refusal=f"Log group {key} still holds {_in_words(observed)}. Give recursive: true to delete these too, "
                "with all logs in the group."
            )
        parts = {
            "streams": [stream["log_stream_name"] for stream in observed.streams],
            "transfers": [transfer["log_transfer_id"] for transfer in observed.transfers],
        }
        before = {f"log_{name}": part for name, part in parts.items() if part}
        return PlannedChange(
            "delete",
            before={"log_group_name": observed.group["log_group_name"], **before},
            extra={f"deleted_{name}": part for name, part in parts.items() if part},
        )

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")

    def apply(self, item: Item[GroupContents]) -> bool:
        if item.observed is None:
            return False
        for transfer_id in deletion.planned_ids(item.remaining):
            if self._lts.delete_transfer(transfer_id):
                deletion.record(item, transfer_id)
        is_deleted = self._lts.delete_group(item.observed.group["log_group_id"])
        if is_deleted:
            _record_streams(item)
        return is_deleted

    def record_partial_change(self, item: Item[GroupContents], observed: GroupContents | None) -> None:
        deletion.record_unanswered(item, observed.transfers if observed else ())
        if observed is None:
            _record_streams(item)

    def fields(self, key: str, observed: GroupContents | None) -> dict[str, Any]:
        return fields(observed.group) if observed else fields_of_missing(key, self._field)

    def details(self, key: str, observed: GroupContents | None) -> dict[str, Any]:
        return details(observed.group if observed else {})

    def label(self, key: str, observed: GroupContents) -> str:
        return str(observed.group["log_group_name"])


def _transfers_of(group: Group, streams: Sequence[Stream], transfers: Sequence[Transfer]) -> tuple[Transfer, ...]:
    """The transfers that are of a group, or that its streams feed."""
    stream_ids = {stream["log_stream_id"] for stream in streams}
    return tuple(
        transfer
        for transfer in transfers
        if transfer.get("log_group_id") == group["log_group_id"] or stream_ids.intersection(feeder_ids(transfer))
    )


def _in_words(contents: GroupContents) -> str:
    streams = [stream["log_stream_name"] for stream in contents.streams]
    more = f" and {len(streams) - _MOST_NAMES} more" if len(streams) > _MOST_NAMES else ""
    held = [f"the log streams {', '.join(streams[:_MOST_NAMES])}{more}"] if streams else []
    held += [f"the log transfers {describe(contents.transfers)}"] if contents.transfers else []
    return " and ".join(held)


def _record_streams(item: Item[GroupContents]) -> None:
    if "deleted_streams" in item.planned.extra:
        item.extra["deleted_streams"] = item.planned.extra["deleted_streams"]
