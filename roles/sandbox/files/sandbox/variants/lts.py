# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from .variant import choice, flag, number

STREAM_TTLS: tuple[str | int, ...] = ("group", 30)
MISSING_STREAM = "The log stream does not existed"
MISSING_STREAM_WITH_ID = "Log stream id does not exist: <id>"


@dataclass
class LtsVariants:
    """Variants of LTS, of its IAM, and of signed requests."""

    missing_group_status: int = choice(404, (404, 400), "status of LTS.0201 for a missing log group")
    missing_stream_message: str = choice(
        MISSING_STREAM, (MISSING_STREAM, MISSING_STREAM_WITH_ID), "message of LTS.0208 for a missing stream"
    )
    missing_stream_in_missing_group: str = choice(
        "LTS.0201", ("LTS.0201", "LTS.0208"), "code when a stream of a missing group is deleted or changed"
    )
    blocked_stream_code: str = choice("LTS.0207", ("LTS.0207", "LTS.0208"), "code when a transfer uses the stream")
    disabled_transfer_blocks: bool = flag(True, "a transfer with status DISABLE also blocks its streams")
    transfer_offset_works: bool = flag(True, "the transfer list supports offset")
    log_streams_group_id: bool = flag(False, "the list of all streams includes each stream's group")
    token_error: str = choice(
        "LTS.0003",
        ("LTS.0003", "LTS.0414", "LTS.0002", "APIGW.0301", "APIGW.0307"),
        "code of the 401 for a bad token",
    )
    log_group_quota: float = number(100, "how many log groups a project may have")
    log_stream_quota: float = number(100, "how many streams a log group may have")
    stream_name_unique_in: str = choice(
        "group", ("group", "project"), "the scope in which the name of a stream must be unique"
    )
    stream_ttl_when_absent: str | int = choice(
        "group",
        STREAM_TTLS,
        "ttl_in_days of a stream that is created without: always that of its group, or 30",
    )
    tags_update: str = choice(
        "merge", ("merge", "replace"), "an update adds its tags to the existing ones, or replaces them"
    )
    group_tags_reach_streams: bool = flag(False, "an update of a group's tags also updates the tags of its streams")
    tags_action_status: int = choice(200, (200, 201), "status when tags are created or deleted on their own")
    hide_new_lts: float = number(0, "seconds for which a new group, stream or transfer is not listed")
    transfer_page_size: float = number(100, "how many transfers are listed without limit", minimum=1)
    transfer_update: str = choice(
        "replace", ("replace", "merge"), "an update removes the settings that it leaves out, or keeps them"
    )
    transfer_defaults_shown: bool = flag(True, "transfers show settings that nobody has set")
    second_transfer_status: int = choice(400, (400, 500), "status of LTS.0207 for a stream's second transfer")

    # IAM and signatures
    auth_forms: str = choice("both", ("both", "access", "credential"), "forms of signatures that are accepted")
    iam_token_seconds: float = number(86400, "how long an IAM token lives, in seconds of the sandbox clock", minimum=1)
    iam_error_form: str = choice(
        "keystone", ("keystone", "iam"), "errors of IAM look like those of Keystone, or have codes"
    )
    agency_field: str = choice(
        "both", ("both", "xrole_name", "agency_name"), "the field that names the agency to assume"
    )
    passcode_demanded: bool = flag(True, "a user with a passcode cannot sign in without it")
    passcode_once: bool = flag(True, "a passcode is valid for one sign-in")
    missing_scope_status: int = choice(
        401, (401, 404), "status when a token is requested for a project or domain that the user does not have"
    )
