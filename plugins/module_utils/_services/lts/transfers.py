# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log transfers of LTS: their fields, what feeds them, and what can be asked for.

https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/

Private to this collection.
"""

from __future__ import annotations

import re

from ..._core.errors import InvalidInput
from ..._core.params import timestamps, validators

FIELDS = ("log_transfer_id", "log_group_id", "log_group_name", "log_streams", "log_transfer_info")

STATUSES = ("ENABLE", "DISABLE", "EXCEPTION")

_DETAIL = {
    "obs_bucket_name": {"type": "str"},
    "obs_period": {"type": "int"},
    "obs_period_unit": {"type": "str", "choices": ["min", "hour"]},
    "obs_prefix_name": {"type": "str"},
    "obs_dir_prefix_name": {"type": "str"},
    "obs_time_zone": {"type": "str"},
    "obs_time_zone_id": {"type": "str"},
    "obs_encrypted_enable": {"type": "bool"},
    "obs_encrypted_id": {"type": "str"},
}
_AGENCY = (
    "agency_domain_id",
    "agency_domain_name",
    "agency_name",
    "agency_project_id",
    "be_agency_domain_id",
    "be_agency_project_id",
)

OPTIONS = {
    **_DETAIL,
    "log_storage_format": {"type": "str", "choices": ["RAW", "JSON"]},
    "log_agency_transfer": {
        "type": "dict",
        "options": {name: {"type": "str", "required": True} for name in _AGENCY},
    },
    "enabled": {"type": "bool"},
}

# The API spells this one in its own way.
_NAMES = {"obs_dir_prefix_name": "obs_dir_pre_fix_name"}
_PERIODS = ("2min", "5min", "30min", "1hour", "3hour", "6hour", "12hour")
_PREFIX = re.compile(r"[a-zA-Z0-9._-]*", re.ASCII)
_DIRECTORY = re.compile(r"/?([a-zA-Z0-9._-]+)(/[a-zA-Z0-9._-]+)*/?", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9.-]{3,63}", re.ASCII)
_LONGEST_PREFIX = 64
_LONGEST_TEXT = 255
# What an update sends back of the fields that stay.
_KEPT = (*(_NAMES.get(name, name) for name in _DETAIL), "obs_eps_id", "tags")


def fields(transfer):
    """The documented fields of a transfer, and its `id`."""
    return {"id": transfer["log_transfer_id"], **{name: transfer[name] for name in FIELDS if name in transfer}}


def info(transfer):
    """What a transfer does and where to."""
    found = transfer.get("log_transfer_info")
    return found if isinstance(found, dict) else {}


def created(transfer):
    """When a transfer was created, or None if that cannot be read."""
    milliseconds = info(transfer).get("log_create_time")
    return timestamps.from_milliseconds(milliseconds) if isinstance(milliseconds, (int, float)) else None


def feeders(transfer):
    """The streams that a transfer is fed by."""
    return [stream for stream in transfer.get("log_streams") or [] if isinstance(stream, dict)]


def feeder_ids(transfer):
    return [stream.get("log_stream_id") for stream in feeders(transfer)]


def feeder_names(streams):
    return [str(stream.get("log_stream_name") or stream.get("log_stream_id")) for stream in streams]


def in_words(transfers):
    """Transfers in a sentence."""
    return ", ".join(
        f"{transfer['log_transfer_id']} ({info(transfer).get('log_transfer_status', 'unknown')})"
        for transfer in transfers
    )


def note_transfer(item, transfer_id):
    """A transfer is gone because of this task, whatever becomes of the group or the stream that it hindered."""
    item.changed = True
    item.action = "delete_transfers"
    item.extra.setdefault("deleted_transfers", []).append(transfer_id)


def notice_transfer(item, left):
    """After a lost answer: notes the transfer whose deletion turns out to be done.

    :param left: ids of the transfers that are still there.
    """
    # Only what was on its way can have been lost: the transfers are deleted one by one.
    known = item.extra.get("deleted_transfers", [])
    sent = [
        transfer_id for transfer_id in item.remaining.extra.get("deleted_transfers", ()) if transfer_id not in known
    ]
    for transfer_id in sent[:1]:
        if transfer_id not in left:
            note_transfer(item, transfer_id)


class TransferSpec:
    """What is asked for of a transfer. What is not given is left as it is.

    :param params: the OPTIONS.
    :raises InvalidInput: one of them cannot be right.
    """

    def __init__(self, params):
        self._enabled = params["enabled"]
        self._format = params["log_storage_format"]
        self._agency = params["log_agency_transfer"]
        given = {name: params[name] for name in _DETAIL if params[name] is not None}
        _check(given, self._agency)
        self._detail = {_NAMES.get(name, name): value for name, value in given.items()}

    @property
    def is_nothing(self):
        """Whether nothing is asked for but that there is a transfer."""
        return not self._detail and self._enabled is None and self._format is None and self._agency is None

    @property
    def missing(self):
        """The options that a new transfer needs and that are not given."""
        needed = ["obs_bucket_name", "obs_period", "obs_period_unit"]
        needed += ["obs_encrypted_id"] if self._detail.get("obs_encrypted_enable") else []
        return [name for name in needed if not self._detail.get(name)]

    def new(self):
        """The log_transfer_info of a new transfer."""
        return {
            "log_transfer_type": "OBS",
            "log_transfer_mode": "cycle",
            "log_storage_format": self._format or "RAW",
            "log_transfer_status": "DISABLE" if self._enabled is False else "ENABLE",
            **({"log_agency_transfer": dict(self._agency)} if self._agency else {}),
            "log_transfer_detail": dict(self._detail),
        }

    def changed_info(self, transfer):
        """The log_transfer_info that a transfer has to get, or None if it is right as it is."""
        now = info(transfer)
        detail = now.get("log_transfer_detail") if isinstance(now.get("log_transfer_detail"), dict) else {}
        new = {
            **now,
            "log_storage_format": self._format or now.get("log_storage_format"),
            "log_transfer_status": self._status(now.get("log_transfer_status")),
            "log_transfer_detail": {
                **detail,
                **{name: value for name, value in self._detail.items() if not _is_same(value, detail.get(name))},
            },
        }
        return None if new == now else new

    def other_agency(self, transfer):
        """Whether another agency is asked for than the transfer has."""
        has = info(transfer).get("log_agency_transfer")
        has = has if isinstance(has, dict) else {}
        return any(has.get(name) != value for name, value in (self._agency or {}).items())

    def _status(self, now):
        if self._enabled is None:
            return now
        if not self._enabled:
            return "DISABLE"
        # An EXCEPTION is one that is enabled and has a problem, which enabling it again would not solve.
        return "ENABLE" if now == "DISABLE" else now


def as_update(new):
    """A log_transfer_info as an update takes it."""
    detail = new.get("log_transfer_detail") or {}
    return {
        "log_storage_format": new.get("log_storage_format"),
        # There is no other way to keep a transfer that has a problem.
        "log_transfer_status": "DISABLE" if new.get("log_transfer_status") == "DISABLE" else "ENABLE",
        "log_transfer_detail": {name: detail[name] for name in _KEPT if _can_be_sent(name, detail.get(name))},
    }


def _can_be_sent(name, value):
    # Of what is shown as empty, only the prefix may be: others have to be left out.
    return value is not None and (value != "" or name == "obs_prefix_name")


def _is_same(wanted, now):
    if now is None:
        return wanted in ("", False)
    if isinstance(wanted, str):
        return wanted.strip("/") == str(now).strip("/")
    return wanted == now


def _check(given, agency):
    for name, value in (agency or {}).items():
        validators.text(f"log_agency_transfer.{name}", value, _LONGEST_TEXT)
    period, unit = given.get("obs_period"), given.get("obs_period_unit")
    if (period is None) != (unit is None):
        raise InvalidInput("obs_period and obs_period_unit belong together; give both.")
    if period is not None and f"{period}{unit}" not in _PERIODS:
        raise InvalidInput(
            f"obs_period and obs_period_unit: LTS transfers logs every {', '.join(_PERIODS[:-1])} or {_PERIODS[-1]}, "
            f"not every {period}{unit}."
        )
    if "obs_bucket_name" in given and not _BUCKET.fullmatch(given["obs_bucket_name"]):
        raise InvalidInput("obs_bucket_name must be 3 to 63 lower-case letters, digits, '-' and '.'.")
    if not _is_prefix(given.get("obs_prefix_name", ""), _PREFIX):
        raise InvalidInput("obs_prefix_name must be at most 64 letters, digits, '.', '_' and '-'.")
    if "obs_dir_prefix_name" in given and not _is_prefix(given["obs_dir_prefix_name"], _DIRECTORY):
        raise InvalidInput(
            "obs_dir_prefix_name must be folders of letters, digits, '.', '_' and '-' with '/' between them, at most "
            "64 characters."
        )
    if ("obs_time_zone" in given) != ("obs_time_zone_id" in given):
        raise InvalidInput("obs_time_zone and obs_time_zone_id belong together; give both.")
    for name in ("obs_time_zone", "obs_time_zone_id", "obs_encrypted_id"):
        if name in given:
            validators.text(name, given[name], _LONGEST_TEXT)


def _is_prefix(text, pattern):
    return len(text) <= _LONGEST_PREFIX and pattern.fullmatch(text) is not None


def filtering(params, field, streams, check_mode=False):
    """A function that tells whether a transfer fits the filters.

    :param params: with log_group_id, log_group_name and statuses.
    :param field: what the streams are named by: log_stream_id or log_stream_name.
    :param streams: the streams of which one must feed it, or None.
    :param check_mode: ids may be placeholders.
    :raises InvalidInput: a filter cannot be right.
    """
    group_id, group_name, statuses = params["log_group_id"], params["log_group_name"], params["statuses"]
    if group_id:
        group_id = validators.identifier("log_group_id", group_id, validators.UUID, check_mode=check_mode).lower()
    any_of = {stream.lower() if field == "log_stream_id" else stream for stream in streams or ()}

    def fits(transfer):
        fed_by = {str(stream.get(field)) for stream in feeders(transfer)} if field else set()
        return (
            (not group_id or str(transfer.get("log_group_id")).lower() == group_id)
            and (not group_name or transfer.get("log_group_name") == group_name)
            and (statuses is None or info(transfer).get("log_transfer_status") in statuses)
            and (not field or not any_of.isdisjoint(fed_by))
        )

    return fits
