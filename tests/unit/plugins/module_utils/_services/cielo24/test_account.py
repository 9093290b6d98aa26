# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.environment import FromEnvironment
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import NameSelection
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account, delete_reconcile, jobs_api
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock

TOKEN = {"api_token": "tok"}
LOGIN = {"username": "me", "password": "p&ss"}
NOTHING = {"base_url": "http://127.0.0.1:9", "api_token": None, "username": None, "password": None, "api_key": None}


def connect(context=None, **params):
    settings = HttpSettings(retries=0, max_concurrency=1)
    return jobs_api.CaptioningJobs(
        account.Account({**NOTHING, **params}, settings, context or TaskContext(clock=StillClock()))
    )


def jobs(*ids):
    return Reply(200, {"Username": "me", "ActiveJobs": [{"JobId": each, "JobStatus": "Pending"} for each in ids]})


def error(kind, status=400):
    return Reply(status, {"ErrorType": kind, "ErrorComment": "text"})


def list_call(reply, token="tok", **query):
    text = "".join(f"&{name}={value}" for name, value in query.items())
    return Call(f"GET /api/job/list?v=1&api_token={token}{text}", reply)


def delete_call(reply, path="delete", job_id="a", token="tok"):
    return Call(f"GET /api/job/{path}?v=1&job_id={job_id}&api_token={token}", reply)


@pytest.mark.parametrize("key", ["ApiToken", "api_token"])
def test_login_sends_the_credentials_in_headers_only(monkeypatch, key):
    context = TaskContext(clock=StillClock())
    login = Call("GET /api/account/login?v=1", Reply(200, {key: "fresh"}), x_auth_user=b"me", x_auth_password=b"p&ss")
    with FakeService(monkeypatch, login, list_call(jobs("a"), token="fresh")):
        connect(context, **LOGIN).all()
    assert {"p&ss", "p%26ss", "fresh"} <= set(context.secrets)


def test_login_with_a_key_sends_its_own_header(monkeypatch):
    login = Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t"}), x_auth_user=b"me", x_auth_securekey=b"k")
    with FakeService(monkeypatch, login, list_call(jobs(), token="t")):
        connect(username="me", api_key="k").all()


@pytest.mark.parametrize("body", [{}, {"ApiToken": ""}, {"ApiToken": 1}, []])
def test_login_without_a_token_in_the_response_is_an_error(monkeypatch, body):
    with FakeService(monkeypatch, Call("GET /api/account/login?v=1", Reply(200, body))):
        with pytest.raises(errors.ServiceError):
            connect(**LOGIN).all()


def test_login_that_is_refused_has_a_hint(monkeypatch):
    with FakeService(monkeypatch, Call("GET /api/account/login?v=1", error("LOGIN_INVALID"))):
        with pytest.raises(errors.ServiceError, match="LOGIN_INVALID.*Check username and password") as caught:
            connect(**LOGIN).all()
    assert "p&ss" not in str(caught.value)


def test_token_that_has_expired_is_renewed(monkeypatch):
    calls = [
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t1"})),
        list_call(jobs("a"), token="t1"),
        delete_call(error("BAD_API_TOKEN"), token="t1"),
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t2"})),
        delete_call(Reply(200, {"TaskId": "x"}), token="t2"),
    ]
    with FakeService(monkeypatch, *calls):
        service = connect(**LOGIN)
        service.all()
        assert service.delete("a") is True


def test_new_token_that_is_refused_is_not_renewed_again(monkeypatch):
    calls = [
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t1"})),
        list_call(error("BAD_API_TOKEN"), token="t1"),
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t2"})),
        list_call(error("BAD_API_TOKEN"), token="t2"),
    ]
    with FakeService(monkeypatch, *calls):
        with pytest.raises(errors.ServiceError, match="BAD_API_TOKEN"):
            connect(**LOGIN).all()


@pytest.mark.parametrize("status", [400, 401])
def test_given_token_that_has_expired_ends_the_task(monkeypatch, status):
    with FakeService(monkeypatch, list_call(error("BAD_API_TOKEN", status))):
        with pytest.raises(errors.ServiceError, match="hour without use.*new api_token") as caught:
            connect(**TOKEN).all()
    assert caught.value.aborts_task


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"username": "me"},
        {"password": "p"},
        {"api_key": "k"},
        {**TOKEN, **LOGIN},
        {**TOKEN, "api_key": "k"},
        {**LOGIN, "api_key": "k"},
    ],
)
def test_anything_but_one_way_to_sign_in_is_refused(params):
    with pytest.raises(errors.InvalidInput, match="Give exactly one of") as caught:
        connect(**params)
    assert ", ".join(sorted(params)) in str(caught.value)
    assert "p&ss" not in str(caught.value)


def test_credentials_of_the_task_come_before_those_of_the_environment(monkeypatch):
    others = {"username": FromEnvironment("me"), "api_key": FromEnvironment("k")}
    with FakeService(monkeypatch, list_call(jobs())):
        connect(**TOKEN, **others).all()


def test_what_the_list_shows_needs_no_second_look(monkeypatch):
    with FakeService(monkeypatch, list_call(jobs("a", "B", "c"))):
        assert sorted(connect(**TOKEN).find(["a", "b"])) == ["a", "b"]


def test_ids_are_sent_in_the_service_s_own_spelling(monkeypatch):
    with FakeService(monkeypatch, list_call(jobs("AB")), delete_call(Reply(204), job_id="AB")):
        names = NameSelection({"name_pattern": None, "keep": None, "state": "absent"})
        reconciler = delete_reconcile.DeleteReconciler(connect(**TOKEN), TaskContext(), names)
        observed = reconciler.observe(["ab"])["ab"]
        assert reconciler.apply(engine.Item("ab", observed, reconciler.plan("ab", observed))) is True


def dated(first, count):
    """A page of a list: newest first, each a second older than the one before."""
    found = [
        {"JobId": f"{number:032x}", "CreationDate": f"2026-03-01T08:{59 - number // 60:02}:{59 - number % 60:02}"}
        for number in range(first, first + count)
    ]
    return Reply(200, {"ActiveJobs": found})


def test_a_list_that_may_be_cut_off_is_read_on(monkeypatch):
    calls = [
        list_call(dated(0, 100)),
        list_call(dated(99, 100), CreationDateTo="2026-03-01T08:58:20"),
        list_call(dated(198, 30), CreationDateTo="2026-03-01T08:56:41"),
    ]
    with FakeService(monkeypatch, *calls):
        assert len(connect(**TOKEN).all()) == 228


@pytest.mark.parametrize("most", [10, 25, 64, 256])
def test_whatever_the_most_is_that_a_list_shows(monkeypatch, most):
    before = "2026-03-01T08:{:02}:{:02}"
    calls = [
        list_call(dated(0, most)),
        list_call(dated(most - 1, 5), CreationDateTo=before.format(59 - (most - 1) // 60, 59 - (most - 1) % 60)),
    ]
    with FakeService(monkeypatch, *calls):
        assert len(connect(**TOKEN).all()) == most + 4


def test_a_list_of_a_round_length_that_is_whole(monkeypatch):
    calls = [list_call(dated(0, 150)), list_call(dated(149, 1), CreationDateTo="2026-03-01T08:57:30")]
    with FakeService(monkeypatch, *calls):
        assert len(connect(**TOKEN).all()) == 150


def test_what_the_list_does_not_show_may_belong_to_an_account_below(monkeypatch):
    with FakeService(monkeypatch, list_call(jobs("a")), list_call(jobs("a", "z"), Username="*")):
        assert sorted(connect(**TOKEN).find(["a", "z", "gone"])) == ["a", "z"]


@pytest.mark.parametrize("kind", ["ACCOUNT_UNPRIVILEGED", "NOT_PARENT_ACCOUNT", "INVALID_QUERY"])
def test_an_account_that_may_not_look_below_has_none(monkeypatch, kind):
    with FakeService(monkeypatch, list_call(jobs("a")), list_call(error(kind), Username="*")):
        assert sorted(connect(**TOKEN).find(["a", "gone"])) == ["a"]


@pytest.mark.parametrize("reply", [Reply(500), Reply(400), Reply(400, "<html></html>"), error("BAD_API_TOKEN")])
def test_a_second_look_that_fails_is_an_error(monkeypatch, reply):
    with FakeService(monkeypatch, list_call(jobs("a")), list_call(reply, Username="*")):
        with pytest.raises(errors.ServiceError):
            connect(**TOKEN).find(["a", "gone"])


@pytest.mark.parametrize("body", [{}, [], {"ActiveJobs": None}, {"ActiveJobs": [{"JobId": 1}]}])
def test_other_answers_are_errors_and_not_empty_lists(monkeypatch, body):
    with FakeService(monkeypatch, list_call(Reply(200, body))), pytest.raises(errors.ServiceError):
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
def test_delete(monkeypatch, reply, result):
    with FakeService(monkeypatch, delete_call(reply)):
        if result is None:
            with pytest.raises(errors.ServiceError):
                connect(**TOKEN).delete("a")
        else:
            assert connect(**TOKEN).delete("a") is result


@pytest.mark.parametrize("unknown", [Reply(404, "<html></html>"), Reply(405), Reply(404), error("NOT_IMPLEMENTED")])
def test_the_older_path_where_the_newer_does_not_exist(monkeypatch, unknown):
    calls = [
        delete_call(unknown),
        delete_call(Reply(200, {"TaskId": "x"}), path="del"),
        delete_call(Reply(200, {"TaskId": "x"}), path="del", job_id="b"),
    ]
    with FakeService(monkeypatch, *calls):
        service = connect(**TOKEN)
        assert service.delete("a") is True
        assert service.delete("b") is True


def test_no_path_at_all(monkeypatch):
    with FakeService(monkeypatch, delete_call(Reply(404)), delete_call(Reply(404), path="del")):
        with pytest.raises(errors.ServiceError, match="HTTP 404"):
            connect(**TOKEN).delete("a")


def test_a_lost_deletion_is_not_sent_on_the_other_path(monkeypatch):
    with FakeService(monkeypatch, delete_call(Reply(502))), pytest.raises(errors.OutcomeUnknown):
        connect(**TOKEN).delete("a")


def test_plan():
    assert not delete_reconcile.plan_absent(None).acts
    for status in jobs_api.STATUSES:
        change = delete_reconcile.plan_absent({"JobName": "n", "JobStatus": status})
        assert (change.action, change.before) == ("delete", {"JobName": "n", "JobStatus": status})


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


def test_the_id_of_a_job_in_the_address_of_its_callback_is_shown_and_a_token_is_not():
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


@pytest.mark.parametrize(
    "own, environment, headers",
    [
        ({}, "API_TOKEN USERNAME PASSWORD API_KEY", None),
        ({}, "USERNAME PASSWORD API_KEY", {"x_auth_user": b"USERNAME", "x_auth_password": b"PASSWORD"}),
        ({"username": "u"}, "PASSWORD API_KEY", {"x_auth_user": b"u", "x_auth_password": b"PASSWORD"}),
        ({"username": "u", "api_key": "k"}, "API_TOKEN", {"x_auth_user": b"u", "x_auth_securekey": b"k"}),
    ],
)
def test_first_complete_credentials_of_the_environment_count(monkeypatch, own, environment, headers):
    for name in ("API_TOKEN", "USERNAME", "PASSWORD", "API_KEY"):
        monkeypatch.setenv(f"CIELO24_{name}", name if name in environment.split() else "")
    given = {"base_url": NOTHING["base_url"], **own}
    params = ArgumentSpecValidator(account.OPTIONS).validate(given).validated_parameters
    logins = [Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "API_TOKEN"}), **headers)] if headers else []
    with FakeService(monkeypatch, *logins, list_call(jobs("a"), token="API_TOKEN")):
        connect(**params).all()


@pytest.mark.parametrize("odd", ["", "..", "a/b", 5, None, ["a"], {"a": 1}], ids=repr)
def test_ids_that_are_none_are_not_the_service_s(monkeypatch, odd):
    calls = [
        Call("GET /api/job/list?v=1&api_token=t1", Reply(200, {"ActiveJobs": [{"JobId": odd}]})),
        Call("GET /api/job/info?v=1&api_token=t1&job_id=a1", Reply(200, {"JobId": odd})),
        Call("GET /api/job/new?v=1&api_token=t1", Reply(200, {"JobId": odd})),
    ]
    with FakeService(monkeypatch, *calls):
        jobs = connect(**{**TOKEN, "api_token": "t1"})
        for call in (jobs.all, lambda: jobs.info("a1"), lambda: jobs.new({})):
            with pytest.raises(errors.JobsError, match="has not the form that the service documents"):
                call()
