# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users hand in: lists in all forms, and selectors that are left blank."""

from __future__ import annotations

import importlib
import pkgutil

import accounts
import pytest
from accounts import caption, job, stream, transfer
from ansible_collections.saasops.jobs.plugins import modules
from ansible_process import RUNNERS, Ansible
from running import parameters, run

COLLECTION = "saasops.jobs."
MAKE = {
    "log": accounts.log_collection,
    "res": accounts.atlas,
    "sna": accounts.atlas,
    "lts": accounts.lts,
    "cie": accounts.cielo24,
    "server": accounts.ops_manager,
    "service": lambda url, **more: accounts.log_collection(url, service="log_collection", **more),
}
SPECS = {
    found.name: importlib.import_module(f"{modules.__name__}.{found.name}").ARGUMENT_SPEC
    for found in pkgutil.iter_modules(modules.__path__)
}


def make(name):
    """What returns the connection of a module."""
    return next(connection for prefix, connection in MAKE.items() if name.startswith(prefix))


def is_selector(details):
    return details.get("context", {}).get("selector", False)


NAMES = [
    (name, alias)
    for name, spec in SPECS.items()
    for option, details in spec.items()
    if is_selector(details)
    for alias in [option, *details.get("aliases", ())]
]


def arguments(name, url, **more):
    """What the module needs, whatever it is to do."""
    spec = SPECS[name]
    needed = {"state": "absent", "dest": "x", "caption_format": "SRT", "job_ids": [caption("a1")]}
    given = {option: value for option, value in needed.items() if spec.get(option, {}).get("required")}
    return {**make(name)(url, **given), **more}


@pytest.mark.parametrize("check", [True, False])
def test_a_selector_that_is_left_blank_is_refused_by_every_module(sandbox, check):
    assert len(NAMES) > 100
    for name, option in NAMES:
        for blank in (None, "", " \n"):
            result = run(name, arguments(name, sandbox.url, **{option: blank}), check=check)
            assert result["msg"].startswith(f"{option} is {'null' if blank is None else 'an empty string'}"), (
                name,
                option,
            )
            assert (result["failed"], result["changed"]) == (True, False)
    assert sandbox.requests() == []


IDS = {
    "log_collection_job": ("job_ids", [job("a1"), job("a2")], "jobs"),
    "server_log_collection_job": ("job_ids", [job("d1"), job("d2")], "jobs"),
    "restore_job": ("job_ids", [job("b1"), job("b2")], "jobs"),
    "snapshot": ("snapshot_ids", [job("e3"), job("e6")], "snapshots"),
    "cielo24_job": ("job_ids", [caption("a1"), caption("a2")], "jobs"),
    "lts_log_stream": ("log_stream_ids", [stream("aaaa", 1), stream("aaaa", 2)], "log_streams"),
    "lts_log_transfer": ("log_transfer_ids", [transfer(1), transfer(2)], "log_transfers"),
}
GROUP = {"lts_log_stream": {"log_group_name": "app"}}


@pytest.mark.parametrize("name", IDS)
def test_ids_in_any_form_are_the_same_task(sandbox, name):
    option, ids, key = IDS[name]
    one, other = ids
    results = []
    for form in (
        ids,
        f"{one},{other}",
        f" {one}\r\n{other}\r\n",
        f"{one} {other}",
        f'["{one}", "{other}"]',
        [f"{one}, {other}"],
    ):
        given = arguments(name, sandbox.url, **GROUP.get(name, {}), **{option: form})
        results.append(run(name, given, check=True))
        assert [item["id"] for item in results[-1][key]] == ids
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("name", IDS)
def test_an_id_too_few_is_named_and_nothing_is_sent(sandbox, name, check):
    option, (one, _other), _key = IDS[name]
    for form in (f"{one},", f"{one}, ,{one}", [one, ""], [one, None]):
        result = run(name, arguments(name, sandbox.url, **{option: form}), check=check)
        assert f"item 2 of {option} is" in result["msg"]
    assert sandbox.requests() == []


NOTHING = [
    ("log_collection_job", {"state": "absent", "job_ids": []}),
    ("log_collection_job", {"state": "absent", "job_ids": "[]"}),
    ("log_collection_job", {"state": "retried", "job_ids": []}),
    ("server_log_collection_job", {"state": "absent", "job_ids": []}),
    ("server_log_collection_job", {"state": "retried", "job_ids": "[]"}),
    ("restore_job", {"state": "absent", "job_ids": []}),
    ("snapshot", {"state": "absent", "snapshot_ids": []}),
    ("cielo24_job", {"state": "absent", "job_ids": []}),
    ("cielo24_job", {"state": "absent", "external_ids": []}),
    ("lts_log_group", {"state": "absent", "log_group_ids": []}),
    ("lts_log_group", {"state": "absent", "log_group_names": []}),
    ("lts_log_stream", {"state": "absent", "log_group_name": "app", "log_stream_ids": []}),
    ("lts_log_stream", {"state": "absent", "log_group_name": "app", "log_stream_names": []}),
    ("lts_log_transfer", {"state": "absent", "log_transfer_ids": []}),
    ("lts_log_transfer", {"state": "absent", "log_group_name": "app", "log_stream_names": []}),
]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("name", "given"), NOTHING)
def test_an_explicitly_empty_list_is_nothing_to_do(sandbox, name, given, check):
    result = run(name, {**make(name)(sandbox.url), **given}, check=check)
    assert (result["changed"], result.get("failed", False)) == (False, False)
    assert result["summary"] == {"requested": 0, "changed": 0, "unchanged": 0, "failed": 0}
    assert (result["warnings"], sandbox.requests()) == ([], [])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("log_collection_job", {"state": "present", "job_ids": []}),
        ("log_collection_job", {"state": "present", "resource_names": []}),
        ("server_log_collection_job", {"state": "present", "job_ids": []}),
        ("restore_job", {"state": "present", "job_ids": []}),
        ("cielo24_job", {"state": "present", "external_ids": []}),
        ("lts_log_group", {"state": "present", "log_group_names": []}),
        ("lts_log_stream", {"state": "present", "log_group_name": "app", "log_stream_names": []}),
        ("lts_log_transfer", {"state": "present", "log_group_name": "app", "log_stream_names": []}),
        ("log_collection_job_info", {"job_ids": []}),
        ("server_log_collection_job_info", {"job_ids": []}),
        ("restore_job_info", {"job_ids": []}),
        ("snapshot_info", {"snapshot_ids": []}),
        ("cielo24_job_info", {"job_ids": []}),
        ("lts_log_group_info", {"log_group_names": []}),
        ("lts_log_transfer_info", {"log_transfer_ids": []}),
        ("cielo24_caption", {"job_ids": [], "caption_format": "SRT", "dest": "x"}),
        ("log_collection_job_download", {"job_ids": [], "dest": "x"}),
        ("server_log_collection_job_download", {"job_ids": [], "dest": "x"}),
    ],
)
def test_what_has_to_be_there_must_be_named(sandbox, name, given):
    result = run(name, {**make(name)(sandbox.url), **given})
    assert "is empty; give at least one" in result["msg"]
    assert sandbox.requests() == []


@pytest.mark.parametrize("name", [name for name in SPECS if name.endswith("_info")])
def test_filters_must_not_be_empty_lists(sandbox, name):
    filters = [option for option, details in SPECS[name].items() if details.get("choices") and is_selector(details)]
    for option in filters:
        if SPECS[name][option]["type"] == "list":
            result = run(name, arguments(name, sandbox.url, **{option: []}))
            assert result["msg"].startswith(f"{option} is an empty list")
    assert sandbox.requests() == []


NEW = {
    "log_collection_job": {"resource_names": ["rs0"]},
    "server_log_collection_job": {"servers": ["om1.example.net"]},
}


def test_every_choice_of_a_list_may_stand_in_a_text():
    for name, spec in SPECS.items():
        for option, details in spec.items():
            if details.get("type") == "list" and details.get("choices"):
                text = ", ".join(details["choices"]) + "\r\n"
                read = parameters(name, arguments(name, "http://127.0.0.1:1", **NEW.get(name, {}), **{option: text}))
                assert read[option] == list(details["choices"])


@pytest.mark.parametrize("runner", RUNNERS)
def test_texts_of_surveys_are_read_as_lists_and_blank_ones_are_refused(sandbox, tmp_path, runner):
    """Texts of surveys, as AWX hands them over: unsafe, with line breaks, or blank."""
    extra = tmp_path / "answers.yml"
    extra.write_text(
        'ids: !unsafe "66f1c0de00000000000000a1\\r\\n66f1c0de00000000000000A2\\r\\n"\n'
        'statuses: !unsafe "FAILURE, SUCCESS"\n'
        'captions: !unsafe "Complete\\nMedia Failure"\n'
        "blank: !unsafe ''\n"
        "nothing: null\n"
    )
    log, info = COLLECTION + "log_collection_job", COLLECTION + "log_collection_job_info"
    connection = accounts.log_collection(sandbox.url)
    tasks = [
        {log: {**connection, "state": "absent", "job_ids": "{{ ids }}"}, "check_mode": True},
        {info: {**connection, "status": "{{ statuses }}"}},
        {COLLECTION + "cielo24_job_info": accounts.cielo24(sandbox.url, status="{{ captions }}")},
        {info: {**connection, "older_than": "{{ blank }}"}},
        {info: {**connection, "older_than": "{{ nothing }}"}},
        {info: {**connection, "status": "{{ blank }}"}},
        {info: {**connection, "older_than": "{{ blank | default(omit, true) }}"}},
        {log: {**connection, "state": "absent", "job_id": "{{ blank }}"}, "check_mode": True},
        {log: {**connection, "state": "absent", "job_ids": "{{ nothing }}"}},
        {log: {**connection, "state": "absent", "job_ids": "{{ [] }}", "max_deletions": "{{ nothing }}"}},
        {log: {**connection, "state": "absent", "job_ids": "{{ [] }}"}},
    ]
    _done, results = Ansible(tmp_path, runner).playbook(tasks, "-e", f"@{extra}")
    assert [item["action"] for item in results[0]["jobs"]] == ["delete", "delete"]
    assert {item["status"] for item in results[1]["jobs"]} == {"FAILURE", "SUCCESS"}
    assert {item["JobStatus"] for item in results[2]["jobs"]} == {"Complete", "Media Failure"}
    refused = {3: "older_than", 4: "older_than", 5: "status", 7: "job_id", 8: "job_ids", 9: "max_deletions"}
    for number, option in refused.items():
        assert results[number]["failed"], number
        assert results[number]["msg"].startswith((f"{option} is null", f"{option} is an empty string")), number
    assert results[6]["total"] == len(results[6]["jobs"]) > 3
    assert (results[10]["changed"], results[10]["jobs"]) == (False, [])
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    ("option", "pattern"),
    [
        ("keep", "[a]pi"),
        ("keep", "\u00e4pi"),
        ("keep", "ap+"),
        ("name_pattern", "[a-z]*"),
        ("name_pattern", "a pi"),
        ("name_pattern", "api\n"),
    ],
)
@pytest.mark.parametrize("name", ["lts_log_group", "lts_log_stream"])
def test_a_pattern_that_can_fit_no_name_of_lts_is_refused(sandbox, name, option, pattern):
    given = {"name_pattern": "*", option: [pattern] if option == "keep" else pattern}
    group = {} if name == "lts_log_group" else {"log_group_name": "app"}
    result = run(name, accounts.lts(sandbox.url, state="absent", **group, **given))
    assert result["msg"].startswith(f"{option}: ") and "cannot match any name" in result["msg"], result
    assert sandbox.requests() == []
