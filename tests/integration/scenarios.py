# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every changing module is put through: arguments, and what must come of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import accounts
from accounts import caption, job, stream, transfer


class Scenario:
    """A task that changes something.

    :param name: for the test's id.
    :param module: name of the module.
    :param arguments: a function of the sandbox's URL.
    :param changes: how many changes of the server's state the task amounts to.
    :param sends: the HTTP method of these, a regular expression.
    :param once: the paths, a regular expression, of what is not sent again if it may have been lost and does not show:
        what destroys, and what costs money.
    :param path: what their path has in it.
    :param variants: of the sandbox.
    """

    def __init__(self, name, module, arguments, changes, sends="DELETE", path=".", once=None, **variants):
        self.name = name
        self.module = module
        self.arguments = arguments
        self.changes = changes
        self.once = once
        self.changing = {"method": sends, "path": path}
        self.variants = variants

    def __repr__(self):
        return self.name


COLLECT = {
    "resource_type": "REPLICASET",
    "log_types": ["MONGODB", "FTDC"],
    "size_requested_per_file_bytes": "500MB",
}
COLLECT_OF_SERVERS = {
    "servers": ["om1.example.net", "om2.example.net"],
    "log_types": ["APPLICATION"],
    "size_requested_per_file_bytes": "500MB",
}
ORDERING = "/job/(new|add_media|perform_transcription|authorize)$"
SCENARIOS = [
    Scenario(
        "delete-log-jobs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a1"), job("ff"), job("a6")]),
        changes=2,
    ),
    Scenario(
        "delete-one-log-job",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a4")]),
        changes=1,
    ),
    Scenario(
        "delete-log-jobs-sha256-pages-without-totals",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a6"), job("a2")]),
        changes=2,
        digest_algorithm="SHA-256",
        max_items_per_page=2,
        total_count=False,
        page_links=False,
    ),
    Scenario(
        "retry-log-jobs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="retried", job_ids=[job("a4"), job("a3"), job("a2")]),
        changes=2,
        sends="PUT",
        path="/retry$",
    ),
    Scenario(
        "collect-logs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="present", **COLLECT, resource_names=["rsBlue", "rsRed"]),
        changes=2,
        sends="POST",
    ),
    Scenario(
        "collect-logs-and-keep-them",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="present", **COLLECT, resource_names=["rsRed"], keep_for="60d"),
        changes=2,
        sends="POST",
        log_dates_shown=False,
    ),
    Scenario(
        "collect-what-was-logged-in-an-hour",
        "log_collection_job",
        lambda url: accounts.log_collection(
            url,
            project_id=accounts.CLOUD_MANAGER_PROJECT,
            product="cloud_manager",
            state="present",
            **COLLECT,
            resource_names=["rsStudio"],
            log_from="2026-03-01T08:00:00.5Z",
            log_to="2026-03-01T10:00:00+01:00",
        ),
        changes=1,
        sends="POST",
        resource_type_spelling="upper_underscore",
    ),
    Scenario(
        "extend-log-jobs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="present", job_ids=[job("a1"), job("a4")], keep_for="90d"),
        changes=2,
        sends="PATCH",
    ),
    Scenario(
        "delete-server-log-jobs",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="absent", job_ids=[job("d1"), job("ff"), job("d6")]),
        changes=2,
    ),
    Scenario(
        "delete-one-server-log-job",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="absent", job_ids=[job("d2")]),
        changes=1,
        missing_server_log_job_code="UNEXPECTED_ERROR",
    ),
    Scenario(
        "retry-server-log-jobs",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="retried", job_ids=[job("d4"), job("d3"), job("d2")]),
        changes=2,
        sends="POST",
        path=":retry$",
        server_log_error_status=409,
        server_log_error_codes="unexpected",
    ),
    Scenario(
        "collect-server-logs",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="present", **COLLECT_OF_SERVERS, keep_for="14d"),
        changes=2,
        sends="POST",
    ),
    Scenario(
        "collect-what-all-servers-logged-in-an-hour",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(
            url,
            state="present",
            all_servers=True,
            log_from="2026-03-01T08:00:00.5Z",
            log_to="2026-03-01T10:00:00+01:00",
        ),
        changes=1,
        sends="POST",
        new_server_log_job="job",
    ),
    Scenario(
        "extend-server-log-jobs",
        "server_log_collection_job",
        lambda url: accounts.ops_manager(url, state="present", job_ids=[job("d1"), job("d4")], keep_for="20d"),
        changes=2,
        sends="PATCH",
    ),
    Scenario(
        "prepare-a-download",
        "restore_job",
        lambda url: accounts.atlas(url, state="present", delivery_type="download", snapshot_id=job("e3")),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "prepare-a-download-of-the-latest-of-a-sharded-cluster-v1",
        "restore_job",
        lambda url: accounts.atlas(
            url,
            api_version="v1.0",
            cluster_name="green",
            state="present",
            delivery_type="download",
            snapshot="latest",
            before=f"{datetime.now(timezone.utc) - timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ}",
        ),
        changes=1,
        sends="POST",
        create_restore_answer="list",
    ),
    Scenario(
        "restore-to-a-cluster",
        "restore_job",
        lambda url: accounts.atlas(
            url,
            state="present",
            delivery_type="automated",
            snapshot_id=job("e1"),
            target_cluster_name="violet",
            accept_target_data_loss=True,
        ),
        changes=1,
        sends="POST",
        once=".",
    ),
    Scenario(
        "restore-a-flex-cluster",
        "restore_job",
        lambda url: accounts.atlas(
            url,
            cluster_name="sprout",
            state="present",
            delivery_type="automated",
            snapshot="latest",
            target_cluster_name="violet",
            accept_target_data_loss=True,
        ),
        changes=1,
        sends="POST",
        once=".",
    ),
    Scenario(
        "prepare-a-download-of-a-flex-cluster",
        "restore_job",
        lambda url: accounts.atlas(
            url, cluster_name="sprout", state="present", delivery_type="download", snapshot_id=job("202")
        ),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "restore-a-point-in-time",
        "restore_job",
        lambda url: accounts.atlas(
            url,
            state="present",
            delivery_type="pointInTime",
            oplog_ts=1772352000,
            oplog_inc=3,
            target_cluster_name="violet",
            accept_target_data_loss=True,
        ),
        changes=1,
        sends="POST",
        once=".",
    ),
    Scenario(
        "take-a-snapshot",
        "snapshot",
        lambda url: accounts.atlas(url, state="present", description="before the deployment", retention_in_days=7),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "delete-snapshots",
        "snapshot",
        lambda url: accounts.atlas(url, state="absent", snapshot_ids=[job("e3"), job("ff"), job("e6")]),
        changes=2,
    ),
    Scenario(
        "delete-a-snapshot-of-a-sharded-cluster",
        "snapshot",
        lambda url: accounts.atlas(url, cluster_name="green", state="absent", snapshot_ids=[job("f5")]),
        changes=1,
    ),
    Scenario(
        "cancel-restore-jobs-v2",
        "restore_job",
        lambda url: accounts.atlas(url, state="absent", job_ids=[job("b3"), job("b1"), job("b8"), job("b2")]),
        changes=2,
    ),
    Scenario(
        "cancel-restore-job-v1",
        "restore_job",
        lambda url: accounts.atlas(url, state="absent", api_version="v1.0", job_ids=[job("b2")]),
        changes=1,
        cancelled_job="gone",
    ),
    Scenario(
        "delete-log-streams-by-name",
        "lts_log_stream",
        lambda url: accounts.lts(
            url, state="absent", log_group_name="app", log_stream_names=["nginx", "nothing", "worker"]
        ),
        changes=2,
    ),
    Scenario(
        "delete-log-streams-with-transfers",
        "lts_log_stream",
        lambda url: accounts.lts(
            url,
            state="absent",
            log_group_id="11111111-bbbb-4000-8000-000000000002",
            log_stream_ids=[stream("bbbb", 2), stream("bbbb", 3), stream("bbbb", 1)],
            delete_transfers=True,
        ),
        changes=5,
    ),
    Scenario(
        "create-and-update-log-groups",
        "lts_log_group",
        lambda url: accounts.lts(
            url, state="present", log_group_names=["new-a", "app", "new-b"], ttl_in_days=7, tags={"team": "payments"}
        ),
        changes=3,
        sends="POST",
    ),
    Scenario(
        "create-one-log-group",
        "lts_log_group",
        lambda url: accounts.lts(url, state="present", log_group_names=["attic", "new"]),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "delete-log-groups-with-all-in-them",
        "lts_log_group",
        lambda url: accounts.lts(
            url, state="absent", log_group_names=["audit", "nothing", "attic", "app"], recursive=True
        ),
        changes=6,
    ),
    Scenario(
        "delete-a-log-group-by-id",
        "lts_log_group",
        lambda url: accounts.lts(url, state="absent", log_group_ids=["11111111-CCCC-4000-8000-000000000003"]),
        changes=1,
    ),
    Scenario(
        "create-log-streams",
        "lts_log_stream",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_name="app",
            log_stream_names=["new-1", "nginx", "new-2"],
            tags={"team": "x", "cost.center": "17"},
        ),
        changes=3,
        sends="POST|PUT",
    ),
    Scenario(
        "create-log-streams-with-a-time-to-live",
        "lts_log_stream",
        lambda url: accounts.lts(
            url, state="present", log_group_name="attic", log_stream_names=["a", "b"], ttl_in_days=3
        ),
        changes=2,
        sends="POST",
    ),
    Scenario(
        "update-log-streams",
        "lts_log_stream",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_id="11111111-aaaa-4000-8000-000000000001",
            log_stream_ids=[stream("aaaa", 2), stream("aaaa", 3)],
            ttl_in_days=7,
            tags={"stage": "test"},
        ),
        changes=3,
        sends="POST|PUT",
    ),
    Scenario(
        "update-tags-of-log-streams-where-they-are-replaced",
        "lts_log_stream",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_name="app",
            log_stream_names=["api", "worker"],
            tags={"stage": "test"},
            purge_tags=False,
        ),
        changes=2,
        sends="PUT",
        tags_update="replace",
    ),
    Scenario(
        "take-all-tags-away",
        "lts_log_stream",
        lambda url: accounts.lts(url, state="present", log_group_name="app", log_stream_names=["api"], tags={}),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "delete-log-streams-by-pattern",
        "lts_log_stream",
        lambda url: accounts.lts(url, state="absent", log_group_name="app", name_pattern="*i*"),
        changes=2,
    ),
    Scenario(
        "create-a-log-transfer",
        "lts_log_transfer",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_name="app",
            log_stream_names=["nginx", "api"],
            obs_bucket_name="app-archive",
            obs_period=3,
            obs_period_unit="hour",
            obs_dir_prefix_name="/production/app/",
        ),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "create-a-log-transfer-that-is-off",
        "lts_log_transfer",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_name="app",
            log_stream_names=["worker"],
            obs_bucket_name="app-archive",
            obs_period=30,
            obs_period_unit="min",
            enabled=False,
        ),
        changes=1,
        sends="POST",
    ),
    Scenario(
        "change-the-log-transfer-of-some-streams",
        "lts_log_transfer",
        lambda url: accounts.lts(
            url,
            state="present",
            log_group_name="audit",
            log_stream_names=["payments-us", "payments-eu"],
            obs_bucket_name="app-backup",
            obs_period=12,
            obs_period_unit="hour",
            log_storage_format="JSON",
        ),
        changes=1,
        sends="PUT",
        transfer_update="replace",
    ),
    Scenario(
        "switch-log-transfers-off",
        "lts_log_transfer",
        lambda url: accounts.lts(
            url, state="present", log_transfer_ids=[transfer(3), transfer(2), transfer(1)], enabled=False
        ),
        changes=2,
        sends="PUT",
        transfer_update="merge",
    ),
    Scenario(
        "delete-log-transfers",
        "lts_log_transfer",
        lambda url: accounts.lts(url, state="absent", log_transfer_ids=[transfer(1), transfer(9), transfer(3)]),
        changes=2,
        transfer_offset_works=False,
    ),
    Scenario(
        "delete-the-log-transfers-of-some-streams",
        "lts_log_transfer",
        lambda url: accounts.lts(
            url,
            state="absent",
            log_group_name="audit",
            log_stream_names=["payments-us", "logins", "payments-eu", "nothing"],
        ),
        changes=2,
    ),
    Scenario(
        "delete-captioning-jobs",
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="absent", job_ids=[caption("a1"), caption("ff"), caption("b1")]),
        changes=2,
        sends="GET",
        path="/job/del",
    ),
    Scenario(
        "delete-captioning-jobs-by-external-id",
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="absent", external_ids=["show-1002", "nothing", "show-1001"]),
        changes=2,
        sends="GET",
        path="/job/del",
    ),
    Scenario(
        "delete-captioning-jobs-by-pattern",
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="absent", name_pattern="Morning*"),
        changes=2,
        sends="GET",
        path="/job/del",
    ),
    Scenario(
        "order-captions",
        "cielo24_job",
        lambda url: accounts.cielo24(
            url,
            state="present",
            external_ids=["new-1"],
            job_name="Evening news",
            media_url="https://media.example.net/new-1.mp4",
            transcription={"fidelity": "PREMIUM", "options": {"speaker_id": True}},
        ),
        changes=3,
        sends="GET",
        path=ORDERING,
        once="/perform_transcription$",
    ),
    Scenario(
        "order-captions-in-a-hurry-by-name",
        "cielo24_job",
        lambda url: accounts.cielo24(
            url,
            state="present",
            match_by="job_name",
            job_name="Evening news",
            media_url="https://media.example.net/new-1.mp4",
            transcription={"fidelity": "MECHANICAL", "turnaround_hours": 24},
        ),
        changes=3,
        sends="GET",
        path=ORDERING,
        once="/(new|perform_transcription)$",
    ),
    Scenario(
        "authorize-a-captioning-job",
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="present", job_ids=[caption("a1"), caption("a4")], authorize=True),
        changes=1,
        sends="GET",
        path=ORDERING,
    ),
    Scenario(
        "change-an-order-that-waits",
        "cielo24_job",
        lambda url: accounts.cielo24(
            url,
            state="present",
            job_ids=[caption("a1")],
            transcription={"fidelity": "MECHANICAL", "priority": "PRIORITY"},
        ),
        changes=1,
        sends="POST",
        path="/job/modify",
    ),
    Scenario(
        "delete-captioning-job-by-token-on-the-older-path",
        "cielo24_job",
        lambda url: {
            "base_url": url,
            "api_token": accounts.CIELO24_TOKEN,
            "state": "absent",
            "job_ids": [caption("a2")],
        },
        changes=1,
        sends="GET",
        path="/job/del",
        delete_paths="del",
        deleted_job_info="still_answers",
    ),
]


def entries(result):
    """The items in a result."""
    return next(
        result[key] for key in ("jobs", "log_groups", "log_streams", "log_transfers", "snapshots") if key in result
    )
