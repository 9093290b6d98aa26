# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a log transfer of LTS is to be like.

https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_transfer/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import validators
from ..api import Transfer
from .view import DISABLE, ENABLE, OBS, info

_DETAIL: dict[str, dict[str, Any]] = {
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

OPTIONS: dict[str, dict[str, Any]] = {
    **_DETAIL,
    "log_storage_format": {"type": "str", "choices": ["RAW", "JSON"]},
    "log_agency_transfer": {
        "type": "dict",
        "options": {name: {"type": "str", "required": True} for name in _AGENCY},
    },
    "enabled": {"type": "bool"},
}

# The field that the API spells in another way than the option.
_API_NAMES = {"obs_dir_prefix_name": "obs_dir_pre_fix_name"}
# What an update sends again of the fields that stay.
_RESENT = (*(_API_NAMES.get(name, name) for name in _DETAIL), "obs_eps_id", "tags")

_PERIODS = ("2min", "5min", "30min", "1hour", "3hour", "6hour", "12hour")
_PREFIX = re.compile(r"[a-zA-Z0-9._-]*", re.ASCII)
_DIRECTORY = re.compile(r"/?([a-zA-Z0-9._-]+)(/[a-zA-Z0-9._-]+)*/?", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9.-]{3,63}", re.ASCII)
_LONGEST_PREFIX = 64
_LONGEST_TEXT = 255


@dataclass(frozen=True)
class TransferSpec:
    """What the user asks for of a transfer. None is for what stays as it is.

    :param status: ENABLE or DISABLE.
    :param storage_format: the form of the files.
    :param agency: the log_agency_transfer.
    :param detail: the fields of log_transfer_detail that are given.
    """

    status: str | None
    storage_format: str | None
    agency: Mapping[str, str] | None
    detail: Mapping[str, Any]

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> TransferSpec:
        """What the OPTIONS of a task ask for.

        :raises InvalidInput: one of them is invalid.
        """
        enabled = params["enabled"]
        status = None if enabled is None else ENABLE if enabled else DISABLE
        given = {name: params[name] for name in _DETAIL if params[name] is not None}
        _check_agency(params["log_agency_transfer"])
        _check_detail(given)
        detail = {_API_NAMES.get(name, name): value for name, value in given.items()}
        return cls(status, params["log_storage_format"], params["log_agency_transfer"], detail)

    @property
    def is_empty(self) -> bool:
        """Whether the user asks for nothing but that there is a transfer."""
        return not self.detail and self.status is None and self.storage_format is None and self.agency is None

    @property
    def missing(self) -> list[str]:
        """The options that a new transfer needs and that are not given."""
        needed = ["obs_bucket_name", "obs_period", "obs_period_unit"]
        needed += ["obs_encrypted_id"] if self.detail.get("obs_encrypted_enable") else []
        return [name for name in needed if not self.detail.get(name)]

    def new_info(self) -> dict[str, Any]:
        """The log_transfer_info of a new transfer."""
        return {
            "log_transfer_type": OBS,
            "log_transfer_mode": "cycle",
            "log_storage_format": self.storage_format or "RAW",
            "log_transfer_status": self.status or ENABLE,
            **({"log_agency_transfer": dict(self.agency)} if self.agency else {}),
            "log_transfer_detail": dict(self.detail),
        }

    def updated_info(self, transfer: Transfer) -> dict[str, Any] | None:
        """The log_transfer_info that an existing transfer must get, or None if it is right as it is."""
        present = info(transfer)
        detail = _dictionary(present.get("log_transfer_detail"))
        changed = {name: value for name, value in self.detail.items() if not _is_same(value, detail.get(name))}
        updated = {
            **present,
            "log_storage_format": self.storage_format or present.get("log_storage_format"),
            "log_transfer_status": self._status_after(present.get("log_transfer_status")),
            "log_transfer_detail": {**detail, **changed},
        }
        return None if updated == present else updated

    def has_other_agency(self, transfer: Transfer) -> bool:
        """Whether a transfer has another agency than the user asks for."""
        present = _dictionary(info(transfer).get("log_agency_transfer"))
        return any(present.get(name) != value for name, value in (self.agency or {}).items())

    def _status_after(self, present: Any) -> Any:
        # EXCEPTION is the status of a transfer that is switched on and has a problem; to enable it again would not
        # solve that.
        if self.status is None or self.status == ENABLE and present != DISABLE:
            return present
        return self.status


def as_update(new_info: Mapping[str, Any]) -> dict[str, Any]:
    """A log_transfer_info in the form in which an update takes it."""
    detail = _dictionary(new_info.get("log_transfer_detail"))
    return {
        "log_storage_format": new_info.get("log_storage_format"),
        # An update does not take EXCEPTION. ENABLE is what keeps such a transfer switched on.
        "log_transfer_status": DISABLE if new_info.get("log_transfer_status") == DISABLE else ENABLE,
        "log_transfer_detail": {name: detail[name] for name in _RESENT if _can_be_sent(name, detail.get(name))},
    }


def _can_be_sent(name: str, value: Any) -> bool:
    # Of the fields that are shown empty, LTS takes none back but the prefix.
    return value is not None and (value != "" or name == "obs_prefix_name")


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_same(wanted: Any, present: Any) -> bool:
    if present is None:
        return wanted in ("", False)
    if isinstance(wanted, str):
        return wanted.strip("/") == str(present).strip("/")
    return bool(wanted == present)


def _check_agency(agency: Mapping[str, str] | None) -> None:
    for name, value in (agency or {}).items():
        validators.text(f"log_agency_transfer.{name}", value, _LONGEST_TEXT)


def _check_detail(given: Mapping[str, Any]) -> None:
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


def _is_prefix(text: str, pattern: re.Pattern[str]) -> bool:
    return len(text) <= _LONGEST_PREFIX and pattern.fullmatch(text) is not None
