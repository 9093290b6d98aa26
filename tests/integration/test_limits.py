# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a deletion from going too far, and a result from growing too long."""

from __future__ import annotations

import json

import accounts
import pytest
from accounts import caption, job, stream, transfer
from running import parameters, run

ATTIC, AUDIT = "11111111-cccc-4000-8000-000000000003", "11111111-bbbb-4000-8000-000000000002"

# module, arguments, how many of them would be deleted, what the refusal names
DELETIONS = [
    ("log_collection_job", accounts.log_collection, {"job_ids": [job("a1"), job("a6"), job("ff")]}, 2, job("a1")),
    (
        "server_log_collection_job",
        accounts.ops_manager,
        {"job_ids": [job("d1"), job("d6"), job("ff")]},
        2,
        job("d1"),
    ),
    ("restore_job", accounts.atlas, {"job_ids": [job("b1"), job("b2"), job("b8")]}, 2, job("b1")),
    ("snapshot", accounts.atlas, {"snapshot_ids": [job("e3")]}, 1, job("e3")),
    ("lts_log_group", accounts.lts, {"log_group_ids": [ATTIC]}, 1, "attic"),
    ("lts_log_group", accounts.lts, {"name_pattern": "a*", "recursive": True}, 3, "audit"),
    ("lts_log_stream", accounts.lts, {"log_group_name": "app", "name_pattern": "*"}, 3, "nginx"),
    ("lts_log_stream", accounts.lts, {"log_group_name": "app", "log_stream_ids": [stream("aaaa", 2)]}, 1, "api"),
    ("lts_log_transfer", accounts.lts, {"log_transfer_ids": [transfer(1), transfer(3)]}, 2, transfer(1)),
    ("cielo24_job", accounts.cielo24, {"job_ids": [caption("a1"), caption("a2")]}, 2, "Weather"),
    ("cielo24_job", accounts.cielo24, {"name_pattern": "W*"}, 1, "Weather"),
    ("cielo24_api_key", accounts.cielo24, {"known_key": accounts.CIELO24_KEY}, 1, "newsroom"),
]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module, connection, selection, count, named", DELETIONS)
def test_more_than_max_deletions_is_refused_and_nothing_is_changed(
    sandbox, module, connection, selection, count, named, check
):
    arguments = connection(sandbox.url, state="absent", **selection, max_deletions=count - 1)
    before = sandbox.state()
    result = run(module, arguments, check=check)
    assert (result["failed"], result["changed"]) == (True, False)
    assert f"but max_deletions allows {count - 1}. Nothing was changed." in result["msg"]
    assert named in result["msg"]
    assert sandbox.acted() == 0
    assert sandbox.state() == before


@pytest.mark.parametrize("module, connection, selection, count, named", DELETIONS)
def test_as_many_as_max_deletions_are_deleted(sandbox, module, connection, selection, count, named):
    result = run(module, connection(sandbox.url, state="absent", **selection, max_deletions=count))
    assert "failed" not in result
    assert result["summary"]["changed"] == count


@pytest.mark.parametrize("limit", [-1, -2_000_000_000])
def test_a_negative_max_deletions_is_an_error(sandbox, limit):
    arguments = accounts.log_collection(sandbox.url, state="absent", job_ids=[job("a1")], max_deletions=limit)
    assert "max_deletions must be from 0" in run("log_collection_job", arguments)["msg"]
    assert sandbox.requests() == []


KEPT = [
    ("lts_log_stream", accounts.lts, {"log_group_name": "app", "name_pattern": "*"}, ["work*", "api"], {"nginx"}),
    (
        "lts_log_stream",
        accounts.lts,
        {"log_group_name": "app", "log_stream_names": ["nginx", "api"]},
        ["api"],
        {"nginx"},
    ),
    (
        "lts_log_stream",
        accounts.lts,
        {"log_group_name": "audit", "name_pattern": "*", "delete_transfers": True},
        ["payments-eu"],
        {"logins", "legacy"},
    ),
    ("lts_log_group", accounts.lts, {"name_pattern": "a*", "recursive": True}, ["au*"], {"app", "attic"}),
    ("cielo24_job", accounts.cielo24, {"name_pattern": "*e*"}, ["Morning*", "Pan*"], {"Weather"}),
    ("cielo24_job", accounts.cielo24, {"job_ids": [caption("a1"), caption("a2")]}, ["Morning*"], {"Weather"}),
]
NAMES = ("log_stream_name", "log_group_name", "JobName")


def entry_name(entry):
    return next(entry[name] for name in NAMES if name in entry)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module, connection, selection, keep, deleted", KEPT)
def test_what_fits_keep_is_never_deleted(sandbox, module, connection, selection, keep, deleted, check):
    arguments = connection(sandbox.url, state="absent", **selection, keep=keep)
    result = run(module, arguments, check=check)
    entries = result.get("log_streams") or result.get("log_groups") or result["jobs"]
    done = {entry_name(entry) for entry in entries if entry["action"] == "delete"}
    kept = [entry for entry in entries if entry.get("kept")]
    if module == "cielo24_job" and "name_pattern" in selection:
        assert deleted <= done
    else:
        assert done == deleted
    assert kept
    assert all((entry["action"], entry["changed"]) == ("none", False) for entry in kept)
    assert not any("match no name" in warning for warning in result["warnings"])


def test_a_pattern_of_keep_that_fits_nothing_is_a_warning(sandbox):
    arguments = accounts.lts(sandbox.url, state="absent", log_group_name="app", name_pattern="w*", keep=["API", "api"])
    result = run("lts_log_stream", arguments, check=True)
    assert result["summary"]["changed"] == 1
    assert any("keep nothing: API." in warning for warning in result["warnings"])


@pytest.mark.parametrize(
    "module, arguments",
    [
        ("lts_log_stream", accounts.lts("", log_group_name="app", log_stream_names=["api"])),
        ("lts_log_group", accounts.lts("", log_group_names=["app"])),
        ("cielo24_job", accounts.cielo24("", external_ids=["show-1001"])),
    ],
)
def test_keep_is_refused_where_nothing_is_deleted(sandbox, module, arguments):
    given = {"endpoint": sandbox.url} if "endpoint" in arguments else {"base_url": sandbox.url}
    result = run(module, {**arguments, **given, "state": "present", "keep": ["a*"]})
    assert "keep" in result["msg"] and "state: absent" in result["msg"]
    assert sandbox.requests() == []


def bulk_of_logs(count):
    bulk = {"count": count, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "45d"}
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [bulk]}
    return {"mongodb": {"keys": [key], "projects": [project]}}


def test_1500_deletions_give_a_result_that_awx_keeps(sandbox):
    sandbox.reset(bulk_of_logs(1500))
    ids = list(sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"])
    arguments = accounts.log_collection(sandbox.url, state="absent", job_ids=ids)
    result = run("log_collection_job", arguments, diff=False)
    assert result["summary"]["changed"] == 1500
    # Whoever asks for the arguments in the result gets them on top.
    invocation = parameters("log_collection_job", arguments)
    assert len(json.dumps({**result, "invocation": {"module_args": invocation}})) < 700_000
    assert result["warnings"] == []
