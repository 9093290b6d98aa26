# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's IAM in front of openstacksdk, which signs in by a clouds.yaml."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from keystoneauth1.exceptions import EndpointNotFound, NotFound, ServiceUnavailable, Unauthorized
from seeded_lts import DOMAIN, EMPTY, PROJECT, USERS, asked

OPERATOR, WITH_PASSCODE = USERS["log-operator"], USERS["log-operator-mfa"]


def access(cloud):
    """What the client has read out of IAM's answer."""
    return cloud.session.auth.get_access(cloud.session)


def list_groups(cloud, project):
    """What a program does that knows of LTS no more than what the catalog says."""
    url = cloud.session.get_endpoint(service_type="ltsv2", region_name="eu-de", interface="public")
    answer = cloud.session.get(f"{url}/{project}/groups", headers={"Content-Type": "application/json"})
    return [group["log_group_name"] for group in answer.json()["log_groups"]]


def test_openstacksdk_signs_in_with_a_password_and_finds_the_endpoint(sandbox, connect):
    cloud = connect()
    assert (cloud.current_project_id, cloud.current_user_id) == (PROJECT, OPERATOR["id"])
    assert cloud.session.get_token() in sandbox.secrets()
    assert cloud.session.get_endpoint(service_type="ltsv2", region_name="eu-de") == f"{sandbox.url}/v2"
    with pytest.raises(EndpointNotFound):
        cloud.session.get_endpoint(service_type="ltsv2", region_name="eu-nl")
    assert list_groups(cloud, PROJECT) == ["app", "audit", "attic"]

    told = access(cloud)
    assert (told.username, told.user_domain_id, told.user_domain_name) == ("log-operator", DOMAIN["id"], DOMAIN["name"])
    assert (told.project_name, told.project_domain_id, told.project_scoped) == ("eu-de", DOMAIN["id"], True)
    assert told.version == "v3"
    day = told.expires - datetime.now(timezone.utc)
    assert timedelta(hours=23, minutes=59) < day <= timedelta(hours=24) and not told.will_expire_soon()
    assert told.expires - told.issued == timedelta(hours=24)
    # The first asks what IAM this is; the second holds no token, and what it holds is not logged.
    assert asked(sandbox) == [
        "GET /v3 none 200",
        "POST /v3/auth/tokens none 201",
        "GET /v2/P/groups token 200",
    ]


@pytest.mark.parametrize(
    "auth,where",
    [
        ({"project_name": "eu-de_empty"}, EMPTY),
        ({"project_name": None, "project_domain_name": None, "project_id": EMPTY}, EMPTY),
        ({"project_domain_name": None, "project_domain_id": DOMAIN["id"]}, PROJECT),
        ({"user_domain_name": None, "user_domain_id": DOMAIN["id"]}, PROJECT),
        ({"username": None, "user_domain_name": None, "user_id": OPERATOR["id"]}, PROJECT),
        (
            {"username": "log-visitor", "password": USERS["log-visitor"]["password"], "project_name": "eu-de_empty"},
            EMPTY,
        ),
    ],
    ids=["name", "id", "id of the domain", "id of the user's domain", "id of the user", "another user"],
)
def test_openstacksdk_signs_in_with_user_and_project_by_name_or_id(connect, auth, where):
    cloud = connect(auth)
    assert cloud.current_project_id == where
    assert list_groups(cloud, where) == ([] if where == EMPTY else ["app", "audit", "attic"])


def test_openstacksdk_gets_a_token_for_a_domain_or_without_a_scope(connect):
    nowhere = {"project_name": None, "project_domain_name": None}
    told = access(connect({**nowhere, "domain_name": DOMAIN["name"]}))
    assert (told.domain_scoped, told.domain_id, told.project_id) == (True, DOMAIN["id"], None)
    told = access(connect(nowhere, auth_type="v3password"))
    assert (told.scoped, told.service_catalog.get_endpoints(service_type="ltsv2")) == (False, {})


def test_openstacksdk_signs_in_with_a_passcode_once(sandbox, connect):
    auth = {
        "username": None,
        "user_domain_name": None,
        "user_id": WITH_PASSCODE["id"],
        "password": WITH_PASSCODE["password"],
        "passcode": WITH_PASSCODE["passcode"],
    }
    cloud = connect(auth, auth_type="v3multifactor", auth_methods=["v3password", "v3totp"])
    assert cloud.current_user_id == WITH_PASSCODE["id"]
    assert list_groups(cloud, PROJECT) == ["app", "audit", "attic"]
    # Once more with the same passcode, which is spent.
    with pytest.raises(Unauthorized, match="The username or password is wrong"):
        access(connect(auth, auth_type="v3multifactor", auth_methods=["v3password", "v3totp"]))


def test_openstacksdk_lists_the_projects_with_a_name_and_all(sandbox, connect):
    # The catalog gives IAM to no region.
    cloud = connect(region_name="")
    sandbox.forget_requests()
    found = list(cloud.identity.projects(name="eu-de"))
    assert [(project.id, project.name, project.domain_id) for project in found] == [(PROJECT, "eu-de", DOMAIN["id"])]
    assert found[0].is_enabled is True and asked(sandbox)[-1] == "GET /v3/projects?name=eu-de token 200"
    assert [project.id for project in cloud.identity.projects()] == [PROJECT, EMPTY]


@pytest.mark.parametrize(
    "auth,text",
    [
        ({"password": "wrong"}, "The username or password is wrong."),
        ({"username": "nobody"}, "The username or password is wrong."),
        (
            {"username": "log-operator-locked", "password": USERS["log-operator-locked"]["password"]},
            "Account locked.",
        ),
        ({"project_name": "eu-nl"}, "The request you have made requires authentication."),
        ({"username": WITH_PASSCODE["name"], "password": WITH_PASSCODE["password"]}, "requires authentication."),
    ],
    ids=["password", "user", "locked", "project", "passcode"],
)
def test_openstacksdk_shows_why_a_sign_in_is_refused(sandbox, connect, auth, text):
    with pytest.raises(Unauthorized) as caught:
        access(connect(auth))
    assert text in caught.value.message
    assert set(asked(sandbox)[1:]) == {"POST /v3/auth/tokens none 401"}


def test_openstacksdk_shows_that_a_project_is_not_found(sandbox, connect):
    sandbox.variants(missing_scope_status=404)
    with pytest.raises(NotFound, match="Could not find project: eu-nl"):
        access(connect({"project_name": "eu-nl"}))


def test_openstacksdk_recognizes_a_refusal_in_the_other_form_of_errors(sandbox, connect):
    sandbox.variants(iam_error_form="iam")
    with pytest.raises(Unauthorized):
        access(connect({"password": "wrong"}))


def test_openstacksdk_reports_an_outage_and_signs_in_after_it(sandbox, connect):
    sandbox.fault("status", match={"method": "POST", "path": "/v3/auth/tokens"}, times=None, status=503)
    with pytest.raises(ServiceUnavailable):
        access(connect())
    sandbox.clear_faults()
    assert connect().current_project_id == PROJECT
