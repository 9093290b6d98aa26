# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where other tools for LTS go wrong, this collection does not.

Each test names the tool and its mistake: the Terraform providers of Open Telekom Cloud, Huawei Cloud and SberCloud, the
Python libraries otcextensions and huaweicloudsdklts, and the collection opentelekomcloud.cloud.
"""

from __future__ import annotations

import os
import subprocess
import sys

import accounts
import pytest
from accounts import stream, transfer
from running import run

LOGS = {"obs_bucket_name": "app-archive", "obs_period": 3, "obs_period_unit": "hour"}


def lts(sandbox, module="lts_log_stream", **more):
    return run(module, accounts.lts(sandbox.url, retries=0, **more))


def delete_nginx(sandbox):
    return lts(sandbox, state="absent", log_group_name="app", log_stream_name="nginx")


def answers(sandbox, status, code, message="text"):
    sandbox.fault(kind="status", status=status, code=code, message=message, match={"method": "DELETE"}, times=None)


# --------------------------------------------------------------------------------------------------------- deletions


@pytest.mark.parametrize("code", ["LTS.0207", "LTS.0009", "LTS.0011", "LTS.0010"])
def test_terraform_takes_any_400_for_a_deletion(sandbox, code):
    """It leaves the stream behind, with its costs."""
    answers(sandbox, 400, code)
    result = delete_nginx(sandbox)
    assert (result["failed"], result["changed"], result["error"]["code"]) == (True, False, code)


def test_terraform_takes_a_feeding_stream_for_deleted(sandbox):
    answers(sandbox, 400, "LTS.0208", "Log stream is associated by transfer")
    assert delete_nginx(sandbox)["failed"] is True


@pytest.mark.parametrize("status, code", [(400, "LTS.0208"), (400, "LTS.0201"), (404, "LTS.0201")])
def test_newer_terraform_fails_on_a_stream_that_is_gone(sandbox, status, code):
    answers(sandbox, status, code, "The log stream does not existed")
    result = delete_nginx(sandbox)
    assert (result.get("failed"), result["changed"]) == (None, False)


def test_terraform_fails_on_a_transfer_that_is_gone(sandbox):
    answers(sandbox, 400, "LTS.0405")
    result = lts(sandbox, "lts_log_transfer", state="absent", log_transfer_id=transfer(1))
    assert (result.get("failed"), result["changed"]) == (None, False)


@pytest.mark.parametrize("status, code", [(500, "LTS.0203"), (401, "LTS.0003"), (403, "LTS.0001"), (400, "LTS.0207")])
def test_otcextensions_swallows_every_error_of_a_deletion(sandbox, status, code):
    answers(sandbox, status, code)
    result = delete_nginx(sandbox)
    assert (result["failed"], result["error"]["status"], result["error"]["code"]) == (True, status, code)


def test_terraform_fails_to_read_a_removed_group(sandbox):
    gone = {"log_group_id": "11111111-ffff-4000-8000-000000000001"}
    assert lts(sandbox, "lts_log_stream_info", **gone)["log_streams"] == []
    assert lts(sandbox, state="absent", **gone, log_stream_ids=[stream("aaaa", 1)])["changed"] is False


def test_sbercloud_takes_an_unknown_address_for_a_missing_object(sandbox):
    answers(sandbox, 404, "APIGW.0101", "The API does not exist: method DELETE not found")
    result = delete_nginx(sandbox)
    assert result["failed"] is True
    assert "Check endpoint" in result["msg"]


# --------------------------------------------------------------------------------------------------------- creations


def test_terraform_omits_the_required_ttl(sandbox):
    result = lts(sandbox, "lts_log_group", state="present", log_group_name="new")
    assert (result.get("failed"), result["changed"]) == (None, True)


def test_terraform_cannot_find_a_group_by_its_name(sandbox):
    found = lts(sandbox, "lts_log_group_info", log_group_names=["audit", "nothing"])
    assert [group["log_group_name"] for group in found["log_groups"]] == ["audit"]
    assert found["missing"] == ["nothing"]


@pytest.mark.parametrize("update", ["merge", "replace"])
def test_terraform_cannot_remove_tags(sandbox, update):
    sandbox.variants(tags_update=update)
    for module, named in (("lts_log_stream", {"log_stream_name": "api"}), ("lts_log_group", {})):
        name = {"log_group_name": "app", **named, "state": "present"}
        assert lts(sandbox, module, **name, tags={"a": "1", "b": "2"})["changed"] is True
        assert lts(sandbox, module, **name, tags={"a": "1"})["changed"] is True
        assert lts(sandbox, module, **name, tags={"a": "1"})["changed"] is False
    shown = lts(sandbox, "lts_log_group_info", log_group_name="app")["log_groups"][0]["tag"]
    assert shown == {"_sys_enterprise_project_id": "0", "a": "1"}


def test_terraform_shows_a_cryptic_error_for_a_bucket_of_another_account(sandbox):
    sandbox.fault(
        kind="status",
        status=400,
        code="LTS.0009",
        message="The Field beAgency domain id is invalid or missing.",
        match={"method": "POST"},
    )
    wanted = {"state": "present", "log_group_name": "app", "log_stream_name": "api", **LOGS}
    assert "needs all of log_agency_transfer" in lts(sandbox, "lts_log_transfer", **wanted)["msg"]
    with pytest.raises(ValueError, match="missing required arguments: .*be_agency_domain_id"):
        lts(sandbox, "lts_log_transfer", **wanted, log_agency_transfer={"agency_name": "a"})


# ---------------------------------------------------------------------------------------------------------- requests


def test_terraform_sends_deletions_without_content_type(sandbox):
    """Like LTS, the sandbox answers 415 to any request without it."""
    result = lts(sandbox, "lts_log_group", state="absent", log_group_name="audit", recursive=True)
    assert (result.get("failed"), result["changed"]) == (None, True)
    assert 415 not in [request["status"] for request in sandbox.requests()]


def test_terraform_does_not_explain_a_firewall(sandbox):
    sandbox.fault(kind="status", status=418, at="all")
    result = delete_nginx(sandbox)
    assert result["error"]["status"] == 418
    assert "web application firewall" in result["msg"]


def test_huaweicloudsdklts_lists_the_first_page_of_transfers_only(sandbox):
    sandbox.variants(transfer_page_size=2)
    assert lts(sandbox, "lts_log_transfer_info")["total"] == 3


def test_opentelekomcloud_cloud_needs_a_certain_openstacksdk(sandbox):
    """openstacksdk is not even imported unless the task gives a cloud."""
    code = (
        "import sys; from running import run; import accounts; "
        f"result = run('lts_log_group_info', accounts.lts_user({sandbox.url!r})); "
        "assert result['total'] == 3, result; "
        "assert not {'openstack', 'keystoneauth1'} & set(sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
