# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log streams of LTS: their fields, and the options that name them."""

from __future__ import annotations

from typing import Any

from ..._core.json_fields import pick_fields
from ..._core.params.raw_arguments import ITEMS
from .api import Stream
from .selection import details as common_details

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
# What a result shows of a stream that is to be deleted.
_BRIEF = ("log_stream_id", "log_stream_name", "log_group_id", "creation_time")

SELECTION_OPTIONS = {
    "log_stream_ids": {"type": "list", "elements": "str", "aliases": ["log_stream_id"], **ITEMS},
    "log_stream_names": {"type": "list", "elements": "str", "aliases": ["log_stream_name"], **ITEMS},
}


def fields(stream: Stream) -> dict[str, Any]:
    """The documented fields of a stream, and its `id`."""
    return {"id": stream["log_stream_id"], **pick_fields(stream, FIELDS)}


def details(stream: Stream) -> dict[str, Any]:
    """What a reviewer wants to know of a stream, see Reconciler.details()."""
    return common_details(stream, ("log_stream_name", "log_group_id"))


def brief(stream: Stream) -> dict[str, Any]:
    """The fields that identify a stream, and its `id`."""
    return {"id": stream["log_stream_id"], **pick_fields(stream, _BRIEF)}
