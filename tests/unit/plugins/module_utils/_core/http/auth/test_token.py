# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: when they are fetched, and when they are not."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.token import QueryTokenAuth, TokenAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.tests.unit.support.auth_flows import Authentication
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.one_endpoint import LOOK, OK, connect


def is_bad(response):
    return response.status == 400


def test_token_is_fetched_once_and_again_when_the_service_refuses_it():
    tokens = iter(["t1", "t2"])
    calls = [
        Call("GET /look?token=t1", OK),
        Call("GET /look?token=t1", Reply(400)),
        Call("GET /look?token=t2", OK),
        Call("GET /look?token=t2", OK),
    ]
    with FakeService(*calls):
        service = connect(QueryTokenAuth("token", None, lambda: next(tokens), is_bad))
        for _number in range(3):
            service.call(LOOK)


def test_given_token_is_not_renewed():
    with FakeService(Call("GET /look?token=t", Reply(400))):
        service = connect(QueryTokenAuth("token", "t", None, is_bad))
        for _number in range(2):
            with pytest.raises(errors.ServiceError):
                service.call(LOOK)


def test_sign_in_that_failed_is_not_repeated_by_later_requests():
    tries = []

    def fetch():
        tries.append(1)
        raise errors.ServiceError("wrong password", 400, "LOGIN_INVALID", "m", None, "GET", "/login")

    with FakeService():
        service = connect(QueryTokenAuth("token", None, fetch, is_bad))
        for _number in range(3):
            with pytest.raises(errors.ServiceError, match="wrong password") as caught:
                service.call(LOOK)
            assert caught.value.aborts_task
    assert len(tries) == 1


class HeaderTokenAuth(TokenAuth):
    """A token in a header."""

    def attach(self, request, token):
        request.headers["X-Token"] = token


def failing_after_the_first(is_transient):
    """(a fetch function that fails from its second call on, the list of its calls)"""
    calls = []

    def fetch():
        calls.append(1)
        if len(calls) > 1:
            raise errors.NoResponse("no", "GET", "/login", is_transient=is_transient)
        return "t1"

    return fetch, calls


@pytest.mark.parametrize("is_transient, fetched", [(False, 2), (True, 3)])
def test_token_that_two_threads_were_refused_with_is_renewed_once_unless_that_may_help(is_transient, fetched):
    """Services lock accounts that are tried too often."""
    fetch, calls = failing_after_the_first(is_transient)
    auth = HeaderTokenAuth(None, fetch, lambda response: True)
    under_way = [Authentication(auth) for _thread in range(2)]
    for authentication in under_way:
        assert authentication.request.headers["X-Token"] == "t1"
        with pytest.raises(errors.NoResponse):
            authentication.receive(Response(401, {}, b""))
    assert len(calls) == fetched


def test_token_is_renewed_once_for_each_request():
    tokens = iter(["t1", "t2", "t3"])
    auth = HeaderTokenAuth(None, lambda: next(tokens), lambda response: response.status == 401)
    authentication = Authentication(auth).receive(Response(401, {}, b""))
    assert authentication.request.headers["X-Token"] == "t2"
    assert authentication.receive(Response(401, {}, b"")).is_refused
    assert next(tokens) == "t3"


def test_token_that_another_thread_has_renewed_is_used():
    tokens = iter(["t1", "t2"])
    auth = HeaderTokenAuth(None, lambda: next(tokens), lambda response: response.status == 401)
    first, second = Authentication(auth), Authentication(auth)
    for authentication in (first, second):
        authentication.receive(Response(401, {}, b""))
        assert authentication.request.headers["X-Token"] == "t2"


def test_token_that_has_expired_is_fetched_again_before_it_is_refused():
    tokens, expired = iter(["t1", "t2"]), [False]
    auth = HeaderTokenAuth(None, lambda: next(tokens), lambda response: False, lambda: expired[0])
    assert Authentication(auth).request.headers["X-Token"] == "t1"
    expired[0] = True
    assert Authentication(auth).request.headers["X-Token"] == "t2"
