# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import retention
from role_templates import OMIT, evaluate

VAR = "__lts_retention_group"
APP = {"log_group_name": "app", "keep": "api", "older_than": "30d"}


def groups(value):
    return evaluate("value | retention_groups", retention, value=value)


def answers(items, *results):
    """The registered result of a loop over log groups."""
    return {"results": [{**result, "ansible_loop_var": VAR, VAR: item} for item, result in zip(items, results)]}


def stream(name, group="g1"):
    return {"id": f"{group}-{name}", "log_stream_name": name, "log_group_id": group}


def listed(*names, total=None, group="g1"):
    return {"log_streams": [stream(name, group) for name in names], "total": len(names) if total is None else total}


def checked(*names, hindered=()):
    deletable = [{**stream(name), "action": "delete", "changed": True} for name in names]
    return {"log_streams": deletable + [{**stream(name), "action": "none", "error": {}} for name in hindered]}


def planned(limit=10, hindered=(), deletable=("nginx", "worker")):
    old = groups(answers(groups([APP]), listed("nginx", "api", "worker", total=4)))
    everything = groups(answers(old, listed("nginx", "api", "worker", "young")))
    found = answers(everything, checked(*deletable, hindered=hindered))
    return evaluate("found | retention_plan(limit)", retention, found=found, limit=limit)


# ---------------------------------------------------------------------------------------------------- retention_groups


def test_retention_groups_of_entries_reads_lists_and_leaves_out_what_is_omitted():
    entry = {"log_group_id": "g1", "log_group_name": OMIT, "delete": "a*, b", "older_than": OMIT}
    assert groups([entry]) == [{"log_group_id": "g1", "label": "g1", "keep": [], "delete": ["a*", "b"]}]
    assert groups([APP]) == [{**APP, "label": "app", "keep": ["api"], "delete": ["*"]}]


def test_retention_groups_after_the_first_list_choose_by_name_and_forget_the_age():
    (group,) = groups(answers(groups([APP]), listed("nginx", "api", total=3)))
    assert (group["log_stream_ids"], group["found_id"], group["has_younger"]) == (["g1-nginx"], "g1", True)
    assert "older_than" not in group


def test_retention_groups_without_streams_have_nothing_to_check():
    (group,) = groups(answers(groups([APP]), listed()))
    assert (group["log_stream_ids"], group["found_id"], group["has_younger"]) == ([], None, False)


def test_retention_groups_after_the_second_list_keep_the_choice_of_the_first():
    old = groups(answers(groups([APP]), listed("nginx", total=2)))
    (group,) = groups(answers(old, listed("nginx", "young")))
    assert group["log_stream_ids"] == ["g1-nginx"]
    assert [entry["log_stream_name"] for entry in group["log_streams"]] == ["nginx", "young"]


def test_retention_groups_that_were_skipped_stay_as_they_are():
    old = groups(answers(groups([APP]), listed("nginx")))
    assert groups(answers(old, {"skipped": True})) == old


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ("app", "Log group ?: an entry must be a dictionary."),
        ({"log_group_name": "app", "keeep": "api"}, "Log group app: unknown key: keeep."),
        ({"log_group_id": "g1"}, "Log group g1: give keep, delete or older_than; otherwise"),
        ({"log_group_name": "app", "keep": ["a"], "delete": []}, "Log group app: delete must not be empty;"),
        ({"log_group_name": "app", "keep": "a,"}, "Log group app: item 2 of keep of log group app is empty."),
        ({"log_group_name": "app", "keep": ["^a"]}, "Log group app: these are not patterns of letters"),
        ({"log_group_name": "app", "keep": ["a\n"], "delete": ["b\u00df"]}, 'and ?: ["b\\u00df"].'),
    ],
)
def test_group_errors_of_an_invalid_entry_name_the_log_group(entry, error):
    (sentence,) = retention.group_errors([{"log_group_name": "b", "delete": "x"}, entry])
    assert error in sentence


# ------------------------------------------------------------------------------------------------------ retention_plan


def test_retention_plan_within_the_limit_lists_what_is_kept_and_deleted():
    plan = planned(hindered=["worker"], deletable=["nginx"])
    lists = {"planned": ["nginx"], "kept": ["api", "young"], "kept_for_transfers": ["worker"], "keep_unmatched": []}
    deletion = {"label": "app", "found_id": "g1", "log_stream_ids": ["g1-nginx"], "keep": ["api"], "max_deletions": 10}
    assert plan == {"groups": {"app": lists}, "deletions": [deletion], "warnings": [], "refusal": ""}


def test_retention_plan_over_the_limit_deletes_nothing():
    plan = planned(limit="1")
    assert plan["deletions"] == []
    assert plan["groups"]["app"]["planned"] == ["nginx", "worker"]
    assert plan["refusal"] == (
        "2 log streams would be deleted, but lts_retention_max_deletions allows 1. Nothing was changed. They are: "
        "app/nginx, app/worker."
    )


def test_retention_plan_of_a_log_group_twice_deletes_and_reports_nothing():
    twice = groups([APP, {"log_group_id": "g1", "keep": ["nginx"]}])
    found = answers(groups(answers(twice, listed("nginx"), listed("nginx"))), checked("nginx"), checked("nginx"))
    plan = evaluate("found | retention_plan(10)", retention, found=found)
    assert plan["refusal"].startswith("lts_retention_groups has a log group twice.")
    assert (plan["groups"], plan["deletions"]) == ({}, [])


def test_retention_plan_of_a_log_group_twice_without_old_streams_in_one_entry_is_refused():
    twice = groups([{"log_group_name": "app", "delete": "*"}, {"log_group_name": "app", "older_than": "4000d"}])
    old = groups(answers(twice, listed("nginx"), listed(total=1)))
    everything = groups(answers(old, {"skipped": True}, listed("nginx")))
    found = answers(everything, checked("nginx"), {"skipped": True})
    plan = evaluate("found | retention_plan(10)", retention, found=found)
    assert plan["refusal"].startswith("lts_retention_groups has a log group twice.")
    assert plan["deletions"] == []


def test_retention_plan_with_patterns_that_keep_nothing_warns_unless_there_is_nothing():
    wanted = groups([{**APP, "keep": ["API", "nginx"]}, {"log_group_name": "attic", "keep": ["x"]}])
    found = answers(groups(answers(wanted, listed("nginx"), listed())), {"skipped": True}, {"skipped": True})
    plan = evaluate("found | retention_plan(10)", retention, found=found)
    assert plan["warnings"] == [
        'Log group app: these patterns of keep match none of its log streams: ["API"]. They are case-sensitive.'
    ]
    assert plan["groups"]["app"]["keep_unmatched"] == ["API"]


# ---------------------------------------------------------------------------------------------------- retention_report


def test_retention_report_without_a_plan_is_empty():
    assert retention.retention_report("reserved", "reserved") == {}


def test_retention_report_of_a_refused_plan_has_nothing_deleted():
    report = retention.retention_report(planned(limit=1), {"skipped": True, "results": []})
    assert (report["app"]["planned"], report["app"]["deleted"]) == (["nginx", "worker"], [])


def test_retention_report_after_a_partial_failure_has_what_was_deleted():
    plan = planned()
    done = answers(plan["deletions"], {**checked("nginx", hindered=["worker"]), "failed": True})
    report = retention.retention_report(plan, done)
    assert (report["app"]["planned"], report["app"]["deleted"]) == (["nginx", "worker"], ["nginx"])


def test_retention_report_of_a_deletion_that_failed_before_its_loop_has_nothing_deleted():
    report = retention.retention_report(planned(), {"failed": True, "msg": "No."})
    assert report["app"]["deleted"] == []


def test_retention_report_after_a_module_that_failed_at_once_has_nothing_deleted():
    plan = planned()
    report = retention.retention_report(plan, answers(plan["deletions"], {"failed": True, "msg": "No."}))
    assert report["app"]["deleted"] == []
