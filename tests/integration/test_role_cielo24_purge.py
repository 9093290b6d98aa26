# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role cielo24_purge, in real Ansible processes."""

from __future__ import annotations

import re

import accounts
import pytest
from accounts import caption
from ansible_collections.saasops.jobs.plugins.filter import purge as purge_filters
from role_templates import evaluate
from running import run as run_module
from sandbox_process import default_seed

AUTHORIZING, PENDING, IN_PROCESS, COMPLETE, FAILED, REVIEWING = (caption(f"a{number}") for number in range(1, 7))
ARCHIVED = caption("b1")
# As the service lists them, the newest first.
JOBS = [AUTHORIZING, PENDING, IN_PROCESS, FAILED, REVIEWING, COMPLETE]
OLD = [FAILED, REVIEWING, COMPLETE]
NAMES = {job["id"]: job["name"] for account in default_seed()["cielo24"]["accounts"] for job in account.get("jobs", [])}
TOO_FEW = (
    "Give cielo24_purge_older_than, cielo24_purge_status or cielo24_purge_name_pattern; otherwise, all captioning jobs "
    "would be deleted. Nothing was changed."
)
NEEDLESS = "must not be empty; leave out what is not needed. Nothing was changed."


def purge(sandbox, roles, *arguments, **variables):
    return roles.run("cielo24_purge", *arguments, **accounts.cielo24(sandbox.url, **variables))


def purge_each(sandbox, roles, runs, *arguments):
    return roles.run_each("cielo24_purge", [accounts.cielo24(sandbox.url, **each) for each in runs], *arguments)


def report(deleted=(), kept=(), failed=(), planned=None, unmatched=(), names=NAMES):
    lists = {"deleted": deleted, "kept": kept, "failed": failed, "keep_unmatched": unmatched}
    lists["planned"] = [*deleted, *failed] if planned is None else planned
    lists = {name: list(entries) for name, entries in lists.items()}
    return {**lists, "names": {key: names[key] for key in (*lists["planned"], *kept)}}


def named(*ids):
    return ", ".join(f"{NAMES[key]} ({key})" for key in ids)


def left(sandbox, username="newsroom"):
    """Ids of the jobs that an account still has."""
    return set(sandbox.state()["cielo24"][username]["jobs"])


def test_cielo24_purge_over_and_within_the_limit_is_refused_predicted_done_and_idempotent(sandbox, roles):
    wanted = {"older_than": "4d", "max_deletions": 3}
    below = {"older_than": "4d", "max_deletions": 2}
    runs = [{**below, "check_mode": True}, below, {**wanted, "check_mode": True}, wanted, wanted]
    checked_limit, limit, checked, real, again = purge_each(sandbox, roles, runs, "-vvvv", "--diff")
    for run in (checked_limit, limit, checked, real, again):
        assert [secret for secret in sandbox.secrets() if secret in run.output] == []
    for refused in (checked_limit, limit):
        assert refused.failure == (
            "3 captioning jobs would be deleted, but cielo24_purge_max_deletions allows 2. Nothing was changed. They "
            f"are: {named(*OLD)}."
        )
        assert (refused.changed, refused.acted, refused.captions) == (0, 0, report(planned=OLD))
    assert (checked.failure, checked.captions, checked.changed, checked.acted) == (None, report(OLD), 1, 0)
    assert (real.failure, real.captions, real.changed, real.acted) == (None, report(OLD), 1, 3)
    assert [run.output.count("--- before") for run in (limit, checked, real, again)] == [0, 1, 1, 0]
    assert (again.failure, again.captions, again.changed, again.acted) == (None, report(), 0, 3)
    assert left(sandbox) == {AUTHORIZING, PENDING, IN_PROCESS}


def test_cielo24_purge_without_a_limit_deletes_at_most_ten(sandbox, roles):
    seed = default_seed()
    jobs = seed["cielo24"]["accounts"][0]["jobs"]
    jobs += [{"id": caption(f"e{number}"), "name": "More", "status": "Complete", "age": "9d"} for number in range(5)]
    sandbox.reset(seed)
    refused, run = purge_each(sandbox, roles, [{"older_than": "1s"}, {"older_than": "1s", "keep": ["Weather"]}])
    assert refused.failure.startswith("11 captioning jobs would be deleted, but cielo24_purge_max_deletions allows 10.")
    assert (refused.acted, run.failure, run.acted) == (0, None, 10)
    assert left(sandbox) == {PENDING}


def test_cielo24_purge_far_over_the_limit_names_twenty(sandbox, roles):
    seed = default_seed()
    names = {caption(f"e{number:02d}"): f"Take {number}" for number in range(22)}
    names[caption("e00")], names[caption("e01")] = "", "{{ 2 * 21 }}, [1]"
    seed["cielo24"]["accounts"][0]["jobs"] = [
        {"id": key, "name": name, "status": "Complete", "age": f"{number + 1}d"}
        for number, (key, name) in enumerate(names.items())
    ]
    sandbox.reset(seed)
    runs = [{"older_than": "1s", "max_deletions": 99, "check_mode": True}]
    runs += [{"older_than": "1s", "keep": ["Take 3"]}, {"older_than": "1s"}]
    some, more = purge_each(sandbox, roles, runs)[1:]
    others = [f"{name} ({key})".strip() for key, name in names.items()]
    assert some.failure.endswith(f" They are: {', '.join([*others[:3], *others[4:21]])} and 1 more.")
    assert more.failure.endswith(f" They are: {', '.join(others[:20])} and 2 more.")
    # What an earlier run of the role has done is not in the report of one that was refused.
    assert more.captions == report(planned=names, names=names)
    kept = [caption("e03")]
    assert some.captions == report((), kept, planned=[key for key in names if key not in kept], names=names)
    assert f'"{caption("e21")}"' in more.output
    assert sandbox.acted() == 0


def test_cielo24_purge_with_several_conditions_deletes_what_meets_all(sandbox, roles):
    kept = [AUTHORIZING, REVIEWING, COMPLETE]
    runs = [
        ({"older_than": "40d"}, report([COMPLETE])),
        ({"older_than": "100d"}, report()),
        ({"status": ["Complete", "In Process"]}, report([IN_PROCESS, COMPLETE])),
        ({"status": "Media Failure"}, report([FAILED])),
        ({"name_pattern": "Morning*"}, report([AUTHORIZING, COMPLETE])),
        ({"name_pattern": "P?nel"}, report([IN_PROCESS])),
        ({"name_pattern": "panel"}, report()),
        ({"name_pattern": "*", "status": ["Pending", "Reviewing"], "older_than": "1h"}, report([REVIEWING])),
        ({"older_than": "1m", "keep": ["Morning*", "Documentary"]}, report([PENDING, IN_PROCESS, FAILED], kept)),
        ({"status": ["Complete", "Reviewing"], "keep": "*news"}, report([REVIEWING], [COMPLETE])),
    ]
    done = purge_each(sandbox, roles, [{**wanted, "check_mode": True} for wanted, _expected in runs])
    for run, (wanted, expected) in zip(done, runs):
        assert (run.failure, run.captions, run.acted) == (None, expected, 0), wanted
        assert run.changed == bool(expected["deleted"]), wanted
    run = purge(sandbox, roles, older_than="1m", keep=["Morning*", "Documentary"])
    assert (run.failure, run.captions, run.acted) == (None, report([PENDING, IN_PROCESS, FAILED], kept), 3)
    assert left(sandbox) == set(kept)


def test_cielo24_purge_with_keep_counts_only_deletions(sandbox, roles):
    run = purge(sandbox, roles, older_than="4d", keep=["Broken upload", "Morning*"], max_deletions=1)
    assert (run.failure, run.captions, run.acted) == (None, report([REVIEWING], [FAILED, COMPLETE]), 1)
    run = purge(sandbox, roles, older_than="4d", keep=["*"], max_deletions=0)
    assert (run.failure, run.captions, run.changed, run.acted) == (None, report([], [FAILED, COMPLETE]), 0, 1)


def test_cielo24_purge_patterns_match_as_those_of_the_module(sandbox, roles):
    existing = ["a.b", "a-b", "axb", "ab", "a", "A.b", "xa.b", "a.bx", "a (1)", "[ab]", "{{ a }}", "a, b", "ä|b", ""]
    patterns = ["a.b", "a?b", "a*", "*b", "?", "*.*", "a (?)", "[ab]", "*{*", "a, b", "?|?", "**", "a|A.b", "[1]"]
    seed = default_seed()
    seed["cielo24"]["accounts"][0]["jobs"] = [
        {"id": caption(f"e{number:02d}"), "name": name, "status": "Complete", "age": f"{number + 1}d"}
        for number, name in enumerate(existing)
    ]
    sandbox.reset(seed)
    everything = [caption(f"e{number:02d}") for number in range(len(existing))]
    found = run_module("cielo24_job_info", accounts.cielo24(sandbox.url, fields=["JobName"]))
    assert {entry["id"] for entry in found["jobs"]} == set(everything)
    fitting = {}
    for pattern in patterns:
        listed = run_module("cielo24_job_info", accounts.cielo24(sandbox.url, name_pattern=pattern))
        fitting[pattern] = [entry["id"] for entry in listed["jobs"]]
        plan = evaluate("found | purge_plan(keep)", purge_filters, found=found, keep=[pattern])
        assert set(plan["kept"]) == set(fitting[pattern]), pattern
        assert plan["keep_unmatched"] == ([] if fitting[pattern] else [pattern])
    wanted = {"older_than": "1s", "max_deletions": 99, "check_mode": True}
    template, none = purge_each(sandbox, roles, [{**wanted, "keep": ["*{*"]}, wanted])
    names = dict(zip(everything, existing))
    others = [entry for entry in everything if entry not in fitting["*{*"]]
    assert template.captions == report(others, fitting["*{*"], names=names)
    # Without patterns, a job without a name isn't kept either.
    assert none.captions == report(everything, names=names)


def test_cielo24_purge_with_patterns_that_keep_nothing_warns(sandbox, roles):
    wanted = {"status": ["In Process", "Complete"], "keep": ["pan*", "Morning*", "Weather"]}
    told, silent, empty = purge_each(
        sandbox, roles, [wanted, {**wanted, "keep": ["Morning*"]}, {"older_than": "4000d", "keep": ["pan*"]}]
    )
    words = "These patterns of cielo24_purge_keep match none of the jobs that would be deleted: "
    assert told.captions == report([IN_PROCESS], [COMPLETE], unmatched=["pan*", "Weather"])
    assert re.findall(rf'"msg": "{words}(.*?)\. They are case-sensitive\."', told.output) == [
        r"[\"pan*\", \"Weather\"]"
    ]
    for run in (silent, empty):
        # Where there is nothing, no pattern can be wrong.
        assert (run.failure, run.captions["keep_unmatched"], words in run.output) == (None, [], False)


def test_cielo24_purge_with_a_sub_account_deletes_only_its_jobs(sandbox, roles):
    runs = [{"older_than": "300d"}, {"older_than": "300d", "sub_account": "newsroom-archive", "check_mode": True}]
    runs += [{"older_than": "30d", "sub_account": "*", "check_mode": True}]
    runs += [{"older_than": "1s", "sub_account": "newsroom-archive"}, {"older_than": "1s", "sub_account": "nobody"}]
    own, checked, everyone, real, unknown = purge_each(sandbox, roles, runs)
    assert (own.failure, own.captions, own.acted) == (None, report(), 0)
    assert (checked.failure, checked.captions, checked.acted) == (None, report([ARCHIVED]), 0)
    assert (everyone.failure, everyone.captions, everyone.acted) == (None, report([COMPLETE, ARCHIVED]), 0)
    assert (real.failure, real.captions, real.acted) == (None, report([ARCHIVED]), 1)
    assert "nobody is not an account below newsroom" in unknown.failure
    assert (unknown.captions, unknown.acted) == (report(), 1)
    assert (left(sandbox, "newsroom-archive"), left(sandbox)) == (set(), set(JOBS))


def test_cielo24_purge_with_jobs_that_the_service_refuses_deletes_the_others_and_fails(sandbox, roles):
    sandbox.variants(deletable_states="early")
    wanted = {"status": ["Authorizing", "Pending", "Complete", "Reviewing"], "keep": ["Weather"]}
    refused = [REVIEWING, COMPLETE]
    checked, real, again = purge_each(sandbox, roles, [{**wanted, "check_mode": True}, wanted, wanted])
    assert (checked.failure, checked.captions) == (None, report([AUTHORIZING, *refused], [PENDING]))
    assert real.failure.startswith("2 of 3 captioning jobs failed.")
    assert "The job is Reviewing: a job whose work has begun can no longer be deleted." in real.failure
    assert (real.captions, real.acted) == (report([AUTHORIZING], [PENDING], refused), 1)
    assert again.failure.startswith("2 of 2 captioning jobs failed.")
    assert (again.captions, again.acted) == (report([], [PENDING], refused), 1)
    assert left(sandbox) == {*JOBS} - {AUTHORIZING}


def test_cielo24_purge_that_fails_early_reports_nothing_of_earlier_runs(sandbox, roles):
    runs = [{"status": ["Complete"]}, {"status": ["Pending"], "password": "not-this-one"}, {}]
    done, wrong, refused = purge_each(sandbox, roles, runs)
    assert done.captions == report([COMPLETE])
    assert "LOGIN_INVALID" in wrong.failure
    assert (wrong.captions, refused.captions, refused.acted) == (report(), report(), 1)


def test_cielo24_purge_that_cannot_delete_at_all_reports_every_planned_job_as_failed(sandbox, roles):
    # The module looks for the jobs once more before it deletes them.
    sandbox.fault("status", status=403, body="html", at=4)
    run = purge(sandbox, roles, status=["Complete", "Reviewing"], keep=["Doc*"])
    assert "list the captioning jobs" in run.failure
    assert (run.captions, run.acted) == (report([], [REVIEWING], [COMPLETE]), 0)


def test_cielo24_purge_sends_the_fewest_requests(sandbox, roles):
    login, listing = "GET /api/account/login 200", "GET /api/job/list 200"
    run = purge(sandbox, roles, name_pattern="*", keep=["*"])
    assert (run.failure, run.captions["kept"]) == (None, JOBS)
    assert sandbox.lines() == [login, listing]
    sandbox.forget_requests()
    purge(sandbox, roles, older_than="40d")
    assert sandbox.lines() == [login, listing, login, listing, "GET /api/job/delete 200"]


INVALID = [
    ({}, TOO_FEW),
    ({"keep": ["Weather"], "sub_account": "*"}, TOO_FEW),
    ({"older_than": "{{ nothing | default(omit) }}"}, TOO_FEW),
    ({"older_than": ""}, f"cielo24_purge_older_than {NEEDLESS}"),
    ({"older_than": None, "status": ["Complete"]}, f"cielo24_purge_older_than {NEEDLESS}"),
    ({"older_than": "30d", "status": []}, f"cielo24_purge_status {NEEDLESS}"),
    ({"name_pattern": "", "status": []}, f"cielo24_purge_name_pattern and cielo24_purge_status {NEEDLESS}"),
    ({"older_than": "30d", "keep": []}, f"cielo24_purge_keep {NEEDLESS}"),
    ({"older_than": "30d", "sub_account": ""}, f"cielo24_purge_sub_account {NEEDLESS}"),
    (
        {"older_than": "30d", "keeps": ["Weather"], "state": "Complete"},
        "The role has no variable cielo24_purge_keeps or cielo24_purge_state. Nothing was changed.",
    ),
    (
        {"older_than": "30d", "max_deletions": -1},
        "cielo24_purge_max_deletions must be a whole number, and not negative. Nothing was changed.",
    ),
    (
        {"older_than": "30d", "keep": "Weather, Panel"},
        "cielo24_purge_keep is a single text with a comma; make it a list. Nothing was changed.",
    ),
    (
        {"older_than": "30d", "keep": ["Weather", "", " Panel", "News\n", "a\nb", "Smith, John"]},
        "cielo24_purge_keep: these are empty, contain line breaks, or begin or end with spaces: "
        '["", " Panel", "News\\n", "a\\nb"]. Nothing was changed.',
    ),
]


def test_cielo24_purge_with_invalid_variables_names_the_error_and_sends_nothing(sandbox, roles):
    done = purge_each(sandbox, roles, [variables for variables, _words in INVALID])
    for run, (variables, words) in zip(done, INVALID):
        assert run.failure == words, variables
        assert (run.captions, run.changed) == (report(), 0)
    assert sandbox.requests() == []


def test_cielo24_purge_with_unreadable_variables_fails_and_sends_nothing(sandbox, roles):
    wrong = [
        ({"older_than": "30 days"}, "older_than: '30 days' is not a duration"),
        ({"status": ["Completed"]}, "value of status must be one or more of"),
        ({"status": [""]}, "item 1 of cielo24_purge_status is empty"),
        ({"status": ""}, "cielo24_purge_status must not be empty"),
        ({"older_than": "30d", "max_deletions": "many"}, "many"),
        ({"older_than": "30d", "max_deletions": ""}, "max_deletions"),
        ({"older_than": "30d", "keep": {"name": "Weather"}}, "cielo24_purge_keep"),
        ({"older_than": "30d", "sub_account": " "}, "sub_account is an empty string"),
    ]
    done = purge_each(sandbox, roles, [variables for variables, _words in wrong])
    for run, (variables, words) in zip(done, wrong):
        assert run.failure, variables
        assert words in run.output, variables
    assert sandbox.requests() == []


def test_cielo24_purge_without_connection_variables_uses_module_defaults(sandbox, roles):
    play = {"module_defaults": {"group/saasops.jobs.cielo24": accounts.cielo24(sandbox.url)}}
    run = roles.run("cielo24_purge", play=play, status=["Complete"])
    assert (run.failure, run.captions, run.acted) == (None, report([COMPLETE]), 1)


def test_cielo24_purge_without_connection_variables_uses_the_environment(sandbox, roles):
    environment = {"CIELO24_BASE_URL": sandbox.url, "CIELO24_API_TOKEN": accounts.CIELO24_TOKEN}
    run = roles.run("cielo24_purge", environment=environment, name_pattern="Morning news")
    assert (run.failure, run.captions, run.acted) == (None, report([COMPLETE]), 1)


@pytest.mark.parametrize(
    "connection",
    [
        {"username": "newsroom", "api_key": accounts.CIELO24_KEY},
        {"api_token": accounts.CIELO24_TOKEN},
        # What is omitted or empty isn't given, and doesn't take the place of something else.
        {
            "api_token": "{{ nothing | default(omit) }}",
            "username": "newsroom",
            "password": accounts.CIELO24_PASSWORD,
            "api_key": "",
        },
    ],
    ids=["api_key", "api_token", "password"],
)
def test_cielo24_purge_signs_in_each_way_and_shows_no_secret(sandbox, roles, connection):
    run = roles.run("cielo24_purge", "-vvvv", base_url=sandbox.url, status=["Complete"], **connection)
    assert (run.failure, run.captions, run.acted) == (None, report([COMPLETE]), 1)
    assert [secret for secret in sandbox.secrets() if secret in run.output] == []
