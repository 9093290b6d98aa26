# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log streams of LTS as items of the engine: what exists, what may be deleted, and in which order.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timezone
from threading import Lock

from .._core import values
from .._core.engine import Step, Work
from .._core.errors import InvalidInput, JobsError, ServiceError
from . import lts

FIELDS = (
    "log_stream_id",
    "log_stream_name",
    "log_stream_name_alias",
    "log_group_id",
    "creation_time",
    "ttl_in_days",
    "filter_count",
    "tag",
    "is_favorite",
    "whether_log_storage",
    "hot_cold_separation",
    "hot_storage_days",
    "auth_web_tracking",
)

_LONGEST_NAME = 64


class Group:
    """The log group that a task is about, given by id or by name.

    :param client: lts.Lts.
    :param params: with log_group_id and log_group_name.
    :param host: a Host.
    :raises InvalidInput: none or both are given, or one cannot be right.
    """

    def __init__(self, client, params, host):
        self._client = client
        self._host = host
        self._warned = False
        given = [option for option in ("log_group_id", "log_group_name") if params[option]]
        if len(given) != 1:
            raise InvalidInput(f"Give either log_group_id or log_group_name, not {'both' if given else 'neither'}.")
        self.id = self._name = None
        if params["log_group_id"]:
            self.id = values.identifier("log_group_id", params["log_group_id"], values.UUID)
        else:
            self._name = values.name("log_group_name", params["log_group_name"], _LONGEST_NAME)

    def streams(self):
        """All streams of the group; none, with a warning, if the group does not exist."""
        if self.id is None:
            self._look_up()
        if self.id is None:
            return self._missing()
        try:
            streams = self._client.streams(self.id)
        except ServiceError as error:
            if lts.is_group_missing(error):
                return self._missing()
            raise
        return [{"log_group_id": self.id, **stream} for stream in streams]

    def _look_up(self):
        ids = [group["log_group_id"] for group in self._client.groups() if group["log_group_name"] == self._name]
        if len(ids) > 1:
            raise JobsError(f"There are {len(ids)} log groups named {self._name}; give log_group_id instead.")
        self.id = ids[0] if ids else None

    def _missing(self):
        if not self._warned:
            self._warned = True
            self._host.warn(
                f"Log group {self._name or self.id} does not exist in project {self._client.project_id}, so it has "
                "no log streams. If that is a surprise, check the group and the project."
            )
        return []


def fields(stream):
    """The documented fields of a stream, and its `id`."""
    return {"id": stream["log_stream_id"], **{name: stream[name] for name in FIELDS if name in stream}}


def created(stream):
    """When a stream was created, or None if that cannot be read."""
    milliseconds = stream.get("creation_time")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def wanted_streams(params):
    """Which option says what streams are wanted, and its checked values.

    :param params: with log_stream_ids and log_stream_names.
    :returns: (field of a stream that the values are matched with, list of values), or (None, None) without either.
    :raises InvalidInput: both are given, or a value cannot be right.
    """
    by_id, by_name = params["log_stream_ids"], params["log_stream_names"]
    if by_id is not None and by_name is not None:
        raise InvalidInput("Give either log_stream_ids or log_stream_names.")
    if by_id is not None:
        return "log_stream_id", values.identifiers("log_stream_ids", by_id, values.UUID)
    if by_name is not None:
        return "log_stream_name", values.names("log_stream_names", by_name, _LONGEST_NAME)
    return None, None


def pick(streams, field, keys):
    """{key: stream} of the streams that were asked for.

    :raises JobsError: a name fits several streams.
    """
    by_id = field == "log_stream_id"
    wanted = {key.lower() if by_id else key: key for key in keys}
    found = {}
    for stream in streams:
        key = wanted.get(stream[field].lower() if by_id else stream[field])
        if key in found:
            raise JobsError(f"There are several log streams named {key}; give log_stream_ids instead.")
        if key is not None:
            found[key] = stream
    return found


def _as_words(transfers):
    def status(transfer):
        return (transfer.get("log_transfer_info") or {}).get("log_transfer_status", "unknown")

    return ", ".join(f"{transfer['log_transfer_id']} ({status(transfer)})" for transfer in transfers)


def _streams(transfer):
    """The streams that a transfer is fed by."""
    return [stream for stream in transfer.get("log_streams") or [] if isinstance(stream, dict)]


def _stream_ids(transfer):
    return [stream.get("log_stream_id") for stream in _streams(transfer)]


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
            if any(not together.issuperset(_stream_ids(transfer)) for transfer in stream["transfers"])
        ]
        if not kept:
            return set(left)
        for stream_id in kept:
            del left[stream_id]


def plan_absent(key, observed, delete_transfers, deletable):
    """Step to a log stream that does not exist.

    :param observed: the stream with its transfers under `transfers`, or None.
    :param delete_transfers: whether transfers that the stream feeds may be deleted first.
    :param deletable: ids of all streams that are to be deleted and can be, see deletable_ids().
    """
    if observed is None:
        return Step()
    transfers = observed["transfers"]
    if transfers and not delete_transfers:
        return Step(
            refusal=f"Log stream {key} feeds the log transfer {_as_words(transfers)}, which would have to be deleted "
            "first. Give delete_transfers: true to do that too."
        )
    for transfer in transfers:
        others = [
            stream.get("log_stream_name") or stream.get("log_stream_id")
            for stream in _streams(transfer)
            if stream.get("log_stream_id") not in {*deletable, observed["log_stream_id"]}
        ]
        if others:
            return Step(
                refusal=f"Log stream {key} feeds the log transfer {_as_words([transfer])}, which is also fed by "
                f"log streams that stay: {', '.join(map(str, others))}."
            )
    transfer_ids = [transfer["log_transfer_id"] for transfer in transfers]
    before = {"log_stream_name": observed["log_stream_name"]}
    if transfer_ids:
        before["log_transfer_ids"] = transfer_ids
    return Step("delete", before=before, extra={"deleted_transfers": transfer_ids} if transfer_ids else None)


class LogStreamWork(Work):
    """Log streams as items of the engine, to be deleted.

    :param client: lts.Lts.
    :param group: a Group.
    :param field: what the keys are: log_stream_id or log_stream_name.
    :param delete_transfers: whether transfers that a stream feeds may be deleted first.
    """

    noun = "log stream"
    plural = "log streams"
    result_key = "log_streams"

    def __init__(self, client, group, field, delete_transfers):
        self._client = client
        self._group = group
        self._field = field
        self._delete_transfers = delete_transfers
        self._deletable = set()
        self._transfers = {}

    def observe(self, keys):
        found = pick(self._group.streams(), self._field, keys)
        # Transfers matter only where a stream is there to be deleted.
        transfers = self._client.transfers(found.values()) if found else []
        self._transfers = {transfer["log_transfer_id"]: _Once() for transfer in transfers}
        seen = {
            key: {
                **stream,
                "transfers": [transfer for transfer in transfers if stream["log_stream_id"] in _stream_ids(transfer)],
            }
            for key, stream in found.items()
        }
        self._deletable |= deletable_ids(seen.values(), self._delete_transfers, self._deletable)
        return seen

    def plan(self, key, observed):
        return plan_absent(key, observed, self._delete_transfers, self._deletable)

    def apply(self, item):
        for transfer_id in item.todo.extra.get("deleted_transfers", ()):
            # A transfer that several of the streams feed is deleted once; all of them wait for that.
            if self._transfers[transfer_id].run(
                lambda transfer_id=transfer_id: self._client.delete_transfer(transfer_id)
            ):
                _note_transfer(item, transfer_id)
        return self._client.delete_stream(self._group.id, item.observed["log_stream_id"])

    def notice_parts(self, item, observed):
        # Only what was on its way can have been lost: the transfers are deleted one by one.
        known = item.extra.get("deleted_transfers", [])
        sent = [each for each in item.todo.extra.get("deleted_transfers", ()) if each not in known][:1]
        for transfer_id in sent if observed is not None else ():
            if transfer_id not in self._transfers:
                _note_transfer(item, transfer_id)

    def fields(self, key, observed):
        if observed is None:
            return {"id": key if self._field == "log_stream_id" else None, self._field: key}
        return fields(observed)


def _note_transfer(item, transfer_id):
    """A transfer is gone because of this task, whatever becomes of the stream."""
    item.changed = True
    item.action = "delete_transfers"
    item.extra.setdefault("deleted_transfers", []).append(transfer_id)


class _Once:
    """Runs a function once, for whoever comes first; the others get the same result or the same exception."""

    def __init__(self):
        self._lock = Lock()
        self._result = None
        self._error = None
        self._done = False

    def run(self, function):
        with self._lock:
            if not self._done:
                self._done = True
                try:
                    self._result = function()
                except BaseException as error:
                    self._error = error
            if self._error is not None:
                raise self._error
            return self._result
