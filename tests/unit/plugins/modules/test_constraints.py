# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that do not go together are refused before anything is sent."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import (
    BASE,
    GROUP,
    KEYS,
    LTS_PARAMS,
    hex24,
    run,
    uuid,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import FakeService

COLLECT = {
    **KEYS,
    "state": "present",
    "resource_names": ["rsBlue"],
    "resource_type": "REPLICASET",
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
}
OPS_MANAGER = {name: value for name, value in KEYS.items() if name != "project_id"}
SERVERS = {**OPS_MANAGER, "servers": ["om1"]}
STREAMS = {**LTS_PARAMS, "log_stream_ids": [uuid(1)], "log_stream_names": ["api"]}
PROJECT_OF_LTS = {name: value for name, value in LTS_PARAMS.items() if name != "log_group_id"}
TRANSCRIPT = {"base_url": BASE, "api_token": "token-1234", "dest": "/tmp/"}
CAPTION = {**TRANSCRIPT, "caption_format": "SRT"}
GROUPS = {
    **PROJECT_OF_LTS,
    "log_group_ids": [GROUP],
    "log_group_names": ["web"],
}


@pytest.mark.parametrize(
    "module, params, words",
    [
        ("log_collection_job", {**COLLECT, "job_ids": [hex24(1)]}, "mutually exclusive: job_ids|resource_names"),
        (
            "log_collection_job",
            {**KEYS, "state": "absent"},
            "one of the following is required: job_ids, resource_names",
        ),
        (
            "log_collection_job",
            {**COLLECT, "keep_for": "1d", "expires_at": "2026-12-24"},
            "mutually exclusive: expires_at|keep_for",
        ),
        ("log_collection_job", {**COLLECT, "log_from": "2026-08-01"}, "required together: log_from, log_to"),
        (
            "server_log_collection_job",
            {**SERVERS, "state": "present", "all_servers": True},
            "mutually exclusive: job_ids|servers|all_servers",
        ),
        (
            "server_log_collection_job",
            {**OPS_MANAGER, "state": "present"},
            "one of the following is required: job_ids, servers, all_servers",
        ),
        ("server_log_collection_job", {**SERVERS, "state": "absent"}, "With state: absent, jobs are named by job_ids."),
        (
            "server_log_collection_job",
            {**SERVERS, "state": "present", "keep_for": "1d", "expires_at": "2026-12-24"},
            "mutually exclusive: expires_at|keep_for",
        ),
        (
            "server_log_collection_job",
            {**SERVERS, "state": "present", "log_from": "2026-08-01"},
            "required together: log_from, log_to",
        ),
        (
            "server_log_collection_job",
            {**OPS_MANAGER, "state": "present", "job_ids": [hex24(1)], "log_types": ["DAEMON"], "force": True},
            "log_types and force: valid only for new jobs",
        ),
        (
            "server_log_collection_job",
            {**OPS_MANAGER, "state": "retried", "job_ids": [hex24(1)], "keep_for": "1d"},
            "expires_at and keep_for require state: present",
        ),
        ("lts_log_stream", {**STREAMS, "state": "absent"}, "mutually exclusive: log_stream_ids|log_stream_names"),
        (
            "lts_log_stream",
            {**LTS_PARAMS, "state": "absent", "log_stream_ids": [uuid(1)], "name_pattern": "a*"},
            "mutually exclusive: log_stream_ids|log_stream_names|name_pattern",
        ),
        (
            "lts_log_stream",
            {**LTS_PARAMS, "state": "absent"},
            "one of the following is required: log_stream_ids, log_stream_names, name_pattern",
        ),
        ("lts_log_stream_info", STREAMS, "mutually exclusive: log_stream_ids|log_stream_names"),
        ("lts_log_transfer", {**STREAMS, "state": "absent"}, "mutually exclusive: log_stream_ids|log_stream_names"),
        (
            "lts_log_transfer",
            {**LTS_PARAMS, "state": "absent", "log_stream_names": ["api"], "log_transfer_ids": [uuid(1)]},
            "mutually exclusive: log_stream_ids|log_stream_names|log_transfer_ids",
        ),
        (
            "lts_log_transfer",
            {**LTS_PARAMS, "state": "present"},
            "one of the following is required: log_stream_ids, log_stream_names, log_transfer_ids",
        ),
        ("lts_log_transfer_info", STREAMS, "mutually exclusive: log_stream_ids|log_stream_names"),
        ("lts_log_group", {**GROUPS, "state": "absent"}, "mutually exclusive: log_group_ids|log_group_names"),
        (
            "lts_log_group",
            {**PROJECT_OF_LTS, "state": "absent", "log_group_names": ["web"], "name_pattern": "w*"},
            "mutually exclusive: log_group_ids|log_group_names|name_pattern",
        ),
        (
            "lts_log_group",
            {**PROJECT_OF_LTS, "state": "absent"},
            "one of the following is required: log_group_ids, log_group_names, name_pattern",
        ),
        ("lts_log_group_info", GROUPS, "mutually exclusive: log_group_ids|log_group_names"),
        (
            "snapshot",
            {**KEYS, "cluster_name": "blue", "state": "absent"},
            "state is absent but all of the following are missing: snapshot_ids",
        ),
        (
            "restore_job",
            {**KEYS, "cluster_name": "blue", "state": "absent"},
            "state is absent but all of the following are missing: job_ids",
        ),
        ("cielo24_caption", CAPTION, "one of the following is required: job_ids, external_ids"),
        (
            "cielo24_caption",
            {**CAPTION, "job_ids": ["a" * 32], "external_ids": ["a"]},
            "mutually exclusive: job_ids|external_ids",
        ),
        (
            "cielo24_transcript",
            {**TRANSCRIPT, "job_ids": ["a" * 32], "external_id": "a"},
            "mutually exclusive: job_ids|external_ids",
        ),
        (
            "cielo24_transcript",
            {**TRANSCRIPT, "job_ids": ["a" * 32], "sub_account": "a"},
            "missing parameter(s) required by 'sub_account': external_ids",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused_and_nothing_is_sent(module, params, words):
    with FakeService():
        result = run(module, params)
    assert result["failed"] is True
    assert words in result["msg"]
