# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every request of every changing scenario: the end is right, and the result tells the truth."""

from __future__ import annotations

import re

import pytest
from running import run
from scenarios import SCENARIOS, entries

FAULTS = {
    "refuse": {"kind": "refuse", "seconds": 0.01},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "stall_before": {"kind": "stall_before", "seconds": 1},
    "stall_after": {"kind": "stall_after", "seconds": 1},
    "truncate": {"kind": "truncate"},
    "429": {"kind": "status", "status": 429, "retry_after": 1, "body": "json"},
    "429-bare": {"kind": "status", "status": 429, "body": "empty"},
    "500": {"kind": "status", "status": 500, "body": "json"},
    "502-html": {"kind": "status", "status": 502, "body": "html"},
    "503-text": {"kind": "status", "status": 503, "body": "text", "retry_after": {"date_in": 1}},
    "504": {"kind": "status", "status": 504, "body": "empty"},
    "504-after": {"kind": "status_after", "status": 504},
    "upgrade": {
        "kind": "status",
        "status": 405,
        "code": "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
        "message": "Create, update, and delete API endpoints are disabled while the system is being upgraded.",
    },
}


def positions(sandbox, scenario):
    """How many requests the scenario costs without a fault."""
    sandbox.variants(**scenario.variants)
    run(scenario.module, scenario.arguments(sandbox.url))
    return len(sandbox.requests())


def is_documented(scenario, fault):
    # Only MongoDB's APIs have a code for their upgrades.
    return fault != "upgrade" or scenario.module in (
        "log_collection_job",
        "server_log_collection_job",
        "restore_job",
        "snapshot",
    )


def matches(scenario, request):
    """Whether a request is one that must not be sent twice."""
    return re.fullmatch(scenario.changing["method"], request["method"]) and re.search(scenario.once, request["path"])


CASES = [(scenario, fault) for scenario in SCENARIOS for fault in FAULTS if is_documented(scenario, fault)]


@pytest.mark.parametrize("scenario, fault", CASES, ids=repr)
def test_one_fault_at_any_request_repeats_no_change_and_hides_none(sandbox, scenario, fault):
    arguments = {**scenario.arguments(sandbox.url), "timeout": 0.3}
    count = positions(sandbox, scenario)
    wanted = sandbox.state()
    for position in range(1, count + 1):
        sandbox.reset()
        sandbox.clock(frozen=True)
        sandbox.variants(**scenario.variants)
        sandbox.fault(**FAULTS[fault], at=position)
        result = run(scenario.module, arguments)
        where = f"{fault} at request {position} of {count}: {sandbox.lines()}"
        if scenario.once and sandbox.acted() < scenario.changes:
            # What would destroy data or cost money is not sent a second time as long as the first may still act.
            sent = [request for request in sandbox.requests() if matches(scenario, request)]
            assert sent[-1]["n"] == position, where
            assert len({request["path"] for request in sent}) == len(sent), where
            assert (result["failed"], result["changed"]) == (True, True), where
            assert "It is not known whether the change was made" in result["msg"], where
            continue
        assert "failed" not in result, f"{where}: {result.get('msg')}"
        assert result["changed"] is True, where
        assert result["summary"]["changed"] == len([e for e in entries(result) if e["action"] != "none"]), where
        assert sandbox.state() == wanted, where
        # Each change happened once: nothing was done twice, nothing was lost.
        assert sandbox.acted() == scenario.changes, where


PERSISTENT = ["reset_before", "reset_after", "stall_after", "truncate", "500", "502-html", "504-after", "429"]


@pytest.mark.parametrize("fault", PERSISTENT)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_changes_that_all_meet_a_fault_are_reported_as_the_service_has_them(sandbox, scenario, fault):
    """All requests that would change something meet the fault: what is reported is what the server says."""
    sandbox.variants(**scenario.variants)
    before = sandbox.state()
    sandbox.fault(**FAULTS[fault], match=scenario.changing, times=None)
    result = run(scenario.module, {**scenario.arguments(sandbox.url), "timeout": 0.3, "retries": 1})
    if "It is not known whether the change was made" in result.get("msg", ""):
        # A creation that does not show may show later.
        assert "POST" in scenario.changing["method"] or "new" in scenario.changing["path"]
        assert (result["failed"], result["changed"]) == (True, True)
        return
    assert result["changed"] is (sandbox.state() != before), result
    assert result["changed"] is (sandbox.acted() > 0), result
    if sandbox.acted() == scenario.changes:
        assert "failed" not in result, result
    else:
        assert result["failed"] is True
        assert result["msg"]


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "504"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_nothing_is_claimed_when_nothing_can_be_seen(sandbox, scenario, fault):
    """The service is gone from the start: the task fails and nothing was changed."""
    before = sandbox.state()
    sandbox.fault(**FAULTS[fault], at="all")
    result = run(scenario.module, {**scenario.arguments(sandbox.url), "timeout": 0.3, "retries": 1})
    assert result["failed"] is True
    assert result["changed"] is False
    assert sandbox.state() == before
