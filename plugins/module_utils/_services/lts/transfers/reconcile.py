# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each desired state of log transfers needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...._core.context import TaskContext
from ...._core.errors import JobsError
from ...._core.json_fields import pick_fields
from ...._core.params.placeholders import is_placeholder
from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.item import Item, ObservedT
from ...._core.reconcile.reconciler import CREATION_DELAYS, FactsT, Observation, Reconciler, SelectingReconciler
from ..api import Lts, Stream, Transfer
from ..groups import ParentGroup
from ..selection import Selection, fields_of_missing, pick
from .spec import TransferSpec, as_update
from .view import OBS, describe, details, feeder_ids, feeders, fields, info, stream_names, target


class _TransferReconciler(Reconciler[ObservedT, FactsT]):
    noun = "log transfer"
    result_key = "log_transfers"
    id_fields = ("id", "log_transfer_id")

    def __init__(self, lts: Lts) -> None:
        self._lts = lts


class _KnownTransferReconciler(_TransferReconciler[Transfer, FactsT]):
    """Base for log transfers that are observed one by one."""

    def fields(self, key: str, observed: Transfer | None) -> dict[str, Any]:
        return fields_of_missing(key, "log_transfer_id") if observed is None else fields(observed)

    def details(self, key: str, observed: Transfer | None) -> dict[str, Any]:
        return details(observed) if observed else {}


class ExistingTransferReconciler(_KnownTransferReconciler[None]):
    """Log transfers that are named by their ids, and may have to be changed."""

    def __init__(self, lts: Lts, wanted: TransferSpec) -> None:
        super().__init__(lts)
        self._wanted = wanted

    def observe(self, keys: Sequence[str]) -> Observation[Transfer, None]:
        return Observation(pick(self._lts.transfers(), "log_transfer_id", keys), facts=None)

    def plan(self, key: str, observed: Transfer | None, facts: None) -> PlannedChange:
        if observed is None:
            return PlannedChange(
                refusal=f"Log transfer {key} does not exist. New ones are created by their log streams."
            )
        return _plan_update(observed, self._wanted)

    def apply(self, item: Item[Transfer]) -> bool:
        _apply_update(self._lts, item.observed or {}, item.remaining)
        return True


@dataclass(frozen=True)
class FedTransfers:
    """The log transfers to OBS that some log streams feed. There is at least one."""

    transfers: tuple[Transfer, ...]

    @property
    def first(self) -> Transfer:
        return self.transfers[0]


@dataclass(frozen=True)
class NewTransferFacts:
    """What plans depend on beside the transfers.

    :param group_id: the id of the log group; None if it is not known yet.
    :param streams: the log streams that exist, with their ids and names.
    """

    group_id: str | None
    streams: tuple[Stream, ...]

    @property
    def stream_ids(self) -> set[str]:
        return {stream["log_stream_id"] for stream in self.streams}


class NewTransferReconciler(_TransferReconciler[FedTransfers, NewTransferFacts]):
    """The log transfer of some log streams, which is created if there is none.

    :param streams: the streams; in check mode, some may be yet to come.
    """

    visibility_delays = CREATION_DELAYS

    def __init__(
        self, lts: Lts, group: ParentGroup, streams: Selection, wanted: TransferSpec, context: TaskContext
    ) -> None:
        super().__init__(lts)
        self._group = group
        self._field = streams.field
        self._names = streams.keys
        self._wanted = wanted
        self._context = context
        self._predicted = [{"log_stream_id": name} for name in streams.keys if is_placeholder(name)]
        self.key = ", ".join(streams.keys)

    def observe(self, keys: Sequence[str]) -> Observation[FedTransfers, NewTransferFacts]:
        group = self._group.look_up()
        found = pick(group.streams, self._field, self._names)
        self._check_missing([name for name in self._names if name not in found and not is_placeholder(name)])
        streams = [found[name] for name in self._names if name in found]
        facts = NewTransferFacts(
            group.group_id, tuple(pick_fields(stream, ("log_stream_id", "log_stream_name")) for stream in streams)
        )
        fed = tuple(
            transfer
            for transfer in (self._lts.transfers(found.values()) if found else [])
            if target(transfer) == OBS and facts.stream_ids & feeder_ids(transfer)
        )
        return Observation({self.key: FedTransfers(fed)} if fed else {}, facts)

    def _check_missing(self, names: Sequence[str]) -> None:
        """:raises JobsError: streams are missing, and no earlier task can create them."""
        if not names:
            return
        sentence = f"These log streams do not exist: {', '.join(names)}."
        if not (self._context.check_mode and self._field == "log_stream_name"):
            raise JobsError(f"{sentence} Create them first, with the module lts_log_stream.")
        self._context.warn_once(f"{sentence} Without check mode this would fail, unless an earlier task creates them.")

    def plan(self, key: str, observed: FedTransfers | None, facts: NewTransferFacts) -> PlannedChange:
        if observed is None:
            return self._plan_new(facts)
        has_all_streams = len(facts.streams) == len(self._names)
        if len(observed.transfers) > 1 or not has_all_streams or feeder_ids(observed.first) != facts.stream_ids:
            existing = "; ".join(
                f"{describe([transfer])} by {', '.join(stream_names(feeders(transfer)))}"
                for transfer in observed.transfers
            )
            return PlannedChange(
                refusal="A log stream can feed one log transfer to OBS, and the streams of a transfer cannot be "
                f"changed. There is: {existing}. Delete that first, or give just its streams."
            )
        return _plan_update(observed.first, self._wanted)

    def _plan_new(self, facts: NewTransferFacts) -> PlannedChange:
        if self._wanted.missing:
            return PlannedChange(
                refusal="No log transfer is fed by these log streams. To create one, also give "
                f"{', '.join(self._wanted.missing)}."
            )
        new = {
            "log_group_id": facts.group_id,
            "log_streams": [*facts.streams, *self._predicted],
            "log_transfer_info": self._wanted.new_info(),
        }
        return PlannedChange("create", after=new)

    def plan_predicted(self, key: str) -> PlannedChange:
        # Its only stream is yet to come, and so is the transfer.
        return self._plan_new(NewTransferFacts(self._group.given_id, ()))

    def apply(self, item: Item[FedTransfers]) -> bool:
        change = item.remaining
        if change.action == "update":
            current = item.observed or item.latest
            _apply_update(self._lts, current.first if current else {}, change)
            return True
        new = change.after or {}
        streams = [{"log_stream_id": stream["log_stream_id"]} for stream in new["log_streams"]]
        new_id = self._lts.create_transfer({**new, "log_streams": streams})
        item.extra.update(dict.fromkeys(self.id_fields, new_id))
        return True

    def fields(self, key: str, observed: FedTransfers | None) -> dict[str, Any]:
        if observed is None:
            return {"id": None, "log_streams": [{self._field: name} for name in self._names]}
        return fields(observed.first)

    def details(self, key: str, observed: FedTransfers | None) -> dict[str, Any]:
        return details(observed.first) if observed else self._group.details


class _AbsentTransferReconciler(_KnownTransferReconciler[FactsT]):
    def apply(self, item: Item[Transfer]) -> bool:
        return self._lts.delete_transfer((item.observed or {})["log_transfer_id"])

    def fields(self, key: str, observed: Transfer | None) -> dict[str, Any]:
        # Where the logs went is not worth its length any more.
        return {name: value for name, value in super().fields(key, observed).items() if name != "log_transfer_info"}


class AbsentTransferReconciler(_AbsentTransferReconciler[None]):
    """Log transfers that are named by their ids, and are to be deleted."""

    def observe(self, keys: Sequence[str]) -> Observation[Transfer, None]:
        return Observation(pick(self._lts.transfers(), "log_transfer_id", keys), facts=None)

    def plan(self, key: str, observed: Transfer | None, facts: None) -> PlannedChange:
        return PlannedChange() if observed is None else _plan_deletion(observed)

    def plan_predicted(self, key: str) -> PlannedChange:
        return PlannedChange("delete")


@dataclass(frozen=True)
class FeedersFacts:
    """What plans depend on beside the transfers: the ids of the log streams that the user names."""

    stream_ids: frozenset[str]


class AbsentTransferOfStreamsReconciler(
    _AbsentTransferReconciler[FeedersFacts], SelectingReconciler[Transfer, FeedersFacts]
):
    """The log transfers that some log streams feed, which are to be deleted."""

    def __init__(self, lts: Lts, group: ParentGroup, streams: Selection) -> None:
        super().__init__(lts)
        self._group = group
        self._streams = streams
        self._facts = FeedersFacts(frozenset())

    def select(self) -> Observation[Transfer, FeedersFacts]:
        streams = pick(self._group.streams(), self._streams.field, self._streams.keys)
        self._facts = FeedersFacts(frozenset(stream["log_stream_id"] for stream in streams.values()))
        transfers = self._lts.transfers(streams.values()) if streams else []
        fed = [transfer for transfer in transfers if self._facts.stream_ids & feeder_ids(transfer)]
        return Observation({transfer["log_transfer_id"]: transfer for transfer in fed}, self._facts)

    def observe(self, keys: Sequence[str]) -> Observation[Transfer, FeedersFacts]:
        return Observation(pick(self._lts.transfers(), "log_transfer_id", keys), self._facts)

    def plan(self, key: str, observed: Transfer | None, facts: FeedersFacts) -> PlannedChange:
        if observed is None:
            return PlannedChange()
        others = [stream for stream in feeders(observed) if stream.get("log_stream_id") not in facts.stream_ids]
        if others:
            return PlannedChange(
                refusal=f"Log transfer {describe([observed])} is also fed by the log streams "
                f"{', '.join(stream_names(others))}. Name these too, or give log_transfer_ids."
            )
        return _plan_deletion(observed)


def _plan_update(transfer: Transfer, wanted: TransferSpec) -> PlannedChange:
    """The change that an existing transfer needs."""
    transfer_id, goes_to = transfer["log_transfer_id"], target(transfer)
    if goes_to != OBS:
        return PlannedChange(refusal=f"Log transfer {transfer_id} goes to {goes_to}; only those to OBS are changed.")
    if wanted.has_other_agency(transfer):
        return PlannedChange(
            refusal=f"Log transfer {transfer_id} has another log_agency_transfer, which cannot be changed. Delete it "
            "first, with state: absent."
        )
    updated = wanted.updated_info(transfer)
    if updated is None:
        return PlannedChange()
    return PlannedChange("update", before={"log_transfer_info": info(transfer)}, after={"log_transfer_info": updated})


def _apply_update(lts: Lts, transfer: Transfer, change: PlannedChange) -> None:
    new_info = (change.after or {})["log_transfer_info"]
    lts.update_transfer(transfer["log_transfer_id"], as_update(new_info))


def _plan_deletion(transfer: Transfer) -> PlannedChange:
    return PlannedChange("delete", before={"log_streams": stream_names(feeders(transfer))})
