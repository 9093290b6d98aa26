# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.limits.rate_limit import RateLimit, RateLimitInfo
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import conventions, sign_in
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock
from ansible_collections.saasops.jobs.tests.unit.support.mongodb import LIST, PARAMS, connect


@pytest.mark.parametrize(
    "reply, code, hint",
    [
        (
            Reply(401, {"error": 401, "detail": "No.", "errorCode": "UNEXPECTED_ERROR"}),
            "UNEXPECTED_ERROR",
            "no key was sent: check the address",
        ),
        (
            Reply(401, {"error": 401, "detail": "No.", "errorCode": "USER_UNAUTHORIZED"}),
            "USER_UNAUTHORIZED",
            "lacks a role",
        ),
        (
            Reply(403, {"error": 403, "detail": "No.", "errorCode": "IP_ADDRESS_NOT_ON_ACCESS_LIST"}),
            None,
            "access list",
        ),
        (Reply(403, {"error": 403, "detail": "No.", "errorCode": "RESOURCE_REQUIRES_WHITELIST"}), None, "access list"),
        (
            Reply(404, {"error": 404, "detail": "No.", "errorCode": "GROUP_NOT_FOUND"}),
            None,
            "Check the id of the project",
        ),
        (Reply(404, {"error": 404, "detail": "No.", "errorCode": "ATLAS_GROUP"}), None, "belongs to Atlas"),
        (Reply(400, "", X_Error_Code="INVALID_VERSION_DATE"), "INVALID_VERSION_DATE", ""),
        (Reply(500, {"error": 500, "detail": "No."}), None, "No"),
    ],
)
def test_an_error_of_the_service_keeps_its_code_and_gets_a_hint(reply, code, hint):
    with FakeService(Call("GET /jobs", reply)), pytest.raises(errors.ServiceError) as caught:
        connect().call(LIST)
    if code:
        assert caught.value.code == code
    assert hint in str(caught.value)


def test_writes_during_an_upgrade_are_tried_again():
    delete = endpoint.Endpoint("delete", "DELETE", "/jobs", Effect.CHANGE)
    upgrade = Reply(405, {"error": 405, "errorCode": "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", "detail": "x"})
    with FakeService(Call("DELETE /jobs", upgrade), Call("DELETE /jobs", Reply(204))):
        settings = HttpSettings(retries=1)
        sign_in.connect("Things", PARAMS, settings, TaskContext(clock=StillClock())).call(delete)


def test_plain_http_to_another_machine_draws_a_warning():
    context = TaskContext(clock=StillClock())
    connect(context, base_url="http://om.example:8080")
    assert len(context.warnings) == 1
    assert "plain http" in context.warnings[0]
    context = TaskContext(clock=StillClock())
    connect(context)
    assert context.warnings == []


@pytest.mark.parametrize("option, value", [("public_key", 'a"b'), ("public_key", ""), ("private_key", "a\nb")])
def test_malformed_keys_are_refused(option, value):
    with pytest.raises(errors.InvalidInput, match=option):
        connect(**{option: value})


def refusal(code, parameters):
    return {"error": 429, "detail": "x", "errorCode": code, "parameters": parameters}


@pytest.mark.parametrize(
    "status, headers, body, announced",
    [
        (200, {}, {}, RateLimitInfo()),
        (200, {"RateLimit-Remaining": "17"}, {}, RateLimitInfo(remaining=17)),
        (200, {"RateLimit-Remaining": "many"}, {}, RateLimitInfo()),
        # Only a refusal tells a quota.
        (200, {}, refusal("RATE_LIMITED", ["/x", 100, 1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", 100, 1]), RateLimitInfo(RateLimit(100, 60))),
        (429, {}, refusal("RATE_LIMITED", ["/x", "100", "0.5"]), RateLimitInfo(RateLimit(100, 30))),
        (
            429,
            {"RateLimit-Remaining": "0"},
            refusal("RATE_LIMITED_TOKEN_BUCKET", ["/x", 3, 1200, 500, 60]),
            RateLimitInfo(RateLimit(500, 60, 1200), 0, 3),
        ),
        # What makes no sense is not kept to.
        (429, {}, refusal("RATE_LIMITED", ["/x", 0, 1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", 100, -1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", 1, 1_000_000]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", "nan", 1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", None, 1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x"]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", ["/x", 10**400, 1]), RateLimitInfo()),
        (429, {}, refusal("RATE_LIMITED", None), RateLimitInfo()),
        (429, {}, refusal("OTHER", ["/x", 100, 1]), RateLimitInfo()),
        (429, {}, ["no object"], RateLimitInfo()),
    ],
)
def test_a_rate_limit_is_read_from_an_answer_if_it_makes_sense(status, headers, body, announced):
    assert conventions.read_rate_limit(Response(status, headers, json.dumps(body).encode())) == announced


@pytest.mark.parametrize(
    "code", [None, "USER_UNAUTHORIZED", "NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP", "IP_ADDRESS_NOT_ON_ACCESS_LIST"]
)
def test_advice_on_rights_holds_for_service_accounts_too(code):
    assert "API key or service account" in conventions.hint(401, code)
