# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log streams of LTS as items of the engine: what each desired state needs, and in which order.

Private to this collection.
"""

from __future__ import annotations

from ..._core.reconcile.create_once import CreateOnceReconciler
from ..._core.reconcile.engine import PlannedChange, Reconciler
from ..._core.threads import Once
from . import ttl_and_tags
from .selection import pick
from .streams import brief, fields
from .transfers import feeder_ids, feeder_names, feeders, in_words, note_transfer, notice_transfer


class _StreamWork(Reconciler):
    noun = "log stream"
    plural = "log streams"
    result_key = "log_streams"
    id_fields = ("id", "log_stream_id")

    def __init__(self, client, group, field):
        self._client = client
        self._group = group
        self._field = field

    def fields(self, key, observed):
        if observed is None:
            return {"id": key if self._field == "log_stream_id" else None, self._field: key}
        return fields(observed)


class PresentStreamReconciler(_StreamWork):
    """Log streams that are to exist with some settings.

    :param client: lts.Lts.
    :param group: a Group.
    :param field: what the keys are: log_stream_id or log_stream_name.
    :param settings: lts_settings.Settings.
    """

    visibility_delays = CreateOnceReconciler.visibility_delays

    def __init__(self, client, group, field, settings):
        super().__init__(client, group, field)
        self._settings = settings

    def observe(self, keys):
        return pick(self._group.streams(), self._field, keys)

    def is_conclusive(self, key, observed):
        # What is new may show late.
        return observed is not None

    def plan(self, key, observed):
        if observed is None and self._field == "log_stream_id":
            return PlannedChange(refusal=f"Log stream {key} does not exist. New ones are created by log_stream_names.")
        if observed is None:
            new = {"log_stream_name": key, "log_group_id": self._group.id, **self._settings.as_fields()}
            return PlannedChange("create", after=new)
        before, after = self._settings.changes(observed)
        if after and after.get("ttl_in_days", observed.get("ttl_in_days")) is None:
            # The API sets both at once.
            return PlannedChange(
                refusal=f"LTS does not tell the ttl_in_days of log stream {key}; to change its tags, give it."
            )
        return PlannedChange("update", before=before, after=after) if after else PlannedChange()

    def apply(self, item):
        group_id = self._group.id
        if item.remaining.action == "create":
            ttl, tags = self._settings.ttl_in_days, self._settings.tags
            new_id = self._client.create_stream(group_id, item.key, ttl, tags)
            item.extra.update(id=new_id, log_stream_id=new_id)
            return True
        stream_id = item.observed["log_stream_id"]
        ttl_and_tags.apply_changes(
            item,
            lambda ttl_in_days, tags: self._client.update_stream(group_id, stream_id, ttl_in_days, tags),
            lambda tags: self._client.delete_stream_tags(stream_id, tags),
        )
        return True

    def record_partial_change(self, item, observed):
        ttl_and_tags.record_partial_change(item, observed)


def deletable_ids(streams, delete_transfers, gone_ids=()):
    """Ids of the streams that can be deleted together.

    A stream that cannot be deleted keeps the transfers that it feeds, and these keep their other streams.

    :param streams: the streams with their transfers under `transfers`.
    :param delete_transfers: whether transfers may be deleted first.
    :param gone_ids: ids of streams that were to be deleted as well, and may be gone by now.
    """
    if not delete_transfers:
        return {stream["log_stream_id"] for stream in streams if not stream["transfers"]}
    left = {stream["log_stream_id"]: stream for stream in streams}
    while True:
        together = set(left).union(gone_ids)
        kept = [
            stream_id
            for stream_id, stream in left.items()
            if any(not together.issuperset(feeder_ids(transfer)) for transfer in stream["transfers"])
        ]
        if not kept:
            return set(left)
        for stream_id in kept:
            del left[stream_id]


def plan_absent(key, observed, delete_transfers, deletable):
    """The change that leads to a log stream that does not exist.

    :param observed: the stream with its transfers under `transfers`, or None.
    :param delete_transfers: whether transfers that the stream feeds may be deleted first.
    :param deletable: ids of all streams that are to be deleted and can be, see deletable_ids().
    """
    if observed is None:
        return PlannedChange()
    transfers = observed["transfers"]
    if transfers and not delete_transfers:
        return PlannedChange(
            refusal=f"Log stream {key} feeds the log transfer {in_words(transfers)}, which would have to be deleted "
            "first. Give delete_transfers: true to do that too."
        )
    for transfer in transfers:
        others = [
            stream
            for stream in feeders(transfer)
            if stream.get("log_stream_id") not in {*deletable, observed["log_stream_id"]}
        ]
        if others:
            return PlannedChange(
                refusal=f"Log stream {key} feeds the log transfer {in_words([transfer])}, which is also fed by "
                f"log streams that stay: {', '.join(feeder_names(others))}."
            )
    transfer_ids = [transfer["log_transfer_id"] for transfer in transfers]
    before = {"log_stream_name": observed["log_stream_name"]}
    if transfer_ids:
        before["log_transfer_ids"] = transfer_ids
    return PlannedChange("delete", before=before, extra={"deleted_transfers": transfer_ids} if transfer_ids else None)


class AbsentStreamReconciler(_StreamWork):
    """Log streams that are to be deleted.

    :param client: lts.Lts.
    :param group: a Group.
    :param field: what the keys are: log_stream_id or log_stream_name; None with name_pattern.
    :param delete_transfers: whether transfers that a stream feeds may be deleted first.
    :param names: a NameSelection.
    :param context: a TaskContext.
    """

    def __init__(self, client, group, field, delete_transfers, names, context):
        super().__init__(client, group, field or "log_stream_name")
        self._delete_transfers = delete_transfers
        self._names = names
        self._context = context
        self._deletable = set()
        self._transfers = {}

    def select(self):
        streams = self._names.selected(self._group.streams(), "log_stream_name", self._context)
        return self._with_transfers(pick(streams, self._field, [stream[self._field] for stream in streams]))

    def observe(self, keys):
        return self._with_transfers(pick(self._group.streams(), self._field, keys))

    def _kept(self, stream):
        return self._names.kept(stream["log_stream_name"])

    def _with_transfers(self, found):
        # Transfers matter only where a stream is there to be deleted.
        wanted = [stream for stream in found.values() if not self._kept(stream)]
        transfers = self._client.transfers(wanted) if wanted else []
        self._transfers = {transfer["log_transfer_id"]: Once() for transfer in transfers}
        seen = {
            key: {
                **stream,
                "transfers": [transfer for transfer in transfers if stream["log_stream_id"] in feeder_ids(transfer)],
            }
            for key, stream in found.items()
        }
        unwanted = [stream for stream in seen.values() if not self._kept(stream)]
        self._deletable |= deletable_ids(unwanted, self._delete_transfers, self._deletable)
        return seen

    def plan(self, key, observed):
        kept = self._kept(observed) if observed else None
        return kept or plan_absent(key, observed, self._delete_transfers, self._deletable)

    def plan_predicted(self, key):
        return PlannedChange("delete")

    def apply(self, item):
        for transfer_id in item.remaining.extra.get("deleted_transfers", ()):
            # A transfer that several of the streams feed is deleted once; all of them wait for that.
            if self._transfers[transfer_id].run(
                lambda transfer_id=transfer_id: self._client.delete_transfer(transfer_id)
            ):
                note_transfer(item, transfer_id)
        return self._client.delete_stream(self._group.id, item.observed["log_stream_id"])

    def record_partial_change(self, item, observed):
        if observed is not None:
            notice_transfer(item, self._transfers)

    def fields(self, key, observed):
        return brief(observed) if observed else super().fields(key, observed)

    def label(self, key, observed):
        return observed["log_stream_name"]
