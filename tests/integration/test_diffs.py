# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What --diff shows: enough to tell what is changed, the same in check mode and afterwards, and no secrets."""

from __future__ import annotations

import json
import re

import accounts
import pytest
from accounts import caption, job, stream, transfer
from running import run

APP = "11111111-aaaa-4000-8000-000000000001"
# Dates move with the clock of the sandbox.
DATE = "a date in UTC"

LOGS = {
    "status": "FAILURE",
    "resourceType": "cluster",
    "resourceName": "shGreen",
    "logTypes": ["BACKUP_AGENT", "MONGODB"],
    "uncompressedSizeTotalBytes": 51234,
    "creationDate": DATE,
    "expirationDate": DATE,
}
SERVER_LOGS = {
    "status": "FAILURE",
    "servers": ["backup1.example.net"],
    "logTypes": ["DAEMON"],
    "uncompressedSizeTotalBytes": 51234,
    "creationDate": DATE,
    "expirationDate": DATE,
}
DOWNLOAD = {
    "clusterName": "blue",
    "snapshotId": job("e2"),
    "deliveryType": "download",
    "timestamp": DATE,
    "expiresAt": DATE,
    "status": "ready",
    "cancelled": False,
}
SNAPSHOT = {
    "clusterName": "blue",
    "snapshotType": "scheduled",
    "status": "completed",
    "storageSizeBytes": 1550839808,
    "createdAt": DATE,
    "expiresAt": DATE,
}
GROUP = {"log_group_name": "app", "ttl_in_days": 30, "creation_time": DATE}
STREAM = {
    "log_group_name": "app",
    "log_stream_name": "nginx",
    "log_group_id": APP,
    "ttl_in_days": 30,
    "creation_time": DATE,
}
TRANSFER = {
    "log_group_name": "audit",
    "log_streams": ["logins"],
    "log_create_time": DATE,
    "log_transfer_info": {
        "log_transfer_type": "OBS",
        "log_transfer_status": "ENABLE",
        "log_transfer_detail": {"obs_bucket_name": "audit-logins"},
    },
}
CAPTIONS = {
    "JobName": "Morning news",
    "ExternalID": "show-1004",
    "JobStatus": "Complete",
    "MediaLengthSeconds": 1800.0,
    "CreationDate": DATE,
    "DueDate": DATE,
}

# (module, parameters, before, after), by what is done.
DIFFS = {
    "delete-logs": (
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a3"), job("ff")]),
        {job("a3"): LOGS},
        {},
    ),
    "retry-logs": (
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="retried", job_ids=[job("a3")]),
        {job("a3"): LOGS},
        {job("a3"): {**LOGS, "status": "IN_PROGRESS"}},
    ),
    "keep-logs": (
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="present", job_ids=[job("a3")], keep_for="90d"),
        {job("a3"): LOGS},
        {job("a3"): LOGS},
    ),
    "delete-server-logs": (
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="absent", job_ids=[job("d3"), job("ff")]),
        {job("d3"): SERVER_LOGS},
        {},
    ),
    "retry-server-logs": (
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="retried", job_ids=[job("d3")]),
        {job("d3"): SERVER_LOGS},
        {job("d3"): {**SERVER_LOGS, "status": "IN_PROGRESS"}},
    ),
    "collect-server-logs": (
        "server_log_collection_job",
        lambda url: accounts.ops_manager(
            url, state="present", servers=["om1.example.net", "om2.example.net"], log_types=["MIGRATION"]
        ),
        {},
        {
            "om1.example.net, om2.example.net": {
                "status": "IN_PROGRESS",
                "servers": ["om1.example.net", "om2.example.net"],
                "logTypes": ["MIGRATION"],
            }
        },
    ),
    "cancel-a-download": (
        "restore_job",
        lambda url: accounts.atlas(url, state="absent", job_ids=[job("b2")]),
        {job("b2"): DOWNLOAD},
        {job("b2"): {**DOWNLOAD, "status": "cancelled", "cancelled": True}},
    ),
    "restore": (
        "restore_job",
        lambda url: accounts.atlas(
            url,
            state="present",
            delivery_type="automated",
            snapshot_id=job("e1"),
            target_cluster_name="violet",
            accept_target_data_loss=True,
        ),
        {},
        {
            job("e1"): {
                "clusterName": "blue",
                "snapshotId": job("e1"),
                "deliveryType": "automated",
                "targetClusterName": "violet",
                "targetGroupId": accounts.ATLAS_PROJECT,
                "status": "in_progress",
            }
        },
    ),
    "take-a-snapshot": (
        "snapshot",
        lambda url: accounts.atlas(url, state="present", description="before", retention_in_days=7),
        {},
        {"before": {"clusterName": "blue", "description": "before", "retentionInDays": 7, "status": "queued"}},
    ),
    "delete-a-snapshot": (
        "snapshot",
        lambda url: accounts.atlas(url, state="absent", snapshot_ids=[job("e3")]),
        {job("e3"): SNAPSHOT},
        {},
    ),
    "delete-a-group": (
        "lts_log_group",
        lambda url: accounts.lts(url, state="absent", log_group_names=["app"], recursive=True),
        {"app": {**GROUP, "log_streams": ["nginx", "api", "worker"]}},
        {},
    ),
    "create-and-update-groups": (
        "lts_log_group",
        lambda url: accounts.lts(url, state="present", log_group_names=["app", "new"], ttl_in_days=7),
        {"app": GROUP},
        {"app": {**GROUP, "ttl_in_days": 7}, "new": {"log_group_name": "new", "ttl_in_days": 7}},
    ),
    "delete-a-stream": (
        "lts_log_stream",
        lambda url: accounts.lts(url, state="absent", log_group_name="app", log_stream_names=["nginx"]),
        {"nginx": STREAM},
        {},
    ),
    "update-and-create-streams": (
        "lts_log_stream",
        lambda url: accounts.lts(
            url, state="present", log_group_name="app", log_stream_names=["nginx", "new"], ttl_in_days=7
        ),
        {"nginx": STREAM},
        {
            "nginx": {**STREAM, "ttl_in_days": 7},
            "new": {"log_group_name": "app", "log_group_id": APP, "log_stream_name": "new", "ttl_in_days": 7},
        },
    ),
    "delete-a-stream-of-a-group-that-is-given-by-id": (
        "lts_log_stream",
        lambda url: accounts.lts(url, state="absent", log_group_id=APP, log_stream_ids=[stream("aaaa", 1)]),
        {stream("aaaa", 1): {name: value for name, value in STREAM.items() if name != "log_group_name"}},
        {},
    ),
    "delete-a-transfer": (
        "lts_log_transfer",
        lambda url: accounts.lts(url, state="absent", log_transfer_ids=[transfer(1)]),
        {transfer(1): TRANSFER},
        {},
    ),
    "delete-captions": (
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="absent", external_ids=["show-1004"]),
        {"show-1004": CAPTIONS},
        {},
    ),
    "authorize-captions": (
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="present", job_ids=[caption("a1")], authorize=True),
        {
            caption("a1"): {
                "JobName": "Morning interview",
                "ExternalID": "show-1001",
                "JobStatus": "Authorizing",
                "MediaLengthSeconds": 620.5,
                "CreationDate": DATE,
            }
        },
        {
            caption("a1"): {
                "JobName": "Morning interview",
                "ExternalID": "show-1001",
                "JobStatus": "Pending",
                "MediaLengthSeconds": 620.5,
                "CreationDate": DATE,
            }
        },
    ),
}


def undated(diff):
    return json.loads(re.sub(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', json.dumps(DATE), json.dumps(diff)))


@pytest.mark.parametrize("case", DIFFS)
def test_diff_shows_what_a_reviewer_needs_when_predicted_and_when_done(sandbox, case):
    module, arguments, before, after = DIFFS[case]
    predicted = run(module, arguments(sandbox.url), check=True)["diff"]
    assert undated(predicted) == {"before": before, "after": after}
    assert run(module, arguments(sandbox.url))["diff"] == predicted


def test_diff_of_logs_that_are_kept_longer_shows_both_dates(sandbox):
    arguments = accounts.log_collection(sandbox.url, state="present", job_ids=[job("a3")], keep_for="90d")
    diff = run("log_collection_job", arguments, check=True)["diff"]
    before, after = (diff[side][job("a3")]["expirationDate"] for side in ("before", "after"))
    assert before < after


def test_diff_of_an_updated_transfer_shows_its_new_state(sandbox):
    arguments = accounts.lts(sandbox.url, state="present", log_transfer_ids=[transfer(1)], enabled=False)
    diff = run("lts_log_transfer", arguments)["diff"]
    sides = [diff[side][transfer(1)] for side in ("before", "after")]
    assert [side["log_transfer_info"]["log_transfer_status"] for side in sides] == ["ENABLE", "DISABLE"]
    assert [(side["log_group_name"], side["log_streams"]) for side in sides] == [("audit", ["logins"])] * 2


def test_diff_of_a_cancelled_download_shows_no_address(sandbox):
    arguments = accounts.atlas(sandbox.url, state="absent", job_ids=[job("b1"), job("b2")], reveal_urls=True)
    text = json.dumps(run("restore_job", arguments)["diff"])
    assert "://" not in text
    assert not any(token in text for token in accounts.DELIVERY_TOKENS)
