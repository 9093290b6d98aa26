# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ...clock import Clock
from ...http.messages import Answer, Call, json_answer
from ...variants.registry import Variants
from .body import JSON, LtsError, invalid, is_whole, read_object
from .groups import Groups
from .model import AGENCY_FIELDS, FORMATS, TRANSFER_TYPES, Project, Stream, Transfer

LARGEST_PAGE = 100
PERIODS = ((2, "min"), (5, "min"), (30, "min"), (1, "hour"), (3, "hour"), (6, "hour"), (12, "hour"))
SETTABLE = ("ENABLE", "DISABLE")  # EXCEPTION is found out by the service itself
LONGEST_PREFIX = 64
PREFIX = re.compile(r"[a-zA-Z0-9._-]*")
DIRECTORY = re.compile(r"(/)?([a-zA-Z0-9._-]+)(/[a-zA-Z0-9._-]+)*(/)?")
OPTIONAL_TEXTS = ("obs_encrypted_id", "obs_transfer_path", "obs_eps_id")
# Shown of every transfer, also when nobody has set them.
DETAIL_DEFAULTS = {"obs_prefix_name": "", "obs_dir_pre_fix_name": "", "obs_encrypted_enable": False}


class Transfers:
    def __init__(self, groups: Groups, clock: Clock, variants: Variants):
        self._groups = groups
        self._clock = clock
        self._variants = variants

    def list(self, call: Call, project: Project) -> Answer:
        kind, group_name = call.query.get("log_transfer_type"), call.query.get("log_group_name")
        stream_name = call.query.get("log_stream_name")
        if kind not in (None, *TRANSFER_TYPES):
            raise LtsError(400, "LTS.0001", "Invalid log transfer type")
        if group_name is not None and group_name not in [group.name for group in project.groups.values()]:
            raise LtsError(400, "LTS.0201", "The log group is not existed")
        offset = _whole(call.query.get("offset", "0"), 1024)
        limit = int(self._variants["transfer_page_size"])
        if "limit" in call.query:
            limit = _whole(call.query["limit"], LARGEST_PAGE)
        if not self._variants["transfer_offset_works"]:
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
        return json_answer(200, {"log_transfers": found[offset : offset + limit]}, JSON)

    def create(self, call: Call, project: Project) -> Answer:
        data = read_object(call)
        if not isinstance(data.get("log_group_id"), str):
            raise invalid("log_group_id")
        ids, info = _stream_ids(data), _object(data, "log_transfer_info")
        # Streams and shards as targets have fields of their own, which nobody describes.
        if info.get("log_transfer_type") != "OBS":
            raise invalid("log_transfer_type")
        if info.get("log_transfer_mode") != "cycle":
            raise invalid("log_transfer_mode")
        chosen, status = _choice(info, "log_storage_format", FORMATS), _choice(info, "log_transfer_status", SETTABLE)
        detail, agency = self._detail(info), _agency(info)
        group = self._groups.find(project, data["log_group_id"])
        streams = [_stream(group.streams, stream_id) for stream_id in ids]
        others = [transfer for transfer in project.transfers.values() if transfer.type == "OBS"]
        if any(transfer.uses(stream_id) for transfer in others for stream_id in ids):
            text = "The log stream is associated by transfer"
            raise LtsError(self._variants["second_transfer_status"], "LTS.0207", text)
        _check_bucket(project, detail)
        now = self._clock.now()
        transfer_id = project.new_id("transfer", group.id, *sorted(ids))
        transfer = Transfer(transfer_id, group, streams, "OBS", status, now, detail, chosen, agency)
        transfer.listed_from = now + self._variants["hide_new_lts"]
        project.transfers[transfer.id] = transfer
        return json_answer(200, transfer.document(), JSON, acted=True)

    def update(self, call: Call, project: Project) -> Answer:
        data = read_object(call)
        transfer_id = data.get("log_transfer_id")
        transfer = project.transfers.get(transfer_id) if isinstance(transfer_id, str) else None
        if transfer is None:
            raise invalid("transfer id")
        info = _object(data, "log_transfer_info")
        chosen, status = _choice(info, "log_storage_format", FORMATS), _choice(info, "log_transfer_status", SETTABLE)
        before = transfer.detail if self._variants["transfer_update"] == "merge" else {}
        detail = self._detail(info, before)
        _check_bucket(project, detail)
        transfer.format, transfer.status, transfer.detail = chosen, status, detail
        return json_answer(200, transfer.document(), JSON, acted=True)

    def delete(self, call: Call, project: Project) -> Answer:
        transfer_id = call.query.get("log_transfer_id")
        if not transfer_id:
            raise invalid("transfer id")
        transfer = project.transfers.pop(transfer_id, None)
        if transfer is None:
            raise LtsError(400, "LTS.0405", "The log transfer does not existed")
        return json_answer(200, transfer.document(), JSON, acted=True)

    def _detail(self, info: dict, before: dict | None = None) -> dict:
        given = _object(info, "log_transfer_detail")
        _check_detail(given)
        defaults = DETAIL_DEFAULTS if self._variants["transfer_defaults_shown"] else {}
        return {**defaults, **(before or {}), **given}


def _check_detail(detail: dict) -> None:
    if not is_whole(detail.get("obs_period"), 1, 30):
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


def _check_prefix(detail: dict, name: str, pattern: re.Pattern) -> None:
    value = detail.get(name, "")
    # Nothing at all is the root of the bucket.
    if not isinstance(value, str) or len(value) > LONGEST_PREFIX or (value and not pattern.fullmatch(value)):
        raise invalid(name)


def _check_bucket(project: Project, detail: dict) -> None:
    bucket = detail["obs_bucket_name"]
    if project.buckets is not None and bucket not in project.buckets:
        raise LtsError(400, "LTS.0416", f"obs bucket does not exist: {bucket}")


def _object(data: dict, name: str) -> dict:
    value = data.get(name)
    if not isinstance(value, dict):
        raise invalid(name)
    return {key: item for key, item in value.items() if item is not None}


def _choice(data: dict, name: str, choices: tuple[str, ...]) -> Any:
    if data.get(name) not in choices:
        raise invalid(name)
    return data[name]


def _stream_ids(data: dict) -> list[str]:
    items = data.get("log_streams")
    if not isinstance(items, list) or not items:
        raise invalid("log_streams")
    ids = [item.get("log_stream_id") if isinstance(item, dict) else None for item in items]
    if not all(isinstance(stream_id, str) for stream_id in ids):
        raise invalid("log_stream_id")
    return list(dict.fromkeys(ids))


def _stream(streams: dict[str, Stream], stream_id: str) -> Stream:
    if stream_id not in streams:
        raise LtsError(400, "LTS.0208", f"Log stream id does not exist: {stream_id}")
    return streams[stream_id]


def _agency(info: dict) -> dict[str, str] | None:
    if "log_agency_transfer" not in info:
        return None
    agency = _object(info, "log_agency_transfer")
    if not all(isinstance(agency.get(name), str) and agency[name] for name in AGENCY_FIELDS):
        raise invalid("beAgency domain id")
    return {name: agency[name] for name in AGENCY_FIELDS}


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise invalid()
    return int(text)
