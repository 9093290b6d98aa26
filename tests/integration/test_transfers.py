# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting log streams that feed transfers: refusals, and reports of deletions that succeed only in part."""

from __future__ import annotations

import accounts
import pytest
from running import run

LOGINS, PAYMENTS, LEGACY = (f"33333333-bbbb-4000-8000-00000000000{number}" for number in (1, 2, 3))
TRANSFERS = {"method": "DELETE", "path": "/transfers"}
STREAMS = {"method": "DELETE", "path": "/streams/"}


def delete(sandbox, *names, delete_transfers=True, **more):
    arguments = {"state": "absent", "log_group_name": "audit", "log_stream_names": list(names)}
    return run("lts_log_stream", accounts.lts(sandbox.url, delete_transfers=delete_transfers, **arguments, **more))


def transfers(sandbox):
    return set(sandbox.state()["lts"][accounts.LTS_PROJECT]["transfers"])


def test_absent_refuses_a_feeding_stream_and_names_the_transfer(sandbox):
    result = delete(sandbox, "logins", delete_transfers=False)
    assert LOGINS in result["msg"]
    assert "delete_transfers: true" in result["msg"]
    assert sandbox.acted() == 0


def test_transfer_stays_if_other_streams_feed_it(sandbox):
    result = delete(sandbox, "payments-eu", "logins")
    assert [entry["changed"] for entry in result["log_streams"]] == [False, True]
    assert "log streams that stay: payments-us" in result["msg"]
    assert transfers(sandbox) == {PAYMENTS, LEGACY}


@pytest.mark.parametrize("retries", [0, 2])
def test_deleted_transfer_is_reported_despite_a_lost_answer(sandbox, retries):
    sandbox.fault("reset_after", match=TRANSFERS)
    sandbox.fault("status", status=403, body="json", match=STREAMS, times=None)
    result = delete(sandbox, "logins", retries=retries)
    entry = result["log_streams"][0]
    assert result["failed"] is True
    assert (result["changed"], entry["changed"]) == (True, True)
    assert (entry["action"], entry["deleted_transfers"]) == ("delete_transfers", [LOGINS])
    sandbox.clear_faults()
    again = delete(sandbox, "logins")
    assert (again["changed"], again["log_streams"][0]["action"]) == (True, "delete")


def test_shared_transfer_is_reported_for_each_stream_despite_a_lost_answer(sandbox):
    sandbox.fault("reset_after", match=TRANSFERS)
    result = delete(sandbox, "payments-eu", "payments-us")
    assert "failed" not in result
    assert [entry["deleted_transfers"] for entry in result["log_streams"]] == [[PAYMENTS], [PAYMENTS]]
    assert sandbox.acted() == 3


def test_failed_deletion_of_a_stream_reports_the_deleted_transfer(sandbox):
    sandbox.fault("status", status=400, code="LTS.0207", message="Log topic is associated by transfer", match=STREAMS)
    result = delete(sandbox, "legacy")
    entry = result["log_streams"][0]
    assert (entry["changed"], entry["action"], entry["deleted_transfers"]) == (True, "delete_transfers", [LEGACY])
    assert result["error"]["code"] == "LTS.0207"


def test_failed_deletion_of_a_transfer_changes_nothing(sandbox):
    sandbox.fault("status", status=403, body="json", match=TRANSFERS, times=None)
    result = delete(sandbox, "legacy")
    entry = result["log_streams"][0]
    assert (entry["changed"], entry["action"]) == (False, "none")
    assert "deleted_transfers" not in entry
