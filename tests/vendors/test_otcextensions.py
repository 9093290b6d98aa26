# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox in front of otcextensions, Open Telekom Cloud's own client, which signs in with a password."""

from __future__ import annotations

import copy

import pytest
from keystoneauth1.exceptions import Unauthorized
from openstack.exceptions import BadRequestException, HttpException, NotFoundException, SDKException
from sandbox_client import SEED
from seeded_lts import (
    AGENCY,
    APP,
    ATTIC,
    AUDIT,
    DELEGATED,
    EMPTY,
    NOBODY,
    OTHER_DOMAIN,
    PROJECT,
    STREAMS,
    SYSTEM_TAG,
    USERS,
    asked,
    groups,
)

SIGN_IN = "POST /v3/auth/tokens none 201"
IN_PROFILE = {"profile": "otc"}
VISITOR = {
    "username": "log-visitor",
    "password": USERS["log-visitor"]["password"],
    "project_name": "eu-de_empty",
}


@pytest.fixture
def lts(connect):
    """The client's part for LTS, signed in."""
    return connect(**IN_PROFILE).lts


@pytest.fixture
def agency(connect):
    """Signs in to another account, through an agency."""

    def open_cloud(**auth):
        target = {
            "target_agency_name": AGENCY,
            "target_domain_name": OTHER_DOMAIN["name"],
            "target_project_name": "eu-de",
            **auth,
        }
        return connect(target, auth_type="agency", **IN_PROFILE)

    return open_cloud


def list_groups(lts):
    return {group.id: group.name for group in lts.groups()}


def test_otcextensions_signs_in_with_a_password_and_finds_the_endpoint(sandbox, connect):
    cloud = connect(**IN_PROFILE)
    assert cloud.current_project_id == PROJECT
    assert cloud.session.get_token() in sandbox.secrets()
    assert cloud.lts.get_endpoint() % {"project_id": PROJECT} == f"{sandbox.url}/v2/{PROJECT}"
    # As recorded from the client in front of a mere recorder, here and below.
    assert asked(sandbox) == ["GET /v3 none 200", SIGN_IN]


def test_otcextensions_lists_creates_updates_and_deletes_groups(sandbox, lts):
    sandbox.forget_requests()
    assert list_groups(lts) == {APP: "app", AUDIT: "audit", ATTIC: "attic"}

    made = lts.create_group(name="new", ttl_in_days=7)
    assert (groups(sandbox)[made.id]["name"], groups(sandbox)[made.id]["ttl_in_days"]) == ("new", 7)
    shown = list(lts.groups())[-1]
    assert (shown.id, shown.name, shown.ttl_in_days, shown.tag) == (made.id, "new", 7, SYSTEM_TAG)
    assert shown.creation_time > 1_700_000_000_000

    changed = lts.update_group(made.id, ttl_in_days=8)
    assert (changed.id, changed.name, changed.ttl_in_days) == (made.id, "new", 8)
    assert changed.creation_time == shown.creation_time
    assert groups(sandbox)[made.id]["ttl_in_days"] == 8

    assert lts.delete_group(made.id, ignore_missing=False) is None
    assert set(groups(sandbox)) == {APP, AUDIT, ATTIC}
    assert asked(sandbox) == [
        "GET /v2/P/groups token 200",
        "POST /v2/P/groups token 201",
        "GET /v2/P/groups token 200",
        f"POST /v2/P/groups/{made.id} token 200",
        f"DELETE /v2/P/groups/{made.id} token 204",
    ]


def test_otcextensions_creates_lists_and_deletes_streams(sandbox, lts):
    sandbox.forget_requests()
    made = lts.create_stream(ATTIC, log_stream_name="new", ttl_in_days=5)
    assert groups(sandbox)[ATTIC]["streams"] == {made.id: "new"}
    assert groups(sandbox)[ATTIC]["stream_settings"][made.id]["ttl_in_days"] == 5

    shown = list(lts.streams(ATTIC))
    assert [(stream.id, stream.name) for stream in shown] == [(made.id, "new")]
    assert (shown[0].filter_count, shown[0].tag) == (0, SYSTEM_TAG)
    assert {stream.id: stream.name for stream in lts.streams(APP)} == groups(sandbox)[APP]["streams"]

    assert lts.delete_stream(ATTIC, made) is None
    assert groups(sandbox)[ATTIC]["streams"] == {}
    assert asked(sandbox) == [
        f"POST /v2/P/groups/{ATTIC}/streams token 201",
        f"GET /v2/P/groups/{ATTIC}/streams token 200",
        f"GET /v2/P/groups/{APP}/streams token 200",
        f"DELETE /v2/P/groups/{ATTIC}/streams/{made.id} token 204",
    ]


def test_otcextensions_of_another_user_works_in_that_user_s_project(sandbox, connect):
    lts = connect(VISITOR, **IN_PROFILE).lts
    assert list_groups(lts) == {}
    made = lts.create_group(name="new", ttl_in_days=7)
    assert list(groups(sandbox, EMPTY)) == [made.id]
    assert asked(sandbox)[-1] == f"POST /v2/{EMPTY}/groups token 201"


# Of deletions of streams the client reads no answer but 404: they all look fine.
UNREAD = {
    "missing": (NOBODY, APP, None, 400),
    "blocked by a transfer": (STREAMS["logins"], AUDIT, None, 400),
    "failed": (STREAMS["api"], APP, {"status": 500, "code": "LTS.0203", "message": "Failed to delete Log stream"}, 500),
    "refused": (STREAMS["api"], APP, {"status": 403, "code": "LTS.0003", "message": "No permission."}, 403),
}


@pytest.mark.parametrize("ignore_missing", [True, False])
@pytest.mark.parametrize("name", UNREAD)
def test_otcextensions_takes_a_failed_deletion_of_a_stream_for_done(sandbox, lts, name, ignore_missing):
    stream, group, fault, status = UNREAD[name]
    sandbox.forget_requests()
    before = sandbox.state()
    if fault:
        sandbox.fault("status", at=1, **fault)
    assert lts.delete_stream(group, stream, ignore_missing=ignore_missing) is None
    assert sandbox.state() == before
    assert asked(sandbox) == [f"DELETE /v2/P/groups/{group}/streams/{stream} token {status}"]


def test_otcextensions_reports_a_missing_group_unless_it_ignores_a_404(sandbox, lts):
    before = sandbox.state()
    with pytest.raises(NotFoundException) as caught:
        list(lts.streams(NOBODY))
    assert caught.value.details == "LTS.0201"
    with pytest.raises(NotFoundException, match="The log group does not exist"):
        lts.delete_stream(NOBODY, STREAMS["api"], ignore_missing=False)
    assert lts.delete_stream(NOBODY, STREAMS["api"]) is None
    with pytest.raises(NotFoundException):
        lts.delete_group(NOBODY, ignore_missing=False)
    assert lts.delete_group(NOBODY) is None
    # This one reads its answer, and takes 404 alone for missing.
    sandbox.variants(missing_group_status=400)
    with pytest.raises(BadRequestException) as caught:
        lts.delete_group(NOBODY)
    assert caught.value.details == "LTS.0201"
    assert sandbox.state() == before


@pytest.mark.parametrize(
    "call,code",
    [
        (lambda lts: lts.delete_group(AUDIT), "LTS.0105"),
        (lambda lts: lts.create_group(name="app", ttl_in_days=7), "LTS.0101"),
        (lambda lts: lts.create_group(name="new"), "LTS.0106"),
        (lambda lts: lts.create_group(name="_new", ttl_in_days=7), "LTS.0009"),
        (lambda lts: lts.update_group(APP, ttl_in_days=366), "LTS.0106"),
    ],
    ids=["transfers", "name of another", "no time to live", "bad name", "long time to live"],
)
def test_otcextensions_shows_the_code_of_a_refusal_that_changed_nothing(sandbox, lts, call, code):
    before = sandbox.state()
    with pytest.raises(BadRequestException) as caught:
        call(lts)
    assert (caught.value.status_code, caught.value.details) == (400, code)
    assert sandbox.state() == before


@pytest.mark.parametrize(
    "status,details",
    [
        (500, "LTS.0010"),
        (504, "APIGW.0201"),
        # Plain text, of which the client shows the reason alone, and the page of a firewall.
        (503, "Service Unavailable"),
        (418, "The request was blocked"),
    ],
)
def test_otcextensions_reports_a_failure_and_works_after_it(sandbox, lts, status, details):
    sandbox.fault("status", match={"method": "GET"}, times=None, status=status)
    with pytest.raises(HttpException) as caught:
        list(lts.groups())
    assert caught.value.status_code == status and details in caught.value.details
    sandbox.clear_faults()
    assert len(list_groups(lts)) == 3


@pytest.mark.parametrize("code", ["LTS.0002", "LTS.0003", "LTS.0414", "APIGW.0301", "APIGW.0307"])
def test_otcextensions_renews_a_token_that_ended(sandbox, lts, code):
    sandbox.variants(token_error=code)
    sandbox.forget_requests()
    # To the client, whose clock stays where it is, the token is still good.
    sandbox.clock(advance="25h")
    stream = STREAMS["api"]
    assert lts.delete_stream(APP, stream) is None
    assert stream not in groups(sandbox)[APP]["streams"]
    path = f"DELETE /v2/P/groups/{APP}/streams/{stream} token"
    assert asked(sandbox) == [f"{path} 401", SIGN_IN, f"{path} 204"]
    assert len(list_groups(lts)) == 3 and len(sandbox.requests()) == 4


def test_otcextensions_renews_a_token_that_is_never_good_once_for_each_request(sandbox, lts):
    sandbox.fault("status", match={"path": "/v2/"}, times=None, status=401, code="LTS.0003", message="Invalid token")
    sandbox.forget_requests()
    before = sandbox.state()
    with pytest.raises(HttpException) as caught:
        list(lts.groups())
    assert (caught.value.status_code, caught.value.details) == (401, "LTS.0003")
    assert lts.delete_stream(APP, STREAMS["api"]) is None
    groups_path, stream_path = "GET /v2/P/groups token", f"DELETE /v2/P/groups/{APP}/streams/{STREAMS['api']} token"
    assert asked(sandbox) == [
        *(f"{groups_path} 401", SIGN_IN, f"{groups_path} 401"),
        *(f"{stream_path} 401", SIGN_IN, f"{stream_path} 401"),
    ]
    assert sandbox.state() == before


def test_otcextensions_reports_a_password_that_no_longer_holds(sandbox, lts):
    sandbox.clock(advance="25h")
    sandbox.fault("status", match={"path": "/v3/auth/tokens"}, status=401)
    with pytest.raises(Unauthorized):
        list(lts.groups())


def test_otcextensions_is_refused_the_project_of_another_account(sandbox, connect):
    lts = connect(ltsv2_endpoint_override=f"{sandbox.url}/v2/{DELEGATED}", **IN_PROFILE).lts
    with pytest.raises(HttpException) as caught:
        list(lts.groups())
    assert (caught.value.status_code, caught.value.details) == (403, "LTS.0001")
    with pytest.raises(HttpException):
        lts.create_group(name="new", ttl_in_days=7)
    assert asked(sandbox)[2:] == [f"GET /v2/{DELEGATED}/groups token 403", f"POST /v2/{DELEGATED}/groups token 403"]
    assert sandbox.acted() == 0


@pytest.mark.parametrize(
    "auth",
    [
        {},
        {"target_domain_name": None, "target_domain_id": OTHER_DOMAIN["id"]},
        {"target_project_name": None, "target_project_id": DELEGATED},
    ],
    ids=["names", "id of the domain", "id of the project"],
)
def test_otcextensions_works_in_another_account_through_an_agency(sandbox, agency, auth):
    cloud = agency(**auth)
    assert cloud.current_project_id == DELEGATED
    assert list(list_groups(cloud.lts).values()) == ["delegated"]
    made = cloud.lts.create_group(name="new", ttl_in_days=7)
    assert groups(sandbox, DELEGATED)[made.id]["name"] == "new" and made.id not in groups(sandbox)
    assert asked(sandbox) == [
        SIGN_IN,
        # With the token of the first.
        "POST /v3/auth/tokens token 201",
        f"GET /v2/{DELEGATED}/groups token 200",
        f"POST /v2/{DELEGATED}/groups token 201",
    ]


def test_an_agency_opens_if_only_the_field_that_otcextensions_sends_is_known(sandbox, agency):
    sandbox.variants(agency_field="xrole_name")
    assert agency().current_project_id == DELEGATED


def test_an_agency_does_not_open_if_only_the_other_field_is_known(sandbox, agency):
    sandbox.variants(agency_field="agency_name")
    with pytest.raises(SDKException, match=r"'agency_name' is a required property\. \(HTTP 400\)"):
        agency()


@pytest.mark.parametrize(
    "auth,text",
    [
        ({"target_agency_name": "nobody"}, "Could not find agency: nobody. (HTTP 404)"),
        ({"target_domain_name": "nobody"}, f"Could not find agency: {AGENCY}. (HTTP 404)"),
        ({"target_project_name": "eu-nl"}, "The request you have made requires authentication. (HTTP 401)"),
        ({"password": "wrong"}, "The username or password is wrong. (HTTP 401)"),
    ],
    ids=["agency", "domain", "project", "password"],
)
def test_otcextensions_shows_why_an_agency_does_not_open(agency, auth, text):
    with pytest.raises(SDKException) as caught:
        agency(**auth)
    assert text in str(caught.value)


def test_an_agency_that_trusts_somebody_else_does_not_open(sandbox, agency):
    seed = copy.deepcopy(SEED)
    seed["iam"]["domains"][1]["agencies"][0]["trusts"] = "OTC00000000001000000003"
    sandbox.reset(seed)
    with pytest.raises(SDKException, match=r"You are not authorized to perform the requested action\. \(HTTP 403\)"):
        agency()
