# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import jobs_api
from ansible_collections.saasops.jobs.tests.unit.support.cielo24 import (
    TOKEN,
    connect,
    delete_call,
    error,
    jobs,
    list_call,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply


def dated(first, count):
    """A page of a list: newest first, each a second older than the one before."""
    found = [
        {"JobId": f"{number:032x}", "CreationDate": f"2026-03-01T08:{59 - number // 60:02}:{59 - number % 60:02}"}
        for number in range(first, first + count)
    ]
    return Reply(200, {"ActiveJobs": found})


def test_find_sends_one_request_if_the_list_shows_all_jobs():
    with FakeService(list_call(jobs("a", "B", "c"))):
        assert sorted(connect(**TOKEN).find(["a", "b"])) == ["a", "b"]


def test_a_list_of_a_round_length_is_read_on_until_a_shorter_page():
    calls = [
        list_call(dated(0, 100)),
        list_call(dated(99, 100), CreationDateTo="2026-03-01T08:58:20"),
        list_call(dated(198, 30), CreationDateTo="2026-03-01T08:56:41"),
    ]
    with FakeService(*calls):
        assert len(connect(**TOKEN).all()) == 228


@pytest.mark.parametrize("most", [10, 25, 64, 256])
def test_a_list_is_read_on_whatever_its_limit_is(most):
    before = "2026-03-01T08:{:02}:{:02}"
    calls = [
        list_call(dated(0, most)),
        list_call(dated(most - 1, 5), CreationDateTo=before.format(59 - (most - 1) // 60, 59 - (most - 1) % 60)),
    ]
    with FakeService(*calls):
        assert len(connect(**TOKEN).all()) == most + 4


def test_a_whole_list_of_a_round_length_ends_without_new_jobs():
    calls = [list_call(dated(0, 150)), list_call(dated(149, 1), CreationDateTo="2026-03-01T08:57:30")]
    with FakeService(*calls):
        assert len(connect(**TOKEN).all()) == 150


def test_jobs_missing_from_the_list_are_looked_for_in_accounts_below():
    with FakeService(list_call(jobs("a")), list_call(jobs("a", "z"), Username="*")):
        assert sorted(connect(**TOKEN).find(["a", "z", "gone"])) == ["a", "z"]


@pytest.mark.parametrize("kind", ["ACCOUNT_UNPRIVILEGED", "NOT_PARENT_ACCOUNT", "INVALID_QUERY"])
def test_jobs_do_not_exist_if_the_account_may_not_look_below(kind):
    with FakeService(list_call(jobs("a")), list_call(error(kind), Username="*")):
        assert sorted(connect(**TOKEN).find(["a", "gone"])) == ["a"]


@pytest.mark.parametrize("reply", [Reply(500), Reply(400), Reply(400, "<html></html>"), error("BAD_API_TOKEN")])
def test_a_failed_look_into_accounts_below_is_an_error(reply):
    with FakeService(list_call(jobs("a")), list_call(reply, Username="*")):
        with pytest.raises(errors.ServiceError):
            connect(**TOKEN).find(["a", "gone"])


@pytest.mark.parametrize("body", [{}, [], {"ActiveJobs": None}, {"ActiveJobs": [{"JobId": 1}]}])
def test_an_undocumented_list_is_an_error(body):
    with FakeService(list_call(Reply(200, body))), pytest.raises(errors.ServiceError):
        connect(**TOKEN).all()


@pytest.mark.parametrize(
    "reply, result",
    [
        (Reply(200, {"TaskId": "x"}), True),
        (Reply(204), True),
        (error("ITEM_NOT_FOUND"), False),
        (error("INVALID_QUERY"), None),
        (error("ACCOUNT_UNPRIVILEGED"), None),
        (error("ITEM_NOT_FOUND", 200), False),
    ],
)
def test_delete_tells_whether_the_service_deleted_the_job(reply, result):
    with FakeService(delete_call(reply)):
        if result is None:
            with pytest.raises(errors.ServiceError):
                connect(**TOKEN).delete("a")
        else:
            assert connect(**TOKEN).delete("a") is result


@pytest.mark.parametrize(
    "unknown", [Reply(404, "<html></html>"), Reply(405), Reply(404), error("NOT_IMPLEMENTED"), error("INVALID_URL")]
)
def test_deletions_take_the_other_path_if_the_first_does_not_exist(unknown):
    calls = [
        delete_call(unknown),
        delete_call(Reply(200, {"TaskId": "x"}), path="del"),
        delete_call(Reply(200, {"TaskId": "x"}), path="del", job_id="b"),
    ]
    with FakeService(*calls):
        service = connect(**TOKEN)
        assert service.delete("a") is True
        assert service.delete("b") is True


def test_what_changes_of_an_order_is_in_the_query_and_in_the_body():
    change = "job_id=a&priority=PRIORITY"
    sent = Call(f"POST /api/job/modify?v=1&{change}&api_token=tok", Reply(204), body=change)
    with FakeService(sent):
        connect(**TOKEN).modify("a", {"priority": "PRIORITY"})


def test_a_deletion_fails_if_neither_path_exists():
    with FakeService(delete_call(Reply(404)), delete_call(Reply(404), path="del")):
        with pytest.raises(errors.ServiceError, match="HTTP 404"):
            connect(**TOKEN).delete("a")


def test_a_lost_deletion_is_not_sent_on_the_other_path():
    with FakeService(delete_call(Reply(502))), pytest.raises(errors.OutcomeUnknown):
        connect(**TOKEN).delete("a")


def test_credentials_in_callback_addresses_are_not_shown():
    job = {
        "JobId": "A",
        "ReturnTargets": {"url": [{"callback_url": "https://me:hunter2@h.example/cb?x=1"}, "mailto", 1]},
        "Secret": 1,
    }
    assert jobs_api.fields(job) == {
        "id": "A",
        "JobId": "A",
        "ReturnTargets": {"url": [{"callback_url": "https://h.example/cb?x=1"}, "mailto", 1]},
    }


def test_a_callback_shows_the_id_of_its_job_and_hides_tokens():
    job_id, token = "c24000000000000000000000000000a1", "9c3a7e51f0b84d62a1e6d5c8b7f20394"
    address = f"https://h.example/transcript_completed/{token}/{job_id}"
    shown = jobs_api.fields({"JobId": job_id, "ReturnTargets": {"url": [{"callback_url": address}]}})
    assert shown["ReturnTargets"]["url"] == [
        {"callback_url": f"https://h.example/transcript_completed/(hidden)/{job_id}"}
    ]


def test_created_is_utc():
    assert (
        jobs_api.created({"CreationDate": "2014-08-27T14:00:06.472706"}).isoformat()
        == "2014-08-27T14:00:06.472706+00:00"
    )
    assert jobs_api.created({}) is None


@pytest.mark.parametrize("odd", ["", "..", "a/b", 5, None, ["a"], {"a": 1}], ids=repr)
def test_undocumented_ids_are_errors(odd):
    calls = [
        Call("GET /api/job/list?v=1&api_token=t1", Reply(200, {"ActiveJobs": [{"JobId": odd}]})),
        Call("GET /api/job/info?v=1&api_token=t1&job_id=a1", Reply(200, {"JobId": odd})),
        Call("GET /api/job/new?v=1&api_token=t1", Reply(200, {"JobId": odd})),
    ]
    with FakeService(*calls):
        jobs = connect(**{**TOKEN, "api_token": "t1"})
        for call in (jobs.all, lambda: jobs.info("a1"), lambda: jobs.new({})):
            with pytest.raises(errors.JobsError, match="does not have the form that the service documents"):
                call()
