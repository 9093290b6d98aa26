# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captions and transcripts in files, and API keys."""

from __future__ import annotations

import os
import stat

import accounts
import pytest
import requests
from accounts import caption
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import is_placeholder
from running import HastyClock, run

DONE = caption("a4")


def fetch(sandbox, dest, module="cielo24_caption", check=False, **more):
    options = {"caption_format": "SRT"} if module == "cielo24_caption" else {}
    which = {} if "external_ids" in more else {"job_ids": [DONE]}
    arguments = {**which, "dest": str(dest), **options, **more}
    return run(module, accounts.cielo24(sandbox.url, **arguments), check=check)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


MODULES = ["cielo24_caption", "cielo24_transcript"]


@pytest.mark.parametrize("module", MODULES)
def test_output_in_check_mode_predicts_the_real_run(sandbox, tmp_path, module):
    dest = tmp_path / "a"
    predicted = fetch(sandbox, dest, module, check=True)
    assert not dest.exists()
    real = fetch(sandbox, dest, module)
    assert predicted == real
    assert (real["jobs"][0]["action"], real["changed"]) == ("download", True)
    assert (mode(dest), dest.stat().st_size) == (0o600, real["jobs"][0]["files"][0]["size"])
    before = dest.stat()
    again = fetch(sandbox, dest, module)
    assert (again["changed"], again["jobs"][0]["action"]) == (False, "none")
    assert dest.stat().st_mtime_ns == before.st_mtime_ns
    assert fetch(sandbox, dest, module, check=True) == again
    assert sandbox.acted() == 0


@pytest.mark.parametrize("caption_format, begins", [("SRT", b"1"), ("WEB_VTT", b"WEBVTT"), ("DFXP", b"<")])
def test_caption_has_the_requested_format(sandbox, tmp_path, caption_format, begins):
    fetch(sandbox, tmp_path / "a", caption_format=caption_format)
    assert (tmp_path / "a").read_bytes().lstrip(b"\xef\xbb\xbf").startswith(begins)


def test_each_caption_format_has_a_file_of_its_own(sandbox, tmp_path):
    for caption_format in ("DFXP", "ECHO", "QT", "SAMI", "SBV", "SCC", "SRT", "TPM", "TRANSCRIPT", "TWX", "WEB_VTT"):
        assert fetch(sandbox, f"{tmp_path}/", caption_format=caption_format)["changed"] is True
    assert len(list(tmp_path.iterdir())) == 11
    assert (tmp_path / f"{DONE}.vtt").exists()


def test_transcript_as_html_is_html(sandbox, tmp_path):
    result = fetch(sandbox, f"{tmp_path}/", "cielo24_transcript", file_format="html")
    assert result["changed"] is True
    assert b"<" in (tmp_path / f"{DONE}.html").read_bytes()


def test_a_file_with_other_content_is_replaced(sandbox, tmp_path):
    dest = tmp_path / "a"
    dest.write_text("old")
    dest.chmod(0o644)
    result = fetch(sandbox, dest, mode="0640")
    assert result["diff"]["before"][DONE]["files"][0]["mode"] == "0644"
    assert (dest.read_bytes() != b"old", mode(dest)) == (True, 0o640)
    assert fetch(sandbox, dest, mode="0600")["jobs"][0]["action"] == "set_mode"
    assert mode(dest) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_permissions_stay_if_mode_is_not_given(sandbox, tmp_path):
    fetch(sandbox, tmp_path / "a", mode="0640")
    assert fetch(sandbox, tmp_path / "a")["changed"] is False
    assert mode(tmp_path / "a") == 0o640


def test_a_link_is_followed_only_if_it_is_the_users_own(sandbox, tmp_path, monkeypatch):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    assert fetch(sandbox, link)["changed"] is True
    content = target.read_bytes()
    assert (link.is_symlink(), content == b"before") == (True, False)
    # Another user's is replaced, even by what it leads to already.
    if os.geteuid() == 0:
        os.lchown(link, 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: link.lstat().st_uid + 1)
    assert fetch(sandbox, link)["changed"] is True
    assert (link.is_symlink(), link.read_bytes()) == (False, content)


def test_a_file_system_without_permissions_refuses_mode_only(sandbox, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fchmod", lambda *_arguments: None)
    refused = fetch(sandbox, tmp_path / "a", mode="0644")
    assert "does not store the permissions 0644; files there have 0600" in refused["msg"]
    assert (refused["changed"], list(tmp_path.iterdir())) == (False, [])
    assert fetch(sandbox, tmp_path / "a")["changed"] is True


def test_other_options_replace_the_content(sandbox, tmp_path):
    fetch(sandbox, tmp_path / "a", "cielo24_transcript")
    options = {"create_paragraphs": False}
    assert fetch(sandbox, tmp_path / "a", "cielo24_transcript", options=options)["changed"] is True
    assert fetch(sandbox, tmp_path / "a", "cielo24_transcript", options=options)["changed"] is False


def test_several_jobs_are_handled_each_on_its_own(sandbox, tmp_path):
    sandbox.variants(early_output_error="INVALID_QUERY")
    result = fetch(sandbox, f"{tmp_path}/new/", job_ids=[DONE, caption("ff"), caption("a2")])
    assert result["jobs"][2]["error"]["code"] == "INVALID_QUERY"
    assert result["summary"] == {"requested": 3, "changed": 1, "unchanged": 0, "failed": 2}
    assert "does not exist" in result["jobs"][1]["error"]["message"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"{DONE}.srt"]
    assert mode(tmp_path / "new") == 0o700


# ------------------------------------------------------------------------------------------------------ external ids


@pytest.mark.parametrize("module", MODULES)
def test_a_job_by_its_external_id_gets_the_same_file_as_by_its_id(sandbox, tmp_path, module):
    by_id = fetch(sandbox, f"{tmp_path}/", module)
    predicted = fetch(sandbox, f"{tmp_path}/", module, external_ids=["show-1004"], check=True)
    again = fetch(sandbox, f"{tmp_path}/", module, external_ids=["show-1004"])
    assert again == predicted
    assert (by_id["changed"], again["changed"]) == (True, False)
    assert again["jobs"] == [{**by_id["jobs"][0], "ExternalID": "show-1004", "action": "none", "changed": False}]
    assert len(list(tmp_path.iterdir())) == 1


def test_jobs_by_external_ids_are_predicted_and_fetched_in_their_order(sandbox, tmp_path):
    wanted = {"external_ids": ["term-1-07", "term-1-06"], "dest": f"{tmp_path}/"}
    predicted, real = (
        run("cielo24_transcript", accounts.academy(sandbox.url, **wanted), check=check) for check in (True, False)
    )
    assert predicted == real
    assert [entry["id"] for entry in real["jobs"]] == [caption("d7"), caption("d6")]
    assert set(real["diff"]["after"]) == {"term-1-07", "term-1-06"}
    assert {path.name for path in tmp_path.iterdir()} == {f"{caption('d6')}.txt", f"{caption('d7')}.txt"}


def test_a_missing_external_id_is_an_error_for_that_job_only(sandbox, tmp_path):
    result = fetch(sandbox, f"{tmp_path}/", external_ids=["nothing", "show-1004"])
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    missing = result["jobs"][0]
    assert (missing["id"], missing["ExternalID"], missing["files"]) == (None, "nothing", [])
    assert missing["error"]["message"] == "Captioning job nothing does not exist."


def test_a_missing_external_id_is_one_to_come_in_check_mode(sandbox, tmp_path):
    result = fetch(sandbox, f"{tmp_path}/", external_ids=["nothing", "show-1004"], check=True)
    assert result["summary"] == {"requested": 2, "changed": 2, "unchanged": 0, "failed": 0}
    entry = result["jobs"][0]
    assert is_placeholder(entry["id"])
    assert entry["files"] == [{"dest": f"{tmp_path}/{entry['id']}.srt", "size": None, "mode": "0600"}]
    assert result["warnings"] == [
        "No captioning job has the external id nothing yet. Without check mode this would fail, unless an earlier "
        "task orders it."
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("check", [True, False])
def test_an_external_id_that_several_jobs_have_is_an_error_for_that_job_only(sandbox, tmp_path, check):
    for _job in range(2):
        twin = {"external_id": "twin", "is_duplicate": "true", "v": "1", "api_token": accounts.CIELO24_TOKEN}
        assert requests.get(f"{sandbox.url}/api/job/new", twin, timeout=10).status_code == 200
    result = fetch(sandbox, f"{tmp_path}/", external_ids=["twin", "show-1004"], check=check)
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    message = "There are several captioning jobs with the external id twin; give job_ids instead."
    assert (result["jobs"][0]["id"], result["jobs"][0]["error"]["message"]) == (None, message)


def test_external_ids_of_a_sub_account_need_sub_account(sandbox, tmp_path):
    wanted = {"external_ids": ["archive-1"]}
    assert "archive-1 does not exist" in fetch(sandbox, tmp_path / "a", **wanted)["msg"]
    below = fetch(sandbox, tmp_path / "a", **wanted, sub_account="newsroom-archive")
    assert (below["changed"], below["jobs"][0]["id"]) == (True, caption("b1"))


def test_a_job_by_its_external_id_that_is_under_way_counts_as_waited_for_in_check_mode_only(sandbox, tmp_path):
    result = fetch(sandbox, tmp_path / "a", external_ids=["show-1003"], check=True)
    assert (result["changed"], len(result["warnings"])) == (True, 1)
    assert "unless an earlier task waits for it" in result["warnings"][0]
    # The list has shown the state of the job.
    assert not [request for request in sandbox.requests() if request["path"].endswith("/job/info")]
    assert fetch(sandbox, tmp_path / "a", external_ids=["show-1003"])["failed"] is True


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncate", "stall_before", "502"])
def test_one_fault_does_not_damage_the_file(sandbox, tmp_path, fault):
    kinds = {"502": {"kind": "status", "status": 502}, "stall_before": {"kind": "stall_before", "seconds": 1}}
    sandbox.fault(**kinds.get(fault, {"kind": fault}), match={"path": "/get_caption$"}, times=1)
    assert fetch(sandbox, tmp_path / "a", timeout=0.3)["changed"] is True
    whole = (tmp_path / "a").read_bytes()
    assert fetch(sandbox, tmp_path / "a")["changed"] is False
    assert (tmp_path / "a").read_bytes() == whole


@pytest.mark.parametrize("fault", ["truncate", "reset_after"])
def test_a_file_stays_untouched_if_every_request_fails(sandbox, tmp_path, fault):
    (tmp_path / "a").write_text("old")
    sandbox.fault(kind=fault, match={"path": "/get_caption$"}, times=None)
    result = fetch(sandbox, tmp_path / "a", retries=1)
    assert (result["failed"], result["changed"]) == (True, False)
    assert (tmp_path / "a").read_text() == "old"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("fault", ["page", "html_200", "json"])
def test_an_undocumented_answer_is_not_written(sandbox, tmp_path, module, fault):
    kinds = {
        "page": {"kind": "status", "status": 200, "body": "html"},
        "json": {"kind": "status", "status": 200, "code": "INVALID_QUERY", "message": "not ready"},
    }
    sandbox.fault(**kinds.get(fault, {"kind": fault}), match={"path": "/get_(caption|transcript)$"}, times=None)
    (tmp_path / "a").write_text("old")
    for check in (True, False):
        result = fetch(sandbox, tmp_path / "a", module, check=check, retries=0)
        assert "not ready" in result["msg"] if fault == "json" else "it answered with an HTML page" in result["msg"]
        assert (result["failed"], result["changed"], result["summary"]["failed"]) == (True, False, 1)
    assert (tmp_path / "a").read_text() == "old"


def test_an_empty_answer_is_an_error(sandbox, tmp_path):
    sandbox.fault(kind="status", status=200, body="empty", match={"path": "/get_caption$"}, times=None)
    (tmp_path / "a").write_text("old")
    for check in (True, False):
        result = fetch(sandbox, tmp_path / "a", check=check)
        assert (result["msg"], result["changed"]) == (f"The service has nothing for captioning job {DONE} yet.", False)
    assert (tmp_path / "a").read_text() == "old"


@pytest.mark.parametrize("body", ["empty", "html", "text"])
def test_one_failed_job_does_not_stop_the_others(sandbox, tmp_path, body):
    # After the login and the first job
    sandbox.fault(kind="status", status=500, body=body, at=[3])
    wanted = [DONE, caption("a6"), caption("ff")]
    result = fetch(sandbox, f"{tmp_path}/", job_ids=wanted, retries=0, max_concurrency=1)
    assert [entry["action"] for entry in result["jobs"]] == ["download", "none", "none"]
    assert (result["jobs"][1]["error"]["status"], result["jobs"][1]["error"]["path"]) == (500, "/api/job/get_caption")
    assert (tmp_path / f"{DONE}.srt").exists()


def test_a_folder_in_the_place_of_a_file_fails_for_that_job_only(sandbox, tmp_path):
    (tmp_path / f"{caption('d6')}.srt").mkdir()
    wanted = {"job_ids": [caption("d6"), caption("d7")], "dest": f"{tmp_path}/", "caption_format": "SRT"}
    result = run("cielo24_caption", accounts.academy(sandbox.url, **wanted))
    assert result["summary"] == {"requested": 2, "changed": 1, "unchanged": 0, "failed": 1}
    assert result["jobs"][0]["error"]["message"].endswith(".srt is a folder.")


@pytest.mark.parametrize(
    "given, words",
    [
        ({"options": {"job_id": "x"}}, "'job_id' is not an option"),
        ({"options": {"file_format": "html"}}, "'file_format' is not an option"),
        ({"options": {"Build-Url": "x"}}, "is not an option"),
        ({"options": {"caption_words_min": None}}, "has no value"),
        ({"job_ids": ["x"]}, "not a valid id"),
        ({"external_ids": []}, "external_ids is empty"),
        ({"external_ids": ["a", "a"]}, "external_ids"),
        ({"external_ids": ["a"], "sub_account": ""}, "sub_account is an empty string"),
        ({"mode": "999"}, "mode"),
    ],
)
def test_malformed_options_send_nothing(sandbox, tmp_path, given, words):
    assert words in fetch(sandbox, tmp_path / "a", **given)["msg"]
    assert sandbox.requests() == []


# ---------------------------------------------------------------------------------------------------------- API keys


def key(sandbox, check=False, account=accounts.cielo24, silent=True, **arguments):
    context = TaskContext(check_mode=check, clock=HastyClock(), is_silent=silent, diff_mode=True)
    return run("cielo24_api_key", account(sandbox.url, **arguments), context=context)


def generated(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith("generate_api_key")]


def test_present_key_is_returned_and_unchanged_if_known(sandbox):
    result = key(sandbox, state="present")
    assert result["api_keys"][0]["api_key"] == accounts.CIELO24_KEY
    assert (result["changed"], result["api_keys"][0]["id"]) == (True, "newsroom")
    # Known to be there: nothing is asked for.
    sandbox.forget_requests()
    for check in (True, False):
        assert key(sandbox, check, state="present", known_key=accounts.CIELO24_KEY)["changed"] is False
    assert generated(sandbox) == []


def test_keys_can_be_rotated(sandbox):
    predicted = key(sandbox, True, state="present", force_new=True)
    assert generated(sandbox) == []
    made = key(sandbox, state="present", force_new=True)
    new = made["api_keys"][0]["api_key"]
    assert (predicted["changed"], made["changed"], new != accounts.CIELO24_KEY) == (True, True, True)
    gone = {"state": "absent", "known_key": accounts.CIELO24_KEY}
    with_new = {"password": None, "api_key": new}
    assert key(sandbox, True, **gone, **with_new)["changed"] is True
    assert key(sandbox, **gone, **with_new)["changed"] is True
    again = key(sandbox, **gone, **with_new)
    assert (again["changed"], len(again["warnings"])) == (False, 1)
    assert "has been removed already, or one of the two is misspelt" in again["warnings"][0]
    assert key(sandbox, state="present", **with_new)["changed"] is False


def test_present_key_is_generated_for_an_account_below(sandbox):
    result = key(sandbox, state="present", account_id="newsroom-archive", force_new=True)
    assert (result["api_keys"][0]["id"], result["changed"]) == ("newsroom-archive", True)


@pytest.mark.parametrize("fault", ["reset_after", "stall_after", "truncate"])
@pytest.mark.parametrize("force_new", [True, False])
def test_a_key_with_a_lost_answer_is_not_generated_twice(sandbox, fault, force_new):
    more = {"seconds": 1} if fault == "stall_after" else {}
    sandbox.fault(kind=fault, **more, match={"path": "/generate_api_key$"}, times=1)
    result = key(sandbox, state="present", force_new=force_new, timeout=0.3)
    if force_new:
        # Another try would generate another key.
        assert (result["failed"], result["changed"], len(generated(sandbox))) == (True, True, 1)
        assert "It is not known whether the change was made" in result["msg"]
    else:
        assert result["api_keys"][0]["api_key"] == accounts.CIELO24_KEY
        assert len(generated(sandbox)) == 2


@pytest.mark.parametrize(
    "given, words",
    [
        ({"state": "present", "silent": False}, "put no_log: true on the task, or give reveal_key: true"),
        ({"state": "absent"}, "Give known_key"),
        ({"state": "absent", "known_key": "a b"}, "known_key"),
        (
            {"state": "absent", "known_key": "abc", "username": None, "password": None, "api_token": "x"},
            "give username or account_id",
        ),
    ],
)
def test_malformed_key_options_send_nothing(sandbox, given, words):
    assert words in key(sandbox, **given)["msg"]
    assert sandbox.requests() == []


def test_reveal_key_returns_the_key_without_no_log(sandbox):
    assert key(sandbox, state="present", silent=False, reveal_key=True)["api_keys"][0]["api_key"]
