# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ...clock import Clock
from ...http.messages import Request, Response, json_response
from ...variants.lts import LtsVariants
from .body import JSON, LtsError, invalid, read_integer, read_object
from .groups import Groups
from .model import AGENCY_FIELDS, FORMATS, TRANSFER_TYPES, Project, Stream, Transfer

MAX_PAGE_SIZE = 100
MAX_PERIOD = 30
PERIODS = ((2, "min"), (5, "min"), (30, "min"), (1, "hour"), (3, "hour"), (6, "hour"), (12, "hour"))
SETTABLE_STATUSES = ("ENABLE", "DISABLE")  # only the service itself sets EXCEPTION
MAX_PREFIX_LENGTH = 64
PREFIX = re.compile(r"[a-zA-Z0-9._-]*")
DIRECTORY = re.compile(r"(/)?([a-zA-Z0-9._-]+)(/[a-zA-Z0-9._-]+)*(/)?")
OPTIONAL_TEXTS = ("obs_encrypted_id", "obs_transfer_path", "obs_eps_id")
# Shown for every transfer, even if nobody has set them.
DETAIL_DEFAULTS = {"obs_prefix_name": "", "obs_dir_pre_fix_name": "", "obs_encrypted_enable": False}


class Transfers:
    """Transfers of log streams to OBS."""

    def __init__(self, groups: Groups, clock: Clock, variants: LtsVariants):
        self._groups = groups
        self._clock = clock
        self._variants = variants

    def list_all(self, request: Request, project: Project) -> Response:
        kind, group_name = request.query.get("log_transfer_type"), request.query.get("log_group_name")
        stream_name = request.query.get("log_stream_name")
        if kind not in (None, *TRANSFER_TYPES):
            raise LtsError(400, "LTS.0001", "Invalid log transfer type")
        if group_name is not None and group_name not in [group.name for group in project.groups.values()]:
            raise LtsError(400, "LTS.0201", "The log group is not existed")
        offset = _parse_integer(request.query.get("offset", "0"), 1024)
        limit = int(self._variants.transfer_page_size)
        if "limit" in request.query:
            limit = _parse_integer(request.query["limit"], MAX_PAGE_SIZE)
        if not self._variants.transfer_offset_works:
            offset = 0
        now = self._clock.now()
        found = [
            transfer.document()
            for transfer in project.transfers.values()
            if transfer.listed_from <= now
            and kind in (None, transfer.type)
            and group_name in (None, transfer.group.name)
            and (stream_name is None or stream_name in [stream.name for stream in transfer.streams])
        ]
        return json_response(200, {"log_transfers": found[offset : offset + limit]}, JSON)

    def create(self, request: Request, project: Project) -> Response:
        data = read_object(request)
        if not isinstance(data.get("log_group_id"), str):
            raise invalid("log_group_id")
        ids, info = _read_stream_ids(data), _read_object(data, "log_transfer_info")
        # The other types need further fields, which are not documented.
        if info.get("log_transfer_type") != "OBS":
            raise invalid("log_transfer_type")
        if info.get("log_transfer_mode") != "cycle":
            raise invalid("log_transfer_mode")
        chosen, status = (
            _read_choice(info, "log_storage_format", FORMATS),
            _read_choice(info, "log_transfer_status", SETTABLE_STATUSES),
        )
        detail, agency = self._read_detail(info), _read_agency(info)
        group = self._groups.find(project, data["log_group_id"])
        streams = [_find_stream(group.streams, stream_id) for stream_id in ids]
        others = [transfer for transfer in project.transfers.values() if transfer.type == "OBS"]
        if any(transfer.uses(stream_id) for transfer in others for stream_id in ids):
            text = "The log stream is associated by transfer"
            raise LtsError(self._variants.second_transfer_status, "LTS.0207", text)
        _check_bucket(project, detail)
        now = self._clock.now()
        transfer_id = project.new_id("transfer", group.id, *sorted(ids))
        transfer = Transfer(transfer_id, group, streams, "OBS", status, now, detail, chosen, agency)
        transfer.listed_from = now + self._variants.hide_new_lts
        project.transfers[transfer.id] = transfer
        return json_response(200, transfer.document(), JSON, acted=True)

    def update(self, request: Request, project: Project) -> Response:
        data = read_object(request)
        transfer_id = data.get("log_transfer_id")
        transfer = project.transfers.get(transfer_id) if isinstance(transfer_id, str) else None
        if transfer is None:
            raise invalid("transfer id")
        info = _read_object(data, "log_transfer_info")
        chosen, status = (
            _read_choice(info, "log_storage_format", FORMATS),
            _read_choice(info, "log_transfer_status", SETTABLE_STATUSES),
        )
        before = transfer.detail if self._variants.transfer_update == "merge" else {}
        detail = self._read_detail(info, before)
        _check_bucket(project, detail)
        transfer.format, transfer.status, transfer.detail = chosen, status, detail
        return json_response(200, transfer.document(), JSON, acted=True)

    def delete(self, request: Request, project: Project) -> Response:
        transfer_id = request.query.get("log_transfer_id")
        if not transfer_id:
            raise invalid("transfer id")
        transfer = project.transfers.pop(transfer_id, None)
        if transfer is None:
            raise LtsError(400, "LTS.0405", "The log transfer does not existed")
        return json_response(200, transfer.document(), JSON, acted=True)

    def _read_detail(self, info: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
        given = _read_object(info, "log_transfer_detail")
        _check_detail(given)
        defaults = DETAIL_DEFAULTS if self._variants.transfer_defaults_shown else {}
        return {**defaults, **(before or {}), **given}


def _check_detail(detail: dict[str, Any]) -> None:
    if read_integer(detail.get("obs_period"), 1, MAX_PERIOD) is None:
        raise invalid("obs_period")
    if (detail["obs_period"], detail.get("obs_period_unit")) not in PERIODS:
        raise invalid("obs_period_unit" if detail.get("obs_period_unit") not in ("min", "hour") else "obs_period")
    bucket = detail.get("obs_bucket_name")
    if not (isinstance(bucket, str) and 3 <= len(bucket) <= 63):
        raise invalid("obs_bucket_name")
    _check_prefix(detail, "obs_prefix_name", PREFIX)
    _check_prefix(detail, "obs_dir_pre_fix_name", DIRECTORY)
    if not isinstance(detail.get("obs_encrypted_enable", False), bool):
        raise invalid("obs_encrypted_enable")
    for name in (*OPTIONAL_TEXTS, "obs_time_zone", "obs_time_zone_id"):
        if not isinstance(detail.get(name, ""), str):
            raise invalid(name)
    if ("obs_time_zone" in detail) != ("obs_time_zone_id" in detail):
        raise invalid("obs_time_zone_id" if "obs_time_zone" in detail else "obs_time_zone")
    tags = detail.get("tags", [])
    if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        raise invalid("tags")


def _check_prefix(detail: dict[str, Any], name: str, pattern: re.Pattern[str]) -> None:
    value = detail.get(name, "")
    # An empty prefix is the root of the bucket.
    if not isinstance(value, str) or len(value) > MAX_PREFIX_LENGTH or (value and not pattern.fullmatch(value)):
        raise invalid(name)


def _check_bucket(project: Project, detail: dict[str, Any]) -> None:
    bucket = detail["obs_bucket_name"]
    if project.buckets is not None and bucket not in project.buckets:
        raise LtsError(400, "LTS.0416", f"obs bucket does not exist: {bucket}")


def _read_object(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise invalid(name)
    return {key: item for key, item in value.items() if item is not None}


def _read_choice(data: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = data.get(name)
    if value not in choices:
        raise invalid(name)
    return str(value)


def _read_stream_ids(data: dict[str, Any]) -> list[str]:
    items = data.get("log_streams")
    if not isinstance(items, list) or not items:
        raise invalid("log_streams")
    ids: dict[str, None] = {}  # without duplicates, in order
    for item in items:
        stream_id = item.get("log_stream_id") if isinstance(item, dict) else None
        if not isinstance(stream_id, str):
            raise invalid("log_stream_id")
        ids[stream_id] = None
    return list(ids)


def _find_stream(streams: dict[str, Stream], stream_id: str) -> Stream:
    if stream_id not in streams:
        raise LtsError(400, "LTS.0208", f"Log stream id does not exist: {stream_id}")
    return streams[stream_id]


def _read_agency(info: dict[str, Any]) -> dict[str, str] | None:
    if "log_agency_transfer" not in info:
        return None
    agency = _read_object(info, "log_agency_transfer")
    if not all(isinstance(agency.get(name), str) and agency[name] for name in AGENCY_FIELDS):
        raise invalid("beAgency domain id")
    return {name: agency[name] for name in AGENCY_FIELDS}


def _parse_integer(text: str, maximum: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > maximum:
        raise invalid()
    return int(text)
