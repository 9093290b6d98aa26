# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api, restore_reconcile

URL = "https://restore-1.example.net:27017/s3cret/restore-2.tar.gz"
DOWNLOAD = {"deliveryType": "download", "deliveryUrl": []}
AUTOMATED = {"deliveryType": "automated", "deliveryUrl": []}
IN_TIME = {"deliveryType": "pointInTime"}

STATES = [
    (DOWNLOAD, "in_progress"),
    ({"deliveryType": "download"}, "in_progress"),
    ({"deliveryType": "download", "deliveryUrl": [URL]}, "ready"),
    ({"deliveryType": "download", "deliveryUrl": URL}, "ready"),
    # One part is not there yet, or has been fetched.
    ({**DOWNLOAD, "components": [{"downloadUrl": None}, {"downloadUrl": URL}]}, "in_progress"),
    ({**DOWNLOAD, "components": [{"downloadUrl": None}, {"downloadUrl": URL}], "expiresAt": "x"}, "ready"),
    ({**DOWNLOAD, "components": [{"downloadUrl": URL}, {"downloadUrl": URL}]}, "ready"),
    ({**DOWNLOAD, "components": [{"downloadUrl": None}]}, "in_progress"),
    ({**DOWNLOAD, "cancelled": True}, "cancelled"),
    ({**DOWNLOAD, "expired": True, "deliveryUrl": [URL]}, "expired"),
    ({**DOWNLOAD, "failed": True}, "failed"),
    ({**DOWNLOAD, "finishedAt": "2026-03-01T07:00:00Z"}, "finished"),
    (AUTOMATED, "in_progress"),
    ({**AUTOMATED, "finishedAt": "2026-03-01T07:00:00Z"}, "finished"),
    ({**AUTOMATED, "failed": True}, "failed"),
    # What has been restored stays so, whatever became of the job.
    ({**AUTOMATED, "finishedAt": "2026-03-01T07:00:00Z", "expired": True}, "finished"),
    ({**AUTOMATED, "expired": True}, "expired"),
    (IN_TIME, "in_progress"),
    ({**IN_TIME, "finishedAt": "2026-03-01T07:00:00Z"}, "finished"),
]


def plan(job, shards=()):
    """The plan to cancel a job, where some snapshots are known to be those of single shards."""
    return restore_reconcile.AbsentRestoreReconciler(None, None).plan("j1", job, frozenset(shards))


@pytest.mark.parametrize("job, status", STATES)
def test_the_status_is_derived_from_what_the_job_shows(job, status):
    assert restore_api.status(job) == status


@pytest.mark.parametrize("job, status", STATES)
def test_only_a_download_that_has_not_ended_is_cancelled(job, status):
    change = plan(job)
    if status in ("finished", "failed", "expired", "cancelled"):
        assert (change.acts, change.refusal) == (False, None)
    elif job["deliveryType"] == "download":
        assert change.action == "cancel"
        assert change.before == {"status": status, "cancelled": False}
        assert change.after == {"status": "cancelled", "cancelled": True}
    else:
        assert not change.acts
        assert job["deliveryType"] in change.refusal


@pytest.mark.parametrize("job, status", STATES)
def test_the_download_of_a_single_shard_is_not_cancelled(job, status):
    change = plan({**job, "snapshotId": "S1"}, shards={"s1"})
    assert not change.acts
    if job["deliveryType"] == "download" and status in ("in_progress", "ready"):
        assert "download of a single shard" in change.refusal


def test_absent_does_nothing_if_the_job_is_gone():
    change = plan(None)
    assert (change.acts, change.refusal) == (False, None)


def test_an_unknown_delivery_type_is_refused():
    assert "carrier" in plan({"deliveryType": "carrier pigeon"}).refusal


def test_delivery_urls_are_never_shown():
    private = "https://private.example/s3cret2"
    job = {
        "id": "j1",
        **DOWNLOAD,
        "deliveryUrl": [URL],
        "components": [{"replicaSetName": "s0", "downloadUrl": URL}, {"replicaSetName": "s1", "downloadUrl": None}],
        "privateDownloadDeliveryUrls": [{"deliveryUrl": private, "endpointId": "e"}],
    }

    class Cluster:
        client = None

    shown = restore_api.RestoreJobs(Cluster()).fields(job)
    assert "s3cret" not in str(shown)
    assert shown["deliveryUrl"] == ["(hidden)"]
    assert shown["components"] == [
        {"replicaSetName": "s0", "downloadUrl": "(hidden)"},
        {"replicaSetName": "s1", "downloadUrl": None},
    ]
    assert set(restore_api.urls(job)) == {URL, private}


KNOWN = "66f1c0de00000000000000e1"


@pytest.mark.parametrize(
    "url, secret, public",
    [
        (URL, [], ["restore-2.tar.gz", "s3cret"]),
        ("https://h/long-token/restore.tar.gz", ["long-token"], ["restore.tar.gz"]),
        # The last part may be the secret itself, and so may one value of the query.
        ("https://h/long-token", ["long-token"], []),
        ("https://h/x.tgz?sig=a%2Bb-signature&k=v", ["a+b-signature", "sig=a%2Bb-signature&k=v"], ["v"]),
        # What is known anyway would be masked everywhere else as well.
        (f"https://h/{KNOWN.upper()}/long-token/x.tgz", ["long-token"], [KNOWN, KNOWN.upper()]),
        ("https://h/download/long-token/x.tgz", ["long-token"], ["download"]),
        ("https://[", [], []),
    ],
)
def test_the_secrets_of_a_delivery_url_are_its_parts_that_give_the_data_away(url, secret, public):
    found = restore_api.secrets_of(url, [KNOWN])
    assert found[0] == url
    assert set(secret) <= set(found)
    assert not set(public) & set(found)


UTC = timezone.utc
# This id begins with 2024-09-23T01:36:14Z.
ID = "66f0c5de0000000000000001"
BY_ID = datetime.fromtimestamp(0x66F0C5DE, UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "job, moment",
    [
        ({}, BY_ID),
        ({"timestamp": "2024-09-01T00:00:00Z"}, BY_ID),
        ({"createdAt": "2026-01-01T00:00:00Z"}, datetime(2026, 1, 1, tzinfo=UTC)),
        # before the snapshot: this id holds no time
        ({"timestamp": "2026-03-01T07:00:00Z"}, datetime(2026, 3, 1, 7, tzinfo=UTC)),
        # after the end, and after today
        ({"timestamp": "2024-01-01T00:00:00Z", "finishedAt": "2024-01-02T00:00:00Z"}, datetime(2024, 1, 1, tzinfo=UTC)),
        ({"id": "f" * 24, "timestamp": "2024-01-01T00:00:00Z"}, datetime(2024, 1, 1, tzinfo=UTC)),
        ({"id": "f" * 24}, None),
    ],
)
def test_creation_time_is_read_from_the_job_or_its_id_or_is_unknown(job, moment):
    assert restore_api.created({"id": ID, **job}, lambda: NOW) == moment


def test_details_never_hold_an_address_of_a_download():
    job = {
        **DOWNLOAD,
        "deliveryUrl": [URL],
        "components": [{"replicaSetName": "s0", "downloadUrl": URL}],
        "privateDownloadDeliveryUrls": [{"endpointId": "e", "deliveryUrl": URL}],
        "expiresAt": "2026-03-01T08:00:00+01:00",
        "timestamp": "2026-02-28T07:00:00Z",
        "snapshotId": "s1",
    }
    jobs = restore_api.RestoreJobs(SimpleNamespace(name="blue"), reveals=True)
    assert jobs.details(job) == {
        "clusterName": "blue",
        "snapshotId": "s1",
        "deliveryType": "download",
        "timestamp": "2026-02-28T07:00:00Z",
        "expiresAt": "2026-03-01T07:00:00Z",
        "status": "ready",
    }
    assert jobs.details(None) == {"clusterName": "blue"}
