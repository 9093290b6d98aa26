# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups, log streams and log transfers: refusals, late visibility, and differences between services."""

from __future__ import annotations

import accounts
import pytest
from accounts import transfer
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

APP = "11111111-aaaa-4000-8000-000000000001"
AUDIT = "11111111-bbbb-4000-8000-000000000002"
LOGS = {"obs_bucket_name": "app-archive", "obs_period": 3, "obs_period_unit": "hour"}


def groups(sandbox, check=False, context=None, **arguments):
    return run("lts_log_group", accounts.lts(sandbox.url, **arguments), check=check, context=context)


def streams(sandbox, check=False, context=None, **arguments):
    return run("lts_log_stream", accounts.lts(sandbox.url, **arguments), check=check, context=context)


def transfers(sandbox, check=False, context=None, **arguments):
    return run("lts_log_transfer", accounts.lts(sandbox.url, **arguments), check=check, context=context)


def project(sandbox):
    return sandbox.state()["lts"][accounts.LTS_PROJECT]


def group(sandbox, name):
    return next(found for found in project(sandbox)["groups"].values() if found["name"] == name)


def sent(sandbox, *methods):
    return [request for request in sandbox.requests() if request["method"] in (methods or ("POST", "PUT", "DELETE"))]


# -------------------------------------------------------------------------------------------------------- log groups


@pytest.mark.parametrize("check", [True, False])
def test_absent_refuses_a_group_with_contents_and_names_them(sandbox, check):
    result = groups(sandbox, check, state="absent", log_group_names=["audit", "attic"])
    assert "logins, payments-eu, payments-us, legacy" in result["msg"]
    assert f"{transfer(1)} (ENABLE), {transfer(2)} (ENABLE), {transfer(3)} (DISABLE)" in result["msg"]
    assert "Give recursive: true" in result["msg"]
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert sandbox.acted() == (0 if check else 1)
    assert AUDIT in project(sandbox)["groups"]


@pytest.mark.parametrize("check", [True, False])
def test_recursive_deletion_reports_streams_and_transfers(sandbox, check):
    result = groups(sandbox, check, state="absent", log_group_name="audit", recursive=True)
    entry = result["log_groups"][0]
    assert entry["action"] == "delete"
    assert entry["deleted_streams"] == ["logins", "payments-eu", "payments-us", "legacy"]
    assert entry["deleted_transfers"] == [transfer(1), transfer(2), transfer(3)]
    before = result["diff"]["before"]["audit"]
    assert (before["log_streams"], before["log_transfers"]) == (entry["deleted_streams"], entry["deleted_transfers"])
    assert result["diff"]["after"] == {}


def test_failed_deletion_of_a_group_reports_its_deleted_transfers(sandbox):
    sandbox.fault(kind="status", status=500, match={"method": "DELETE", "path": "/groups/"}, times=None)
    result = groups(sandbox, state="absent", log_group_name="audit", recursive=True, retries=0)
    entry = result["log_groups"][0]
    assert (entry["action"], entry["changed"]) == ("delete_transfers", True)
    assert entry["deleted_transfers"] == [transfer(1), transfer(2), transfer(3)]
    assert "deleted_streams" not in entry
    assert result["failed"] is True


def test_new_group_keeps_logs_for_thirty_days(sandbox):
    """LTS requires the number, whatever its reference says."""
    groups(sandbox, state="present", log_group_name="new")
    assert group(sandbox, "new")["ttl_in_days"] == 30


def test_present_without_settings_changes_nothing(sandbox):
    result = groups(sandbox, state="present", log_group_names=["app", "audit"])
    assert result["changed"] is False
    assert sent(sandbox) == []


@pytest.mark.parametrize("names", [["_a"], [".a"], ["a."], ["a/b"], ["a" * 65], ["a", "a"], []])
def test_invalid_group_names_are_refused(sandbox, names):
    assert "log_group_names" in groups(sandbox, state="present", log_group_names=names)["msg"]
    assert sandbox.requests() == []


def test_present_refuses_a_missing_group_that_is_named_by_id(sandbox):
    result = groups(sandbox, state="present", log_group_id="11111111-ffff-4000-8000-000000000001", ttl_in_days=3)
    assert "does not exist. New ones are created by log_group_names" in result["msg"]


# ---------------------------------------------------------------------------------------------------- settings, tags


@pytest.mark.parametrize("update", ["merge", "replace"])
def test_tags_are_replaced_by_those_given(sandbox, update):
    sandbox.variants(tags_update=update)
    wanted = {"log_group_name": "app", "log_stream_name": "api", "state": "present"}
    result = streams(sandbox, **wanted, tags={"stage": "test", "build": 7})
    assert result["log_streams"][0]["tag"] == {"_sys_enterprise_project_id": "0", "stage": "test", "build": "7"}
    shown = run("lts_log_stream_info", accounts.lts(sandbox.url, log_group_name="app", log_stream_name="api"))
    assert shown["log_streams"][0]["tag"] == result["log_streams"][0]["tag"]
    assert streams(sandbox, **wanted, tags={"build": "7", "stage": "test"})["changed"] is False


@pytest.mark.parametrize("update", ["merge", "replace"])
def test_other_tags_stay_without_purge_tags(sandbox, update):
    sandbox.variants(tags_update=update)
    wanted = {"log_group_name": "app", "log_stream_name": "api", "state": "present", "purge_tags": False}
    assert streams(sandbox, **wanted, tags={"stage": "test"})["changed"] is True
    shown = run("lts_log_stream_info", accounts.lts(sandbox.url, log_group_name="app", log_stream_name="api"))
    assert shown["log_streams"][0]["tag"]["team"] == "payments"
    assert streams(sandbox, **wanted, tags={"stage": "test"})["changed"] is False


def test_system_tags_are_not_a_difference(sandbox):
    assert streams(sandbox, log_group_name="app", log_stream_name="nginx", state="present", tags={})["changed"] is False


@pytest.mark.parametrize("ttl", ["group", 30])
def test_new_stream_inherits_its_ttl(sandbox, ttl):
    sandbox.variants(stream_ttl_when_absent=ttl)
    wanted = {"log_group_name": "attic", "log_stream_name": "new", "state": "present"}
    result = streams(sandbox, **wanted)
    # The time to live is not known, so it is not shown.
    assert "ttl_in_days" not in result["log_streams"][0]
    assert streams(sandbox, **wanted)["changed"] is False


# -------------------------------------------------------------------------------------------------------- log streams


@pytest.mark.parametrize("state", ["present", "absent"])
def test_missing_group_by_name_is_an_error_or_a_warning(sandbox, state):
    result = streams(sandbox, state=state, log_group_name="nothing", log_stream_name="s")
    if state == "absent":
        assert result["changed"] is False
        assert "Log group nothing does not exist" in result["warnings"][0]
    else:
        assert "Log group nothing does not exist in project" in result["msg"]
        assert "lts_log_group" in result["msg"]
    assert sent(sandbox) == []


@pytest.mark.parametrize("status", [400, 404])
def test_missing_group_by_id_is_an_error_for_present(sandbox, status):
    sandbox.variants(missing_group_status=status)
    missing = {"log_group_id": "11111111-ffff-4000-8000-000000000001", "log_stream_name": "s"}
    for check in (True, False):
        result = streams(sandbox, check, state="present", **missing)
        assert (result["error"]["status"], result["error"]["code"]) == (status, "LTS.0201")
    assert streams(sandbox, state="absent", **missing)["changed"] is False


def test_check_mode_predicts_streams_and_transfers_of_a_group_to_come(sandbox):
    wanted = {"state": "present", "log_group_name": "new", "log_stream_names": ["a", "b"]}
    result = streams(sandbox, True, **wanted)
    assert result["summary"]["changed"] == 2
    assert "unless an earlier task creates the group" in result["warnings"][0]
    result = transfers(sandbox, True, **wanted, **LOGS)
    assert result["summary"]["changed"] == 1
    assert [sentence for sentence in result["warnings"] if "These log streams do not exist: a, b" in sentence]
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    "pattern, gone",
    [("n*", ["nginx"]), ("*", ["nginx", "api", "worker"]), ("ng", []), ("?pi", ["api"]), ("ngin.", []), ("NGINX", [])],
)
def test_name_pattern_matches_whole_names(sandbox, pattern, gone):
    result = streams(sandbox, state="absent", log_group_name="app", name_pattern=pattern)
    assert [entry["log_stream_name"] for entry in result["log_streams"]] == gone
    assert result["summary"] == {"requested": len(gone), "changed": len(gone), "unchanged": 0, "failed": 0}
    left = set(group(sandbox, "app")["streams"].values())
    assert left == {"nginx", "api", "worker"} - set(gone)


def test_name_pattern_deletes_transfers_only_if_asked_to(sandbox):
    result = streams(sandbox, state="absent", log_group_name="audit", name_pattern="pay*")
    assert result["summary"]["failed"] == 2
    result = streams(sandbox, state="absent", log_group_name="audit", name_pattern="pay*", delete_transfers=True)
    assert result["summary"] == {"requested": 2, "changed": 2, "unchanged": 0, "failed": 0}
    assert sorted(project(sandbox)["transfers"]) == [transfer(1), transfer(3)]


@pytest.mark.parametrize(
    "given",
    [
        {"state": "present", "name_pattern": "*"},
        {"state": "absent", "name_pattern": ""},
        {"state": "present", "log_stream_names": ["a."]},
        {"state": "present", "log_stream_names": ["a"], "ttl_in_days": 400},
    ],
)
def test_invalid_stream_options_are_refused(sandbox, given):
    assert streams(sandbox, log_group_name="app", **given)["failed"] is True
    assert sandbox.requests() == []


# ------------------------------------------------------------------------------------------------------ log transfers


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "names, words",
    [
        (["logins", "legacy"], "There is: "),
        (["payments-eu"], f"{transfer(2)} (ENABLE) by payments-eu, payments-us"),
        (["payments-eu", "payments-us", "logins"], "the streams of a transfer cannot be changed"),
    ],
)
def test_present_refuses_streams_of_another_transfer(sandbox, names, words, check):
    result = transfers(sandbox, check, state="present", log_group_name="audit", log_stream_names=names, **LOGS)
    assert words in result["msg"]
    assert sent(sandbox) == []


def test_present_refuses_a_transfer_of_missing_streams(sandbox):
    result = transfers(sandbox, state="present", log_group_name="app", log_stream_names=["nginx", "none"], **LOGS)
    assert result["msg"] == ("These log streams do not exist: none. Create them first, with the module lts_log_stream.")
    assert sent(sandbox) == []


def test_existing_transfer_is_switched_off_by_its_streams(sandbox):
    wanted = {"state": "present", "log_group_name": "audit", "log_stream_name": "logins", "enabled": False}
    assert transfers(sandbox, **wanted)["changed"] is True
    assert project(sandbox)["transfers"][transfer(1)]["status"] == "DISABLE"
    assert transfers(sandbox, **wanted)["changed"] is False


def test_check_mode_refuses_a_new_stream_beside_one_with_a_transfer(sandbox):
    """The other stream already feeds a transfer, and the streams of a transfer cannot be changed."""
    wanted = {"state": "present", "log_group_name": "audit", "log_stream_names": ["logins", "new"]}
    assert "the streams of a transfer cannot be changed" in transfers(sandbox, True, **wanted)["msg"]


def test_missing_bucket_is_an_error_with_a_hint(sandbox):
    wanted = {**LOGS, "obs_bucket_name": "no-such-bucket"}
    result = transfers(sandbox, state="present", log_group_name="app", log_stream_name="api", **wanted)
    assert result["error"]["code"] == "LTS.0416"
    assert "Check obs_bucket_name" in result["msg"]
    assert result["changed"] is False


@pytest.mark.parametrize("status", [400, 500])
def test_stream_that_gets_a_transfer_in_the_meantime_is_an_error(sandbox, status):
    """The transfer exists, but is not listed yet."""
    sandbox.variants(hide_new_lts=100, second_transfer_status=status)
    wanted = {"state": "present", "log_group_name": "app", "log_stream_name": "api", **LOGS}
    assert transfers(sandbox, **wanted)["changed"] is True
    result = transfers(sandbox, **wanted)
    assert (result["failed"], result["changed"], result["error"]["code"]) == (True, False, "LTS.0207")
    sandbox.clock(advance=200)
    result = transfers(sandbox, **wanted)
    assert (result.get("failed"), result["changed"]) == (None, False)


def test_absent_refuses_a_transfer_that_other_streams_feed(sandbox):
    wanted = {"state": "absent", "log_group_name": "audit"}
    result = transfers(sandbox, **wanted, log_stream_names=["payments-eu", "logins"])
    assert "is also fed by the log streams payments-us. Name these too" in result["msg"]
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert sorted(project(sandbox)["transfers"]) == [transfer(2), transfer(3)]


def test_absent_transfers_of_missing_streams_and_groups_change_nothing(sandbox):
    assert transfers(sandbox, state="absent", log_group_name="app", log_stream_names=["nginx", "x"])["changed"] is False
    result = transfers(sandbox, state="absent", log_group_name="nothing", log_stream_name="x")
    assert (result["changed"], result["log_transfers"], len(result["warnings"])) == (False, [], 1)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"state": "present", "log_transfer_ids": [transfer(9)], "enabled": True}, "does not exist. New ones"),
        ({"state": "present", "log_transfer_ids": [transfer(1)]}, "for example enabled"),
        ({"state": "present", "log_stream_name": "api"}, "Give exactly one of log_group_id and log_group_name"),
        (
            {"state": "present", "log_stream_name": "api", "log_group_name": "app"},
            "is fed by these log streams. To create one, also give obs_bucket_name",
        ),
        ({"state": "present", "log_transfer_ids": [transfer(1)], "obs_period": 4, "obs_period_unit": "hour"}, "12hour"),
    ],
)
def test_invalid_transfer_options_are_refused(sandbox, given, words):
    assert words in transfers(sandbox, **given)["msg"]
    assert sent(sandbox) == []


@pytest.mark.parametrize("mode", ["replace", "merge"])
@pytest.mark.parametrize("shown", [True, False])
def test_update_keeps_what_it_does_not_name(sandbox, mode, shown):
    wanted = {"state": "present", "log_group_name": "app", "log_stream_names": ["nginx", "api"]}
    more = {"obs_prefix_name": "p-", "obs_dir_prefix_name": "a/b", "log_storage_format": "JSON"}
    zone = {"obs_time_zone": "UTC+01:00", "obs_time_zone_id": "Europe/Berlin"}
    made = transfers(sandbox, **wanted, **LOGS, **more, **zone)["log_transfers"][0]["id"]
    sandbox.variants(transfer_update=mode, transfer_defaults_shown=shown)
    before = project(sandbox)["transfers"][made]
    assert transfers(sandbox, state="present", log_transfer_ids=[made], enabled=False)["changed"] is True
    assert project(sandbox)["transfers"][made] == {**before, "status": "DISABLE"}
    again = transfers(sandbox, **wanted, **LOGS, **more, **zone, enabled=False)
    assert again["changed"] is False


def test_transfer_list_is_complete_without_a_working_offset(sandbox):
    """More transfers than a page holds, most of them in one group."""
    for name in ("bulk-1", "bulk-2"):
        count = 100 if name == "bulk-1" else 9
        wanted = {"log_group_name": name, "log_stream_names": [f"{name}-{number}" for number in range(count)]}
        groups(sandbox, state="present", log_group_name=name)
        streams(sandbox, state="present", **wanted)
        for each in wanted["log_stream_names"]:
            transfers(sandbox, state="present", log_group_name=name, log_stream_name=each, **LOGS)
    sandbox.variants(transfer_offset_works=False)
    found = run("lts_log_transfer_info", accounts.lts(sandbox.url))
    assert (found["total"], len(found["log_transfers"])) == (112, 112)
    found = run(
        "lts_log_transfer_info", accounts.lts(sandbox.url, log_group_name="bulk-1", log_stream_name="bulk-1-99")
    )
    assert len(found["log_transfers"]) == 1
    result = groups(sandbox, state="absent", log_group_name="bulk-2", recursive=True)
    assert len(result["log_groups"][0]["deleted_transfers"]) == 9


# ---------------------------------------------------------------------------------------------- late visibility, quotas

CREATIONS = {
    "group": (groups, {"log_group_names": ["new-1", "new-2"]}, "/groups$"),
    "stream": (streams, {"log_group_name": "app", "log_stream_names": ["new-1", "new-2"]}, "/streams$"),
    "transfer": (transfers, {"log_group_name": "app", "log_stream_names": ["nginx"], **LOGS}, "/transfers$"),
}


@pytest.mark.parametrize("fault", ["reset_after", "stall_after", "504-after", "none"])
@pytest.mark.parametrize("kind", CREATIONS)
def test_what_shows_late_is_created_once(sandbox, kind, fault):
    act, arguments, path = CREATIONS[kind]
    sandbox.variants(hide_new_lts=6)
    faults = {
        "reset_after": {"kind": "reset_after"},
        "stall_after": {"kind": "stall_after", "seconds": 1},
        "504-after": {"kind": "status_after", "status": 504},
    }
    if fault in faults:
        sandbox.fault(**faults[fault], match={"method": "POST", "path": path}, times=1)
    context = TaskContext(clock=SteeringClock(sandbox))
    result = act(sandbox, context=context, state="present", **arguments, timeout=0.3)
    assert "failed" not in result, result
    wanted = 1 if kind == "transfer" else 2
    assert result["summary"] == {"requested": wanted, "changed": wanted, "unchanged": 0, "failed": 0}
    assert sandbox.acted() == wanted
    entries = result[f"log_{kind}s"]
    assert all(entry["id"] for entry in entries)
    # When the task runs again at once, the objects exist but may not show: LTS itself says so.
    again = act(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), state="present", **arguments)
    assert (again.get("failed"), again["changed"]) == (None, False)
    assert [entry["id"] for entry in again[f"log_{kind}s"]] == [entry["id"] for entry in entries]


@pytest.mark.parametrize("kind", CREATIONS)
def test_what_never_shows_is_reported_as_unknown(sandbox, kind):
    act, arguments, path = CREATIONS[kind]
    sandbox.variants(hide_new_lts=100000)
    sandbox.fault(kind="reset_after", match={"method": "POST", "path": path}, times=None)
    result = act(sandbox, context=TaskContext(clock=SteeringClock(sandbox)), state="present", **arguments, retries=1)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "It is not known whether the change was made" in result["msg"]


@pytest.mark.parametrize(
    "act, arguments, code",
    [
        (groups, {"log_group_names": ["a", "b", "c"]}, "LTS.0104"),
        (streams, {"log_group_name": "app", "log_stream_names": ["a", "b", "c"]}, "LTS.0206"),
    ],
)
def test_used_up_quota_is_an_error_with_a_hint(sandbox, act, arguments, code):
    sandbox.variants(log_group_quota=4, log_stream_quota=4)
    result = act(sandbox, state="present", **arguments)
    assert result["summary"] == {"requested": 3, "changed": 1, "unchanged": 0, "failed": 2}
    assert result["error"]["code"] == code
    assert "The quota is exhausted" in result["msg"]


# -------------------------------------------------------------------------------------------------- errors in the way


@pytest.mark.parametrize(
    "fault, words",
    [
        ({"status": 418}, "A web application firewall in front of LTS mistakes the request for an attack"),
        ({"status": 415, "body": "text"}, "removes the header Content-Type"),
        ({"status": 404, "code": "APIGW.0101"}, "the gateway does not know this address"),
        ({"status": 404, "code": "APIG.0101"}, "the gateway does not know this address"),
        ({"status": 403, "code": "LTS.0001"}, "Check project_id"),
        ({"status": 403, "code": "LTS.0003"}, "lacks a role"),
        ({"status": 401, "code": "LTS.0414"}, "Give a new auth_token"),
        ({"status": 400, "code": "LTS.0106"}, "Give a ttl_in_days that this region accepts"),
        ({"status": 429}, "The gateway allows no more requests for now"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_errors_are_not_taken_for_missing_objects(sandbox, fault, words, method):
    sandbox.fault(kind="status", **fault, match={"method": method}, times=None)
    result = groups(sandbox, state="absent", log_group_names=["attic"], retries=0)
    assert words in result["msg"]
    assert (result["failed"], result["changed"]) == (True, False)
    assert len(project(sandbox)["groups"]) == 3
