# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.environment import FromEnvironment
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account
from ansible_collections.saasops.jobs.tests.unit.support.cielo24 import (
    LOGIN,
    TOKEN,
    connect,
    delete_call,
    error,
    jobs,
    list_call,
)
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock


@pytest.mark.parametrize("key", ["ApiToken", "api_token"])
def test_login_sends_username_and_password_in_headers_only(key):
    context = TaskContext(clock=StillClock())
    login = Call("GET /api/account/login?v=1", Reply(200, {key: "fresh"}), x_auth_user=b"me", x_auth_password=b"p&ss")
    with FakeService(login, list_call(jobs("a"), token="fresh")):
        connect(context, **LOGIN).all()
    assert {"p&ss", "p%26ss", "fresh"} <= set(context.secrets)


def test_login_sends_an_api_key_in_a_header():
    login = Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t"}), x_auth_user=b"me", x_auth_securekey=b"k")
    with FakeService(login, list_call(jobs(), token="t")):
        connect(username="me", api_key="k").all()


@pytest.mark.parametrize("body", [{}, {"ApiToken": ""}, {"ApiToken": 1}, []])
def test_a_login_without_a_token_is_an_error(body):
    with FakeService(Call("GET /api/account/login?v=1", Reply(200, body))):
        with pytest.raises(errors.ServiceError):
            connect(**LOGIN).all()


def test_a_refused_login_tells_what_to_check():
    with FakeService(Call("GET /api/account/login?v=1", error("LOGIN_INVALID"))):
        with pytest.raises(errors.ServiceError, match="LOGIN_INVALID.*Check username and password") as caught:
            connect(**LOGIN).all()
    assert "p&ss" not in str(caught.value)


def test_an_expired_token_is_renewed():
    calls = [
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t1"})),
        list_call(jobs("a"), token="t1"),
        delete_call(error("BAD_API_TOKEN"), token="t1"),
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t2"})),
        delete_call(Reply(200, {"TaskId": "x"}), token="t2"),
    ]
    with FakeService(*calls):
        service = connect(**LOGIN)
        service.all()
        assert service.delete("a") is True


def test_a_fresh_token_that_is_refused_is_not_renewed_again():
    calls = [
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t1"})),
        list_call(error("BAD_API_TOKEN"), token="t1"),
        Call("GET /api/account/login?v=1", Reply(200, {"ApiToken": "t2"})),
        list_call(error("BAD_API_TOKEN"), token="t2"),
    ]
    with FakeService(*calls):
        with pytest.raises(errors.ServiceError, match="BAD_API_TOKEN"):
            connect(**LOGIN).all()


@pytest.mark.parametrize("status", [400, 401])
def test_an_expired_token_of_the_task_aborts_it(status):
    with FakeService(list_call(error("BAD_API_TOKEN", status))):
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
def test_credentials_for_none_or_several_ways_to_sign_in_are_refused(params):
    with pytest.raises(errors.InvalidInput, match="Give exactly one of") as caught:
        connect(**params)
    assert ", ".join(sorted(params)) in str(caught.value)
    assert "p&ss" not in str(caught.value)


def test_credentials_of_the_task_override_the_environment():
    others = {"username": FromEnvironment("me"), "api_key": FromEnvironment("k")}
    with FakeService(list_call(jobs())):
        connect(**TOKEN, **others).all()


@pytest.mark.parametrize(
    "own, environment, token, headers",
    [
        ({}, "API_TOKEN USERNAME PASSWORD API_KEY", "API_TOKEN", {}),
        ({}, "USERNAME PASSWORD API_KEY", None, {"x-auth-user": b"USERNAME", "x-auth-password": b"PASSWORD"}),
        ({"username": "u"}, "PASSWORD API_KEY", None, {"x-auth-user": b"u", "x-auth-password": b"PASSWORD"}),
        ({"username": "u", "api_key": "k"}, "API_TOKEN", None, {"x-auth-user": b"u", "x-auth-securekey": b"k"}),
    ],
)
def test_the_environment_is_searched_in_the_documented_order(monkeypatch, own, environment, token, headers):
    for name in ("API_TOKEN", "USERNAME", "PASSWORD", "API_KEY"):
        monkeypatch.setenv(f"CIELO24_{name}", name if name in environment.split() else "")
    params = ArgumentSpecValidator(account.OPTIONS).validate(own).validated_parameters
    assert account._credentials(params) == (token, headers)
