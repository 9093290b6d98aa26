# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log transfers of LTS as items of the engine: what each desired state needs.

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import JobsError
from ..._core.params.placeholders import is_placeholder
from ..._core.reconcile.create_once import CreateOnceReconciler
from ..._core.reconcile.engine import PlannedChange, Reconciler
from .selection import pick
from .transfers import as_update, feeder_ids, feeder_names, feeders, fields, in_words, info


class _TransferWork(Reconciler):
    noun = "log transfer"
    plural = "log transfers"
    result_key = "log_transfers"
    id_fields = ("id", "log_transfer_id")

    def __init__(self, client):
        self._client = client

    def observe(self, keys):
        wanted = {key.lower(): key for key in keys}
        found = {wanted.get(transfer["log_transfer_id"].lower()): transfer for transfer in self._client.transfers()}
        return {key: transfer for key, transfer in found.items() if key is not None}

    def fields(self, key, observed):
        return {"id": key, "log_transfer_id": key} if observed is None else fields(observed)

    def _update(self, transfer, wanted):
        """The PlannedChange that brings an existing transfer to what is wanted."""
        kind = info(transfer).get("log_transfer_type", "OBS")
        if kind != "OBS":
            return PlannedChange(
                refusal=f"Log transfer {transfer['log_transfer_id']} goes to {kind}; only those to OBS are changed."
            )
        if wanted.other_agency(transfer):
            return PlannedChange(
                refusal=f"Log transfer {transfer['log_transfer_id']} has another log_agency_transfer, which cannot be "
                "changed. Delete it first, with state: absent."
            )
        new = wanted.changed_info(transfer)
        if new is None:
            return PlannedChange()
        return PlannedChange("update", before={"log_transfer_info": info(transfer)}, after={"log_transfer_info": new})

    def _apply_update(self, item):
        new = as_update(item.remaining.after["log_transfer_info"])
        self._client.update_transfer(item.observed["log_transfer_id"], new)
        return True


class ExistingTransferReconciler(_TransferWork):
    """Log transfers that are named by their ids, to be changed.

    :param client: lts.Lts.
    :param wanted: a TransferSpec.
    """

    def __init__(self, client, wanted):
        super().__init__(client)
        self._wanted = wanted

    def plan(self, key, observed):
        if observed is None:
            return PlannedChange(
                refusal=f"Log transfer {key} does not exist. New ones are created by their log streams."
            )
        return self._update(observed, self._wanted)

    def apply(self, item):
        return self._apply_update(item)


class NewTransferReconciler(_TransferWork):
    """The log transfer of some log streams: it is created if there is none.

    :param client: lts.Lts.
    :param group: lts_groups.Group.
    :param field: what the streams are named by: log_stream_id or log_stream_name.
    :param names: the streams.
    :param wanted: a TransferSpec.
    :param context: a TaskContext.
    """

    visibility_delays = CreateOnceReconciler.visibility_delays

    def __init__(self, client, group, field, names, wanted, context):
        super().__init__(client)
        self._group = group
        self._field = field
        self._names = names
        self._wanted = wanted
        self._context = context
        self._streams = []
        self._predicted = [{"log_stream_id": name} for name in names if is_placeholder(name)]
        self.key = ", ".join(names)

    def observe(self, keys):
        found = pick(self._group.streams(), self._field, self._names)
        self._require([name for name in self._names if name not in found and not is_placeholder(name)])
        self._streams = [
            {field: found[name][field] for field in ("log_stream_id", "log_stream_name")}
            for name in self._names
            if name in found
        ]
        ids = self._stream_ids()
        feeding = [
            transfer
            for transfer in (self._client.transfers(found.values()) if found else [])
            if info(transfer).get("log_transfer_type", "OBS") == "OBS" and ids.intersection(feeder_ids(transfer))
        ]
        return {self.key: {**feeding[0], "feeding": feeding}} if feeding else {}

    def _require(self, missing):
        if not missing:
            return
        sentence = f"These log streams do not exist: {', '.join(missing)}."
        if not (self._context.check_mode and self._field == "log_stream_name"):
            raise JobsError(f"{sentence} Create them first, with the module lts_log_stream.")
        self._context.warn(f"{sentence} Without check mode this would fail, unless an earlier task creates them.")

    def is_conclusive(self, key, observed):
        # What is new may show late.
        return observed is not None

    def plan(self, key, observed):
        if observed is None and self._wanted.missing:
            missing = ", ".join(self._wanted.missing)
            return PlannedChange(
                refusal=f"No log transfer is fed by these log streams. To create one, also give {missing}."
            )
        if observed is None:
            new = {
                "log_group_id": self._group.id,
                "log_streams": [*self._streams, *self._predicted],
                "log_transfer_info": self._wanted.new(),
            }
            return PlannedChange("create", after=new)
        feeding = observed["feeding"]
        is_complete = len(self._streams) == len(self._names)
        if len(feeding) > 1 or not is_complete or set(feeder_ids(feeding[0])) != self._stream_ids():
            fed_by = "; ".join(f"{in_words([each])} by {', '.join(feeder_names(feeders(each)))}" for each in feeding)
            return PlannedChange(
                refusal=f"A log stream can feed one log transfer to OBS, and the streams of a transfer cannot be "
                f"changed. There is: {fed_by}. Delete that first, or give just its streams."
            )
        return self._update(observed, self._wanted)

    def plan_predicted(self, key):
        # Its one stream is yet to come, and so is the transfer.
        return self.plan(key, None)

    def apply(self, item):
        if item.remaining.action == "update":
            return self._apply_update(item)
        streams = [{"log_stream_id": stream["log_stream_id"]} for stream in self._streams]
        body = {"log_group_id": self._group.id, "log_streams": streams, "log_transfer_info": self._wanted.new()}
        new_id = self._client.create_transfer(body)
        item.extra.update(id=new_id, log_transfer_id=new_id)
        return True

    def fields(self, key, observed):
        if observed is None:
            return {"id": None, "log_streams": [{self._field: name} for name in self._names]}
        return fields(observed)

    def _stream_ids(self):
        return {stream["log_stream_id"] for stream in self._streams}


class AbsentTransferReconciler(_TransferWork):
    """Log transfers that are to be deleted: some, or those that some log streams feed.

    :param client: lts.Lts.
    :param group: lts_groups.Group with the streams; None if the transfers are named by their ids.
    :param field: what the streams are named by.
    :param names: the streams.
    """

    def __init__(self, client, group=None, field=None, names=()):
        super().__init__(client)
        self._group = group
        self._field = field
        self._names = names
        self._stream_ids = None

    def select(self):
        streams = pick(self._group.streams(), self._field, self._names)
        self._stream_ids = {stream["log_stream_id"] for stream in streams.values()}
        transfers = self._client.transfers(streams.values()) if streams else []
        fed = [transfer for transfer in transfers if self._stream_ids.intersection(feeder_ids(transfer))]
        return {transfer["log_transfer_id"]: transfer for transfer in fed}

    def plan(self, key, observed):
        if observed is None:
            return PlannedChange()
        together = self._stream_ids or feeder_ids(observed)
        others = [stream for stream in feeders(observed) if stream.get("log_stream_id") not in together]
        if others:
            return PlannedChange(
                refusal=f"Log transfer {in_words([observed])} is also fed by the log streams "
                f"{', '.join(feeder_names(others))}. Name these too, or give log_transfer_ids."
            )
        return PlannedChange("delete", before={"log_streams": feeder_names(feeders(observed))})

    def plan_predicted(self, key):
        return PlannedChange("delete")

    def apply(self, item):
        return self._client.delete_transfer(item.observed["log_transfer_id"])

    def fields(self, key, observed):
        shown = super().fields(key, observed)
        # Where to and how is not worth its length any more.
        shown.pop("log_transfer_info", None)
        return shown
