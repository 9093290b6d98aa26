# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import requests
from accounts import CLIENT_ID, CLIENT_SECRET
from requests.auth import HTTPDigestAuth
from sandbox_client import ATLAS, V2
from sandbox_mongodb import PROJECT, UNKNOWN, assert_error

DEFAULT, RETAIL, MEDIA = (f"66f1c0de00000000000f000{number}" for number in (1, 2, 3))
PUBLIC = "/api/public/v1.0"
STUDIO = "66f1c0de0000000000000004"


def results(response):
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["totalCount"] == len(body["results"])
    return body["results"]


def test_organizations_are_those_of_the_projects_of_the_api(sandbox):
    shown = results(sandbox.call("GET", f"{PUBLIC}/orgs"))
    assert [(each["id"], each["name"], each["isDeleted"]) for each in shown] == [
        (DEFAULT, "Sandbox", False),
        (RETAIL, "Retail", False),
        (MEDIA, "Media & Co.", False),
    ]
    assert [each["id"] for each in results(sandbox.call("GET", "/api/atlas/v2/orgs", headers=V2))] == [RETAIL]


def test_projects_name_their_organizations(sandbox):
    shown = {each["name"]: each["orgId"] for each in results(sandbox.call("GET", f"{PUBLIC}/groups"))}
    assert shown == {"payments": RETAIL, "attic": DEFAULT, "studio": MEDIA, "ledger": DEFAULT}
    (billing,) = results(sandbox.call("GET", "/api/atlas/v2/groups", headers=V2))
    assert (billing["id"], billing["orgId"], billing["clusterCount"]) == (ATLAS, RETAIL, 7)
    assert [each["id"] for each in results(sandbox.call("GET", "/api/atlas/v1.0/groups"))] == [ATLAS]


def test_an_organization_lists_its_projects(sandbox):
    shown = results(sandbox.call("GET", f"{PUBLIC}/orgs/{DEFAULT}/groups"))
    assert [each["name"] for each in shown] == ["attic", "ledger"]
    response = sandbox.call("GET", f"{PUBLIC}/orgs/{UNKNOWN}/groups")
    assert_error(response, 404, "RESOURCE_NOT_FOUND", [f"{PUBLIC}/orgs/{UNKNOWN}/groups"])


def test_lists_have_pages(sandbox):
    body = sandbox.call("GET", f"{PUBLIC}/groups?itemsPerPage=3&pageNum=2").json()
    assert ([each["name"] for each in body["results"]], body["totalCount"]) == (["ledger"], 4)


def test_a_restricted_key_sees_its_projects_and_their_organizations(sandbox):
    auth = HTTPDigestAuth("paymentskey", "91be70d4-c2a8-4e35-b6f0-7d1c5e8a9b23")
    assert [each["id"] for each in results(sandbox.get(f"{PUBLIC}/groups", auth=auth))] == [PROJECT]
    assert [each["id"] for each in results(sandbox.get(f"{PUBLIC}/orgs", auth=auth))] == [RETAIL]


def test_a_service_account_sees_no_project_of_ops_manager(sandbox):
    answer = requests.post(
        f"{sandbox.url}/api/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(CLIENT_ID, CLIENT_SECRET),
        timeout=10,
    )
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert [each["id"] for each in results(sandbox.get(f"{PUBLIC}/groups", headers=headers))] == [STUDIO]


@pytest.mark.parametrize(
    ("variant", "value", "path"),
    [("organization_list", "refused", "/orgs"), ("project_list", "by_organization", "/groups")],
)
def test_a_list_may_need_a_role_that_the_key_lacks(sandbox, variant, value, path):
    sandbox.variants(**{variant: value})
    assert_error(sandbox.call("GET", PUBLIC + path), 401, "USER_UNAUTHORIZED", [])
    assert len(results(sandbox.call("GET", f"{PUBLIC}/orgs/{DEFAULT}/groups"))) == 2


def test_the_list_may_hold_projects_of_other_products(sandbox):
    sandbox.variants(project_list="of_all_products")
    assert ATLAS in [each["id"] for each in results(sandbox.call("GET", f"{PUBLIC}/groups"))]
    assert PROJECT in [each["id"] for each in results(sandbox.call("GET", "/api/atlas/v2/groups", headers=V2))]


def test_clusters_show_their_states_without_flex_and_serverless_ones(sandbox):
    shown = results(sandbox.call("GET", f"/api/atlas/v2/groups/{ATLAS}/clusters", headers=V2))
    assert [(each["name"], each["clusterType"], each["stateName"], each["paused"]) for each in shown] == [
        ("blue", "REPLICASET", "IDLE", False),
        ("green", "SHARDED", "IDLE", False),
        ("indigo", "REPLICASET", "IDLE", False),
        ("violet", "REPLICASET", "IDLE", False),
        ("amber", "REPLICASET", "IDLE", True),
    ]
    assert all(each["groupId"] == ATLAS and each["createDate"] < "2027" for each in shown)


def test_a_seed_with_an_unknown_organization_is_refused(sandbox, seed):
    seed["mongodb"]["projects"][0]["organization"] = UNKNOWN
    assert "organization" in sandbox.control("POST", "reset", seed, status=400)["error"]
