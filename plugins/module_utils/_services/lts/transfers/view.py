# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log transfers of LTS: their fields, the streams that feed them, and filters.

https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ...._core.context import TaskContext
from ...._core.json_fields import pick_details, pick_fields
from ...._core.params import validators
from ...._core.params.raw_arguments import ITEMS
from ..api import Stream, Transfer
from ..selection import Selection, read_milliseconds

FIELDS = ("log_transfer_id", "log_group_id", "log_group_name", "log_streams", "log_transfer_info")

ENABLE = "ENABLE"
DISABLE = "DISABLE"
# A transfer that is switched on, and has a problem.
EXCEPTION = "EXCEPTION"
STATUSES = (ENABLE, DISABLE, EXCEPTION)

OBS = "OBS"

SELECTION_OPTIONS = {"log_transfer_ids": {"type": "list", "elements": "str", "aliases": ["log_transfer_id"], **ITEMS}}


def fields(transfer: Transfer) -> dict[str, Any]:
    """The documented fields of a transfer, and its `id`."""
    return {"id": transfer["log_transfer_id"], **pick_fields(transfer, FIELDS)}


def info(transfer: Transfer) -> Mapping[str, Any]:
    """What a transfer does, and where the logs go."""
    found = transfer.get("log_transfer_info")
    return found if isinstance(found, dict) else {}


def target(transfer: Transfer) -> str:
    """The kind of service that the logs go to."""
    return str(info(transfer).get("log_transfer_type", OBS))


def created(transfer: Transfer) -> datetime | None:
    """When a transfer was created, or None if LTS does not tell."""
    return read_milliseconds(info(transfer).get("log_create_time"))


def feeders(transfer: Transfer) -> list[Stream]:
    """The streams that feed a transfer."""
    return [stream for stream in transfer.get("log_streams") or [] if isinstance(stream, dict)]


def feeder_ids(transfer: Transfer) -> set[str | None]:
    """The ids of the streams that feed a transfer; None for a stream without one."""
    return {stream.get("log_stream_id") for stream in feeders(transfer)}


def stream_names(streams: Iterable[Stream]) -> list[str]:
    """The names of streams for a sentence; the id of a stream without one."""
    return [str(stream.get("log_stream_name") or stream.get("log_stream_id")) for stream in streams]


def details(transfer: Transfer) -> dict[str, Any]:
    """What a reviewer wants to know of a transfer, see Reconciler.details()."""
    goes_to = info(transfer)
    target_details = goes_to.get("log_transfer_detail")
    bucket = pick_fields(target_details, ("obs_bucket_name",)) if isinstance(target_details, dict) else {}
    return {
        **pick_fields(transfer, ("log_group_name",)),
        "log_streams": stream_names(feeders(transfer)),
        **pick_details(goes_to, (), ("log_create_time",), read_milliseconds),
        "log_transfer_info": {
            **pick_fields(goes_to, ("log_transfer_type", "log_transfer_status")),
            **({"log_transfer_detail": bucket} if bucket else {}),
        },
    }


def describe(transfers: Iterable[Transfer]) -> str:
    """Transfers for a sentence: their ids, with their states."""
    return ", ".join(
        f"{transfer['log_transfer_id']} ({info(transfer).get('log_transfer_status', 'unknown')})"
        for transfer in transfers
    )


class TransferFilter:
    """Which transfers the user wants to see.

    :param params: with log_group_id, log_group_name and statuses.
    :param streams: the streams of which one must feed a transfer, or None.
    :param context: in check mode, ids may be placeholders.
    :raises InvalidInput: a filter is invalid.
    """

    def __init__(self, params: Mapping[str, Any], streams: Selection | None, context: TaskContext) -> None:
        self._group_id: str | None = None
        if params["log_group_id"]:
            self._group_id = validators.identifier(
                "log_group_id", params["log_group_id"], validators.UUID, check_mode=context.check_mode
            ).lower()
        self._group_name: str | None = params["log_group_name"]
        self._statuses: list[str] | None = params["statuses"]
        self._streams = streams

    def matches(self, transfer: Transfer) -> bool:
        """Whether a transfer fits all of the filters."""
        return (
            (not self._group_id or str(transfer.get("log_group_id")).lower() == self._group_id)
            and (not self._group_name or transfer.get("log_group_name") == self._group_name)
            and (self._statuses is None or info(transfer).get("log_transfer_status") in self._statuses)
            and (self._streams is None or _is_fed_by(transfer, self._streams))
        )


def _is_fed_by(transfer: Transfer, streams: Selection) -> bool:
    """Whether one of some streams feeds a transfer."""
    is_id = streams.field == "log_stream_id"
    wanted = {key.lower() if is_id else key for key in streams.keys}
    shown = (str(stream.get(streams.field)) for stream in feeders(transfer))
    return not wanted.isdisjoint(text.lower() if is_id else text for text in shown)
