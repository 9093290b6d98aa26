# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role lts_retention, in real Ansible processes."""

from __future__ import annotations

import json
import re

import accounts
import pytest
from accounts import stream, transfer
from ansible_process import Ansible
from running import run as run_module
from sandbox_process import default_seed

APP = "11111111-aaaa-4000-8000-000000000001"
AUDIT = "11111111-bbbb-4000-8000-000000000002"
GONE = "11111111-ffff-4000-8000-000000000001"
TOO_FEW = "give keep, delete or older_than; otherwise, all its log streams would be deleted."
NO_PATTERNS = "these are not patterns of letters, digits, _, -, ., * and ?: "


def retain(sandbox, roles, *arguments, groups, **variables):
    return roles.run("lts_retention", *arguments, groups=groups, **accounts.lts(sandbox.url, **variables))


def retain_each(sandbox, roles, runs, *arguments):
    runs = [accounts.lts(sandbox.url, **variables) for variables in runs]
    return roles.run_each("lts_retention", runs, *arguments)


def names(sandbox, group):
    """Names of the log streams in a group."""
    groups = sandbox.state()["lts"][accounts.LTS_PROJECT]["groups"]
    found = next(entry for entry in groups.values() if entry["name"] == group)
    return sorted(found["streams"].values())


def report(deleted=(), kept=(), kept_for_transfers=(), planned=None, unmatched=()):
    lists = {"deleted": deleted, "kept": kept, "kept_for_transfers": kept_for_transfers, "keep_unmatched": unmatched}
    lists["planned"] = deleted if planned is None else planned
    return {name: list(entries) for name, entries in lists.items()}


def failures_shown(run):
    """How often it is printed that something failed."""
    return len(re.findall(r"^(?:fatal|failed): \[", run.output, re.MULTILINE))


def test_lts_retention_over_and_within_the_limit_is_refused_predicted_done_and_idempotent(sandbox, roles):
    wanted = {"groups": [{"log_group_name": "app", "keep": ["api"]}, {"log_group_id": AUDIT, "keep": ["pay*", "x"]}]}
    runs = [{**wanted, "max_deletions": 1, "check_mode": True}, {**wanted, "max_deletions": 1}]
    runs += [{**wanted, "max_deletions": 2, "check_mode": True}, {**wanted, "max_deletions": 2}, wanted]
    checked_limit, limit, checked, real, again = retain_each(sandbox, roles, runs, "-vvvv", "--diff")
    assert accounts.LTS_TOKEN not in again.output + real.output + checked.output + limit.output + checked_limit.output
    audit = report([], ["payments-eu", "payments-us"], ["logins", "legacy"], unmatched=["x"])
    for refused in (checked_limit, limit):
        assert refused.failure == (
            "2 log streams would be deleted, but lts_retention_max_deletions allows 1. Nothing was changed. They are: "
            "app/nginx, app/worker."
        )
        assert refused.streams == {"app": report([], ["api"], planned=["nginx", "worker"]), AUDIT: audit}
        assert (refused.changed, refused.acted, failures_shown(refused)) == (0, 0, 1)
    expected = {"app": report(["nginx", "worker"], ["api"]), AUDIT: audit}
    assert (checked.failure, checked.streams, checked.changed, checked.acted) == (None, expected, 1, 0)
    assert (real.failure, real.streams, real.changed, real.acted) == (None, expected, 1, 2)
    # Of what is only looked at beforehand, no diff is shown.
    assert [run.output.count("--- before") for run in (limit, checked, real, again)] == [0, 1, 1, 0]
    expected["app"] = report([], ["api"])
    assert (again.failure, again.streams, again.changed, again.acted) == (None, expected, 0, 2)
    assert names(sandbox, "app") == ["api"]


def test_lts_retention_with_delete_transfers_deletes_them_unless_a_kept_stream_feeds_them(sandbox, roles):
    wanted = {"groups": [{"log_group_name": "audit", "keep": "payments-us"}], "delete_transfers": True}
    checked, real, again = retain_each(sandbox, roles, [{**wanted, "check_mode": True}, wanted, wanted])
    # The transfer of payments-eu is also fed by the stream that is to be kept.
    left = report([], ["payments-us"], ["payments-eu"])
    expected = {"audit": {**left, "deleted": ["logins", "legacy"], "planned": ["logins", "legacy"]}}
    assert (checked.failure, checked.streams, checked.changed, checked.acted) == (None, expected, 1, 0)
    assert (real.failure, real.streams, real.changed, real.acted) == (None, expected, 1, 4)
    assert (again.failure, again.streams, again.changed, again.acted) == (None, {"audit": left}, 0, 4)
    assert list(sandbox.state()["lts"][accounts.LTS_PROJECT]["transfers"]) == [transfer(2)]


def test_lts_retention_patterns_match_as_those_of_the_modules(sandbox, roles):
    patterns = ["a.b", "a-b", "a?b", "a*", "*b", "?", "*.*", "a.*b", "a-c", "**", "A.b", "a?*?b"]
    existing = ["a.b", "a-b", "axb", "ab", "a", "b", "a.b.b", "A.b", "xa.b", "a.bx"]
    seed = default_seed()
    group = {"ttl_in_days": 7, "age": "9d"}
    seed["lts"]["projects"][0]["groups"] = [
        {
            **group,
            "id": f"11111111-eeee-4000-8000-{number:012d}",
            "name": f"g{number}",
            "streams": [
                {"id": f"22222222-{number:04d}-4000-8000-{other:012d}", "name": name, "age": "8d"}
                for other, name in enumerate(existing)
            ],
        }
        for number in range(2 * len(patterns))
    ]
    sandbox.reset(seed)
    wanted = [{"log_group_name": f"g{2 * number}", "keep": [name]} for number, name in enumerate(patterns)]
    wanted += [{"log_group_name": f"g{2 * number + 1}", "delete": name} for number, name in enumerate(patterns)]
    run = retain(sandbox, roles, "--check", groups=wanted, max_deletions=1000)
    assert run.failure is None
    for number, pattern in enumerate(patterns):
        listed = run_module("lts_log_stream_info", accounts.lts(sandbox.url, log_group_name="g0", name_pattern=pattern))
        fitting = [entry["log_stream_name"] for entry in listed["log_streams"]]
        others = [name for name in existing if name not in fitting]
        unmatched = [] if fitting else [pattern]
        assert run.streams[f"g{2 * number}"] == report(others, fitting, unmatched=unmatched), pattern
        assert run.streams[f"g{2 * number + 1}"] == report(fitting, others), pattern


def test_lts_retention_with_all_conditions_deletes_what_meets_all(sandbox, roles):
    wanted = {"log_group_name": "app", "keep": ["nginx"], "delete": ["nginx", "*r*", "a??"], "older_than": "75d"}
    run = retain(sandbox, roles, groups=[wanted])
    assert (run.failure, run.changed, run.acted) == (None, 1, 1)
    # Of the order in which LTS lists them.
    assert run.streams == {"app": report(["api"], ["nginx", "worker"])}
    assert names(sandbox, "app") == ["nginx", "worker"]


def test_lts_retention_with_older_than_alone_goes_by_age(sandbox, roles):
    runs = [{"groups": [{"log_group_name": "app", "older_than": age}]} for age in ("100d", "85d", "1s")]
    none, one, two = retain_each(sandbox, roles, runs)
    assert none.streams == {"app": report([], ["nginx", "api", "worker"])}
    assert (none.changed, none.acted) == (0, 0)
    assert (one.streams, one.acted) == ({"app": report(["nginx"], ["api", "worker"])}, 1)
    assert (two.streams, two.acted) == ({"app": report(["api", "worker"])}, 3)
    run = retain(sandbox, roles, groups=[{"log_group_name": "app", "older_than": "30 days"}])
    assert "older_than: '30 days' is not a duration" in run.failure
    assert run.acted == 3


def test_lts_retention_of_missing_log_groups_deletes_nothing_and_warns(sandbox, roles):
    groups = [{"log_group_name": "nowhere", "older_than": "1d"}, {"log_group_id": GONE, "keep": ["x"]}]
    run = retain(sandbox, roles, groups=[*groups, {"log_group_name": "attic", "delete": ["*"]}], max_deletions=0)
    assert (run.failure, run.changed, run.acted) == (None, 0, 0)
    # Where there is nothing, no pattern can be wrong.
    assert run.streams == {"nowhere": report(), GONE: report(), "attic": report()}
    for group in ("nowhere", GONE):
        assert f"Log group {group} does not exist in project" in " ".join(run.output.split())


def test_lts_retention_of_one_log_group_sends_the_fewest_requests(sandbox, roles):
    groups = f"GET /v2/{accounts.LTS_PROJECT}/groups"
    transfers = f"GET /v2/{accounts.LTS_PROJECT}/transfers 200"
    retain(sandbox, roles, groups=[{"log_group_id": APP, "keep": ["*"]}])
    assert sandbox.lines() == [f"{groups}/{APP}/streams 200"]
    sandbox.forget_requests()
    retain(
        sandbox, roles, groups=[{"log_group_id": APP, "keep": ["api"], "older_than": "1d", "delete": ["[nw]*", "w*"]}]
    )
    assert sandbox.lines() == []
    retain(sandbox, roles, groups=[{"log_group_id": APP, "keep": ["api"], "older_than": "1d", "delete": ["w*"]}])
    look = [f"{groups}/{APP}/streams 200", transfers]
    delete = f"DELETE /v2/{accounts.LTS_PROJECT}/groups/{APP}/streams/{stream('aaaa', 3)} 204"
    assert sandbox.lines() == [look[0], *look, *look, delete]


INVALID = [
    ({}, TOO_FEW),
    ({"keep": []}, "keep must not be empty; leave out what is not needed."),
    ({"keep": ["api"], "delete": None}, "delete must not be empty; leave out what is not needed."),
    ({"delete": [], "older_than": ""}, "delete and older_than must not be empty; leave out what is not needed."),
    ({"log_group_id": None, "keep": ["api"]}, "log_group_id must not be empty; leave out what is not needed."),
    ({"keep": ["^api$"]}, NO_PATTERNS + '["^api$"].'),
    ({"keep": ["api", "ängste"], "delete": "a/b"}, NO_PATTERNS + '["\\u00e4ngste", "a/b"].'),
]
UNKNOWN = "The role has no variable lts_retention_max_deletion or lts_retention_passcode."
NEGATIVE = "lts_retention_max_deletions must be a whole number, and not negative."


def test_lts_retention_with_invalid_variables_names_each_error_once_and_sends_nothing(sandbox, roles):
    runs = [{"groups": [{"log_group_name": "app", **group}]} for group, _words in INVALID]
    runs.append({"groups": [{"log_group_name": "app", "keep": ["api"]}, {"log_group_id": AUDIT}, {"keep": []}]})
    runs.append({"groups": [{"log_group_name": "app", "keep": ["api"]}], "max_deletion": 1, "passcode": "123456"})
    runs.append({"groups": [{"log_group_name": "app"}], "max_deletions": -1})
    *done, last, unknown, negative = retain_each(sandbox, roles, runs)
    for run, (_group, words) in zip(done, INVALID):
        assert run.failure == f"Log group app: {words} Nothing was changed."
    # All errors are named, once, and nothing is sent.
    assert last.failure == (
        f"Log group {AUDIT}: {TOO_FEW} Log group ?: keep must not be empty; leave out what is not needed. Nothing was "
        "changed."
    )
    assert unknown.failure == f"{UNKNOWN} Nothing was changed."
    assert negative.failure == f"{NEGATIVE} Log group app: {TOO_FEW} Nothing was changed."
    for run in (*done, last, unknown, negative):
        assert (failures_shown(run), run.streams) == (1, {})
    assert sandbox.requests() == []


def test_lts_retention_with_extra_variables_instead_of_parameters_validates_them(sandbox, roles):
    """Ansible validates the parameters of the role, and the role runs with what the command line says."""
    groups = [{"log_group_name": "app", "keep": ["api"]}]
    role = {f"lts_retention_{name}": value for name, value in accounts.lts(sandbox.url, groups=groups).items()}
    play = {"hosts": "localhost", "gather_facts": False, "roles": [{"role": "saasops.jobs.lts_retention", **role}]}
    groups = [{"log_group_name": "app", "keeep": ["api"], "olderthan": "1d", "delete": ["*"]}]
    instead = json.dumps({"lts_retention_groups": groups, "lts_retention_max_deletions": -3})
    done = Ansible(roles.home).run_playbook([play], "-e", instead)
    assert done.returncode == 2
    words = f"{NEGATIVE} Log group app: unknown keys: keeep, olderthan. Nothing was changed."
    assert words in " ".join(done.stdout.split())
    assert sandbox.requests() == []


def test_lts_retention_with_patterns_that_keep_nothing_warns(sandbox, roles):
    groups = [
        {"log_group_name": "app", "keep": ["API", "nginx", "worke"]},
        # Too young to be deleted, but there.
        {"log_group_id": AUDIT, "keep": ["payments-*", "legacy"], "older_than": "4000d"},
        {"log_group_name": "attic", "keep": ["x"]},
    ]
    run, silent = retain_each(sandbox, roles, [{"groups": groups}, {"groups": groups[1:]}])
    assert run.failure is None
    assert run.streams["app"] == report(["api", "worker"], ["nginx"], unmatched=["API", "worke"])
    assert run.streams[AUDIT]["keep_unmatched"] == run.streams["attic"]["keep_unmatched"] == []
    words = "these patterns of keep match none of its log streams: "
    assert re.findall(rf'"Log group (.*): {words}(.*?)\. They are case-sensitive\."', run.output) == [
        ("app", r"[\"API\", \"worke\"]")
    ]
    assert (silent.failure, words in silent.output) == (None, False)


def test_lts_retention_far_over_the_limit_names_twenty(sandbox, roles):
    seed = default_seed()
    group = seed["lts"]["projects"][0]["groups"][0]
    names = [f"s{number}" for number in range(23)]
    group["streams"] = [
        {"id": f"22222222-0000-4000-8000-{number:012d}", "name": name, "age": "8d"} for number, name in enumerate(names)
    ]
    sandbox.reset(seed)
    groups = [{"log_group_name": "audit", "delete": ["no*"]}, {"log_group_name": "app", "older_than": "1d"}]
    run, fewer = retain_each(sandbox, roles, [{"groups": groups}, {"groups": groups, "max_deletions": 22}])
    shown = ", ".join(f"app/{name}" for name in names[:20])
    assert run.failure == (
        "23 log streams would be deleted, but lts_retention_max_deletions allows 10. Nothing was changed. They are: "
        f"{shown} and 3 more."
    )
    assert fewer.failure.startswith("23 log streams would be deleted, but lts_retention_max_deletions allows 22.")
    for refused in (run, fewer):
        assert refused.streams["app"] == report(planned=names)
        # All of them are printed too.
        assert '"s22"' in refused.output
    assert sandbox.acted() == 0


def test_lts_retention_with_ambiguous_log_groups_is_refused(sandbox, roles):
    keep = {"keep": ["api"]}
    groups = [
        [{"log_group_name": "app", **keep}, {"log_group_id": APP, "keep": ["nginx"]}],
        [{"log_group_name": "app", "log_group_id": APP, **keep}],
        [{"log_group_name": "audit", **keep}, keep],
        [{"log_group_name": "app", "kept": ["api"], **keep}],
    ]
    twice, both, neither, unknown = retain_each(sandbox, roles, [{"groups": entries} for entries in groups])
    assert twice.failure.startswith("lts_retention_groups has a log group twice.")
    assert (failures_shown(twice), twice.streams) == (1, {})
    assert "Give exactly one of log_group_id and log_group_name." in both.failure
    assert "Give exactly one of log_group_id and log_group_name." in neither.failure
    assert "kept" in unknown.output
    assert unknown.failure is not None
    assert sandbox.acted() == 0


def test_lts_retention_after_a_failed_deletion_reports_what_was_done(sandbox, roles):
    sandbox.fault("status", status=403, match={"method": "DELETE", "path": stream("aaaa", 2)}, times=None)
    wanted = [{"log_group_name": "app", "keep": ["worker"]}, {"log_group_name": "audit", "delete": ["l*"]}]
    run = retain(sandbox, roles, groups=wanted, delete_transfers=True)
    assert "1 of 2 log streams failed." in run.failure
    assert "One or more items" not in run.failure
    assert run.streams == {
        "app": report(["nginx"], ["worker"], planned=["nginx", "api"]),
        "audit": report(["logins", "legacy"], ["payments-eu", "payments-us"]),
    }
    assert run.acted == 5
    assert names(sandbox, "app") == ["api", "worker"]


def test_lts_retention_without_access_to_transfers_deletes_nothing(sandbox, roles):
    sandbox.fault("status", status=403, match={"path": "/transfers$"}, times=None)
    run = retain(sandbox, roles, groups=[{"log_group_name": name, "keep": ["api"]} for name in ("app", "audit")])
    assert "list the log transfers" in run.failure
    assert (run.changed, run.acted, run.streams) == (0, 0, {})
    assert len([line for line in sandbox.lines() if "/transfers" in line]) == 1


def test_lts_retention_with_a_wrong_password_signs_in_once(sandbox, roles):
    connection = accounts.lts_user(sandbox.url, password="not-this-one")
    groups = [{"log_group_name": name, "keep": ["api"]} for name in ("app", "audit", "attic")]
    run = roles.run("lts_retention", groups=groups, **connection)
    assert "password" in run.failure
    assert run.streams == {}
    assert sandbox.lines() == ["POST /v3/auth/tokens 401"]


def test_lts_retention_without_connection_variables_uses_module_defaults(sandbox, roles):
    play = {"module_defaults": {"group/saasops.jobs.lts": accounts.lts(sandbox.url)}}
    run = roles.run("lts_retention", play=play, groups=[{"log_group_name": "app", "keep": ["api", "worker"]}])
    assert (run.failure, run.acted) == (None, 1)


@pytest.mark.parametrize("way", ["lts_user", "lts_keys", "lts_temporary_keys"])
def test_lts_retention_signs_in_each_way_and_shows_no_secret(sandbox, roles, way):
    connection = getattr(accounts, way)(sandbox.url)
    groups = [{"log_group_name": "app", "keep": ["api", "worker"]}]
    run = roles.run("lts_retention", "-vvvv", groups=groups, **connection)
    assert (run.failure, run.acted) == (None, 1)
    assert [secret for secret in sandbox.secrets() if secret in run.output] == []


def test_lts_retention_with_an_agency_works_in_the_delegated_project(sandbox, roles):
    groups = [{"log_group_name": "delegated", "delete": ["hand*"]}]
    run = roles.run("lts_retention", groups=groups, **accounts.lts_agency(sandbox.url))
    assert (run.failure, run.acted) == (None, 1)
    assert run.streams == {"delegated": report(["handover"])}
