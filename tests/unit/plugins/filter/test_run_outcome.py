# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import jinja2
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter.run_outcome import run_outcome, run_stats, run_summary

PLAYBOOKS = [
    "cancel_downloads",
    "cielo24_purge",
    "collect_logs",
    "delete_logs",
    "fetch_logs",
    "lts_retention",
    "restore_download",
    "retry_failed_logs",
    "sweep_logs",
]


def outcome(names=None, **lists):
    return {"lists": lists, "names": names or {}}


def filled(report, playbook):
    """The lists that are not empty."""
    return {label: values for label, values in run_outcome(report, playbook)["lists"].items() if values}


@pytest.mark.parametrize("playbook", PLAYBOOKS)
@pytest.mark.parametrize("report", ["reserved", None, {}, jinja2.Undefined(name="x")])
def test_run_outcome_without_a_report_has_empty_lists(playbook, report):
    found = run_outcome(report, playbook)
    assert found["lists"]
    assert filled(report, playbook) == {}


def test_run_outcome_of_an_unknown_playbook_fails():
    with pytest.raises(AnsibleFilterError, match="there is no playbook nothing"):
        run_outcome({}, "nothing")


def test_run_outcome_of_retries_sorts_jobs_by_how_they_ended():
    found = {"jobs": [{"id": key, "resourceName": f"rs{key}"} for key in "abcd"], "missing": ["e"]}
    retried = [
        {"id": "a", "changed": True, "status": "SUCCESS"},
        {"id": "b", "changed": True, "status": "FAILURE", "error": {}},
        {"id": "c", "changed": True, "status": "IN_PROGRESS"},
        {"id": "d", "changed": False, "status": "EXPIRED", "error": {}},
    ]
    report = {"found": found, "retried": {"jobs": retried}}
    assert filled(report, "retry_failed_logs") == {
        "had_failed": ["a", "b", "c", "d"],
        "retried": ["a", "b", "c"],
        "succeeded": ["a"],
        "failed_again": ["b"],
        "not_retried": ["d"],
        "missing": ["e"],
    }


def test_run_outcome_of_a_collection_tells_new_jobs_from_others():
    jobs = [
        {"id": "n", "resourceName": "rsBlue", "status": "SUCCESS"},
        {"id": "u", "resourceName": "rsRed", "status": "FAILURE"},
        {"id": None, "resourceName": "nowhere", "status": "FAILURE"},
    ]
    fetched = {"jobs": [{"files": [{"dest": "/n"}]}, {"files": [{"dest": "/u"}], "error": {}}]}
    report = {"progress": {"jobs": jobs, "created_ids": ["n"]}, "fetched": fetched}
    expected = {"started": ["n"], "reused": ["u"], "collected": ["n"], "failed": ["u"], "files": ["/n"]}
    assert filled(report, "collect_logs") == expected
    assert run_outcome(report, "collect_logs")["names"] == {"n": "rsBlue", "u": "rsRed"}


def test_run_outcome_of_deletions_tells_what_was_gone_from_what_failed():
    jobs = [
        {"id": "d", "changed": True, "resourceName": "rsBlue"},
        {"id": "g", "changed": False},
        {"id": "f", "changed": False, "error": {}},
        {"id": "p", "changed": True, "error": {}},
    ]
    expected = {"deleted": ["d", "p"], "already_gone": ["g"], "failed": ["f", "p"]}
    assert filled({"jobs": jobs}, "delete_logs") == expected


def test_run_outcome_of_fetching_tells_what_is_new_and_where_everything_is():
    jobs = [
        {"id": "n", "changed": True, "files": [{"dest": "/n"}]},
        {"id": "o", "changed": False, "files": [{"dest": "/o"}]},
        {"id": "f", "changed": False, "error": {}},
    ]
    expected = {"fetched": ["n"], "already_there": ["o"], "failed": ["f"], "files": ["/n", "/o"]}
    assert filled({"jobs": jobs}, "fetch_logs") == expected


def test_run_outcome_of_a_sweep_is_its_report():
    report = {"failed_before": ["a", "b"], "recovered": ["a"], "still_failed": ["b"], "deleted": ["c"]}
    assert filled(report, "sweep_logs") == report


def test_run_outcome_of_cancellations_names_the_clusters():
    report = {"blue": ["a", "b"], "green": ["c"], "indigo": []}
    assert filled(report, "cancel_downloads") == {"cancelled": ["blue/a", "blue/b", "green/c"]}


@pytest.mark.parametrize(("is_started", "label"), [(True, "started"), (False, "reused")])
def test_run_outcome_of_a_download_tells_who_started_it(is_started, label):
    report = {"job_id": "j", "snapshot_id": "s", "started": is_started, "fetched": [], "files": ["/a"]}
    assert filled(report, "restore_download") == {"snapshot": ["s"], label: ["j"], "files": ["/a"]}
    assert filled({**report, "cancelled": True}, "restore_download")["cancelled"] == ["j"]


def test_run_outcome_of_a_retention_names_the_log_groups():
    lists = {"planned": ["x"], "deleted": ["x"], "kept": ["y"], "kept_for_transfers": [], "keep_unmatched": ["z*"]}
    assert filled({"app": lists, "attic": {label: [] for label in lists}}, "lts_retention") == {
        "planned": ["app/x"],
        "deleted": ["app/x"],
        "kept": ["app/y"],
        "keep_unmatched": ["app/z*"],
    }


def test_run_outcome_of_a_purge_keeps_the_names():
    lists = {"planned": ["a"], "deleted": ["a"], "kept": [], "failed": [], "keep_unmatched": []}
    report = {**lists, "names": {"a": "News"}}
    assert run_outcome(report, "cielo24_purge")["names"] == {"a": "News"}
    assert filled(report, "cielo24_purge") == {"planned": ["a"], "deleted": ["a"]}


def test_run_summary_has_a_line_for_each_list_in_columns():
    lines = run_summary(outcome({"a": "News", "b": ""}, still_failed=["a", "b"], deleted=[]))
    assert lines == ["still failed  2  News (a), b", "deleted       0"]


def test_run_summary_in_check_mode_says_so_first():
    assert run_summary(outcome(deleted=[]), check_mode=True)[0].startswith("Check mode: nothing was changed.")


@pytest.mark.parametrize("check_mode, shown", [(True, "unknown"), (False, "0")])
def test_run_summary_in_check_mode_does_not_claim_to_know_how_retries_would_end(check_mode, shown):
    swept = outcome(failed_before=["a", "b"], recovered=[], still_failed=[], deleted=[])
    lines = run_summary(swept, check_mode=check_mode)[-4:]
    assert [line.split()[-1] for line in lines[1:3]] == [shown, shown]
    assert lines[3].split() == ["deleted", "0"]


def test_run_summary_in_check_mode_knows_that_nothing_recovers_where_nothing_had_failed():
    swept = outcome(failed_before=[], recovered=[], still_failed=[], deleted=[])
    assert not [line for line in run_summary(swept, check_mode=True) if "unknown" in line]


def test_run_summary_of_a_failed_run_ends_with_the_reasons():
    loop = {"results": [{"failed": True, "msg": "A."}, {"msg": "fine"}, {"failed": True, "msg": "B."}]}
    assert run_summary(outcome(), loop) == ["Failed: A.", "Failed: B."]
    assert run_summary(outcome(), {"msg": "No access."}) == ["Failed: No access."]
    for nothing in (None, "", jinja2.Undefined(name="x")):
        assert run_summary(outcome(), nothing) == []


def test_run_summary_of_many_items_shows_the_first_twenty():
    (line,) = run_summary(outcome(deleted=[str(number) for number in range(100, 125)]))
    assert line == f"deleted  25  {', '.join(str(number) for number in range(100, 120))} and 5 more"


def test_run_stats_have_the_first_hundred_items_and_all_their_number():
    ids = [str(number) for number in range(250)]
    stats = run_stats(outcome({"0": "News"}, deleted=ids, kept=[]), "sweep_logs", check_mode=True)
    assert stats == {
        "saasops_jobs_sweep_logs_check_mode": True,
        "saasops_jobs_sweep_logs_deleted": ids[:100],
        "saasops_jobs_sweep_logs_deleted_count": 250,
        "saasops_jobs_sweep_logs_kept": [],
        "saasops_jobs_sweep_logs_kept_count": 0,
    }
