# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log streams of LTS: their fields and options.

Private to this collection.
"""

from __future__ import annotations

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

SELECTION = {
    "log_stream_ids": {"type": "list", "elements": "str", "aliases": ["log_stream_id"]},
    "log_stream_names": {"type": "list", "elements": "str", "aliases": ["log_stream_name"]},
}


# What a result shows of a stream that is deleted.
_BRIEF = ("log_stream_id", "log_stream_name", "log_group_id", "creation_time")


def brief(stream):
    """What tells a deleted stream from others, and its `id`."""
    return {"id": stream["log_stream_id"], **{name: stream[name] for name in _BRIEF if name in stream}}


def fields(stream):
    """The documented fields of a stream, and its `id`."""
    return {"id": stream["log_stream_id"], **{name: stream[name] for name in FIELDS if name in stream}}
