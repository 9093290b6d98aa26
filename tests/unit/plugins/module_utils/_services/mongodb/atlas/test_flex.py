# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What flex clusters show, under the names that are used for other clusters."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import flex, restore_api

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
LATER, EARLIER = "2026-03-01T12:30:00Z", "2026-03-01T11:30:00Z"
URL = "https://h.example/t0psecret/a.tar.gz"


def job(status, **more):
    return {"id": "66f1c0de0000000000000211", "status": status, "restoreScheduledDate": EARLIER, **more}


@pytest.mark.parametrize(
    "shown, status",
    [
        (job("PENDING", deliveryType="RESTORE"), "in_progress"),
        (job("RUNNING", deliveryType="RESTORE", expirationDate=LATER), "in_progress"),
        (job("COMPLETED", deliveryType="RESTORE", restoreFinishedDate=EARLIER, expirationDate=EARLIER), "finished"),
        (job("COMPLETED", deliveryType="RESTORE"), "finished"),
        (job("FAILED", deliveryType="RESTORE"), "failed"),
        (job("QUEUED", deliveryType="DOWNLOAD", expirationDate=LATER), "in_progress"),
        (job("COMPLETED", deliveryType="DOWNLOAD", expirationDate=LATER, snapshotUrl=URL), "ready"),
        (job("COMPLETED", deliveryType="DOWNLOAD", snapshotUrl=URL), "ready"),
        (job("COMPLETED", deliveryType="DOWNLOAD", expirationDate=LATER), "in_progress"),
        (job("COMPLETED", deliveryType="DOWNLOAD", expirationDate=EARLIER, snapshotUrl=URL), "expired"),
        (job("FAILED", deliveryType="DOWNLOAD"), "failed"),
        (job("SOMETHING_NEW"), "in_progress"),
    ],
)
def test_each_state_of_a_flex_job_has_the_usual_name_and_none_seems_fetched(shown, status):
    usual = flex.as_usual_job(shown, NOW)
    assert restore_api.status(usual) == status
    assert not restore_api.was_fetched(usual)
    assert flex.is_of_flex(usual)


def test_the_url_of_a_download_is_only_where_it_is_kept_secret():
    usual = flex.as_usual_job(job("COMPLETED", deliveryType="DOWNLOAD", snapshotUrl=URL), NOW)
    assert [name for name, value in usual.items() if URL in str(value)] == ["deliveryUrl"]


def test_a_job_of_another_cluster_is_not_taken_for_one_of_flex():
    assert not flex.is_of_flex({"id": "x", "deliveryType": "download", "timestamp": EARLIER})


@pytest.mark.parametrize(
    "raw, usual",
    [
        ({"status": "PENDING"}, {"status": "queued"}),
        ({"status": "QUEUED"}, {"status": "queued"}),
        ({"status": "RUNNING", "startTime": EARLIER}, {"status": "inProgress"}),
        ({"status": "COMPLETED", "finishTime": EARLIER}, {"status": "completed", "createdAt": EARLIER}),
        ({"status": "FAILED", "finishTime": EARLIER}, {"status": "failed"}),
        ({"status": "COMPLETED", "expiration": LATER}, {"status": "completed", "expiresAt": LATER}),
    ],
)
def test_each_state_of_a_flex_snapshot_has_the_usual_name(raw, usual):
    shown = flex.as_usual_snapshot({"id": "x", **raw})
    assert {name: shown.get(name) for name in ("status", "createdAt", "expiresAt")} == {
        "createdAt": None,
        "expiresAt": None,
        **usual,
    }


@pytest.mark.parametrize(
    "body, endpoint, sent",
    [
        ({"deliveryType": "download", "snapshotId": "s"}, flex.DOWNLOAD, {"snapshotId": "s"}),
        (
            {"deliveryType": "automated", "snapshotId": "s", "targetClusterName": "c", "targetGroupId": "g"},
            flex.RESTORE,
            {"snapshotId": "s", "targetDeploymentItemName": "c", "targetProjectId": "g"},
        ),
    ],
)
def test_a_restore_is_asked_for_in_the_words_of_flex_clusters(body, endpoint, sent):
    assert flex.request(body) == (endpoint, sent)
