# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of log streams needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..._core.context import TaskContext
from ..._core.reconcile.change import PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.name_filter import KEPT, NameFilter
from ..._core.reconcile.reconciler import CREATION_DELAYS, Observation, Reconciler, SelectingReconciler
from ..._core.threads import Once
from . import ttl_and_tags
from .api import Lts, Stream, Transfer
from .groups import ParentGroup
from .selection import fields_of_missing, pick
from .streams import brief, details, fields
from .transfers import deletion
from .transfers.view import describe, feeder_ids, feeders, stream_names


@dataclass(frozen=True)
class NewStreamFacts:
    """What plans depend on beside the streams: the group of new ones; None if there is no such group."""

    group_id: str | None


class PresentStreamReconciler(Reconciler[Stream, NewStreamFacts]):
    """Log streams that must exist, with the settings that are given.

    :param field: what the keys are: log_stream_id or log_stream_name.
    """

    noun = "log stream"
    result_key = "log_streams"
    id_fields = ("id", "log_stream_id")
    visibility_delays = CREATION_DELAYS

    def __init__(self, lts: Lts, group: ParentGroup, field: str, wanted: ttl_and_tags.TtlAndTags) -> None:
        self._lts = lts
        self._group = group
        self._field = field
        self._wanted = wanted

    def observe(self, keys: Sequence[str]) -> Observation[Stream, NewStreamFacts]:
        found = self._group.look_up()
        return Observation(pick(found.streams, self._field, keys), NewStreamFacts(found.group_id))

    def plan(self, key: str, observed: Stream | None, facts: NewStreamFacts) -> PlannedChange:
        if observed is not None:
            return self._plan_update(key, observed)
        if self._field == "log_stream_id":
            return PlannedChange(refusal=f"Log stream {key} does not exist. New ones are created by log_stream_names.")
        new = {"log_stream_name": key, "log_group_id": facts.group_id, **self._wanted.as_fields()}
        return PlannedChange("create", after=new)

    def _plan_update(self, key: str, observed: Stream) -> PlannedChange:
        change = self._wanted.plan_update(observed)
        if change.acts and {**observed, **(change.after or {})}.get("ttl_in_days") is None:
            # The API sets both at once.
            return PlannedChange(
                refusal=f"LTS does not show ttl_in_days of log stream {key}; to change its tags, also give ttl_in_days."
            )
        return change

    def apply(self, item: Item[Stream]) -> bool:
        if item.remaining.action == "create":
            group_id = (item.remaining.after or {})["log_group_id"]
            new_id = self._lts.create_stream(group_id, item.key, self._wanted.ttl_in_days, self._wanted.tags)
            item.extra.update(dict.fromkeys(self.id_fields, new_id))
            return True
        stream = ttl_and_tags.current(item)
        stream_id = stream["log_stream_id"]
        ttl_and_tags.apply_update(
            item,
            partial(self._lts.update_stream, stream["log_group_id"], stream_id),
            partial(self._lts.delete_stream_tags, stream_id),
        )
        return True

    def record_partial_change(self, item: Item[Stream], observed: Stream | None) -> None:
        ttl_and_tags.record_deleted_tags(item, observed)

    def fields(self, key: str, observed: Stream | None) -> dict[str, Any]:
        return fields(observed) if observed else fields_of_missing(key, self._field)

    def details(self, key: str, observed: Stream | None) -> dict[str, Any]:
        return {**self._group.details, **details(observed or {})}


@dataclass(frozen=True)
class FeedingStream:
    """A log stream, and the log transfers that it feeds; none for a stream that is kept."""

    stream: Stream
    transfers: tuple[Transfer, ...] = ()

    @property
    def stream_id(self) -> str:
        return str(self.stream["log_stream_id"])


@dataclass(frozen=True)
class DeletionFacts:
    """What plans depend on beside the streams.

    :param deletable: the ids of all streams that are to be deleted and can be, see deletable_ids().
    """

    deletable: frozenset[str]


class AbsentStreamReconciler(SelectingReconciler[FeedingStream, DeletionFacts]):
    """Log streams that are to be deleted.

    :param field: what the keys are: log_stream_id or log_stream_name.
    :param name_filter: which streams to select, and which to keep.
    :param delete_transfers: whether the transfers that a stream feeds may be deleted first.
    """

    noun = "log stream"
    result_key = "log_streams"
    id_fields = ("id", "log_stream_id")

    def __init__(
        self,
        lts: Lts,
        group: ParentGroup,
        field: str,
        name_filter: NameFilter,
        context: TaskContext,
        *,
        delete_transfers: bool,
    ) -> None:
        self._lts = lts
        self._group = group
        self._field = field
        self._names = name_filter
        self._context = context
        self._delete_transfers = delete_transfers
        # Those of an earlier look may be gone by now.
        self._deletable: frozenset[str] = frozenset()
        # The deletion of each transfer, as several of the streams may need it.
        self._deletions: dict[str, Once[bool]] = {}

    def select(self) -> Observation[FeedingStream, DeletionFacts]:
        streams = self._names.select(self._group.streams(), "log_stream_name", self._context)
        return self._with_transfers(pick(streams, self._field, [stream[self._field] for stream in streams]))

    def observe(self, keys: Sequence[str]) -> Observation[FeedingStream, DeletionFacts]:
        return self._with_transfers(pick(self._group.streams(), self._field, keys))

    def _with_transfers(self, streams: Mapping[str, Stream]) -> Observation[FeedingStream, DeletionFacts]:
        # Transfers matter only where there is a stream to be deleted.
        condemned = [stream for stream in streams.values() if not self._keeps(stream)]
        transfers = self._lts.transfers(condemned) if condemned else []
        self._deletions = {transfer["log_transfer_id"]: Once() for transfer in transfers}
        items = {
            key: FeedingStream(
                stream,
                tuple(transfer for transfer in transfers if stream["log_stream_id"] in feeder_ids(transfer)),
            )
            for key, stream in streams.items()
        }
        unwanted = [item for item in items.values() if not self._keeps(item.stream)]
        if self._delete_transfers:
            self._deletable |= deletable_ids(unwanted, self._deletable)
        return Observation(items, DeletionFacts(self._deletable))

    def _keeps(self, stream: Stream) -> bool:
        return self._names.keeps(stream["log_stream_name"])

    def plan(self, key: str, observed: FeedingStream | None, facts: DeletionFacts) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        if self._keeps(observed.stream):
            return KEPT
        transfers = observed.transfers
        if transfers and not self._delete_transfers:
            return PlannedChange(
                refusal=f"Log stream {key} feeds the log transfer {describe(transfers)}, which would have to be "
                "deleted first. Give delete_transfers: true to do that too."
            )
        for transfer in transfers:
            staying = _feeders_that_stay(transfer, facts.deletable | {observed.stream_id})
            if staying:
                return PlannedChange(
                    refusal=f"Log stream {key} feeds the log transfer {describe([transfer])}, which is also fed by "
                    f"log streams that stay: {', '.join(stream_names(staying))}."
                )
        transfer_ids = [transfer["log_transfer_id"] for transfer in transfers]
        before = {"log_stream_name": observed.stream["log_stream_name"]}
        if not transfer_ids:
            return PlannedChange("delete", before=before)
        return PlannedChange(
            "delete", before={**before, "log_transfer_ids": transfer_ids}, extra={"deleted_transfers": transfer_ids}
        )

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")

    def apply(self, item: Item[FeedingStream]) -> bool:
        if item.observed is None:
            return False
        for transfer_id in deletion.planned_ids(item.remaining):
            # Of several streams that feed it, one deletes it, and the others wait for that.
            if self._deletions[transfer_id].run(partial(self._lts.delete_transfer, transfer_id)):
                deletion.record(item, transfer_id)
        stream = item.observed.stream
        return self._lts.delete_stream(stream["log_group_id"], stream["log_stream_id"])

    def record_partial_change(self, item: Item[FeedingStream], observed: FeedingStream | None) -> None:
        if observed is not None:
            deletion.record_unanswered(item, observed.transfers)

    def fields(self, key: str, observed: FeedingStream | None) -> dict[str, Any]:
        return brief(observed.stream) if observed else fields_of_missing(key, self._field)

    def details(self, key: str, observed: FeedingStream | None) -> dict[str, Any]:
        return {**self._group.details, **details(observed.stream if observed else {})}

    def label(self, key: str, observed: FeedingStream) -> str:
        return str(observed.stream["log_stream_name"])


def deletable_ids(streams: Iterable[FeedingStream], gone_ids: Iterable[str] = ()) -> frozenset[str]:
    """The ids of the streams that can be deleted together, with the transfers that they feed.

    A stream that has to stay keeps its transfers, and these keep their other streams.

    :param streams: the streams that are to be deleted.
    :param gone_ids: the ids of others that were to be deleted as well, and may be gone by now.
    """
    left = {stream.stream_id: stream for stream in streams}
    while True:
        together = {*left, *gone_ids}
        staying = [
            stream_id
            for stream_id, stream in left.items()
            if any(not together.issuperset(feeder_ids(transfer)) for transfer in stream.transfers)
        ]
        if not staying:
            return frozenset(left)
        for stream_id in staying:
            del left[stream_id]


def _feeders_that_stay(transfer: Transfer, deletable: frozenset[str]) -> list[Stream]:
    return [stream for stream in feeders(transfer) if stream.get("log_stream_id") not in deletable]
