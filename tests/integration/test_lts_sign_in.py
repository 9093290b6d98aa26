# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to sign in to LTS: tokens, passwords, agencies, access keys and clouds.yaml."""

from __future__ import annotations

import accounts
import pytest
import running
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock

GROUPS = ["app", "audit", "attic"]


@pytest.fixture
def clouds(sandbox, monkeypatch, tmp_path):
    """Returns a function that writes a clouds.yaml."""

    def place(text):
        path = tmp_path / "clouds.yaml"
        path.write_text(text, "utf-8")
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))

    place(accounts.clouds_yaml(sandbox.url))
    return place


def run(name, arguments, **more):
    """The result of a module; an argument that is None is left out."""
    given = {option: value for option, value in arguments.items() if value is not None}
    return running.run(name, given, **more)


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize(
    "option", ["project_id", "project_name", "agency_name", "agency_domain_name", "delegated_project"]
)
def test_blank_project_and_agency_options_are_refused(sandbox, option, value):
    """Otherwise, the task would use another project."""
    result = running.run("lts_log_group_info", accounts.lts_agency(sandbox.url, **{option: value}))
    assert result["msg"].startswith(f"{option} is {'null' if value is None else 'an empty string'}")
    assert sandbox.requests() == []


def names(result):
    assert "failed" not in result, result
    return [group["log_group_name"] for group in result["log_groups"]]


def lines(sandbox):
    return [f"{request['method']} {request['path']}" for request in sandbox.requests()]


def sign_ins(sandbox):
    return {request["sign_in"] for request in sandbox.requests() if request["path"].startswith("/v2/")}


LIST = f"GET /v2/{accounts.LTS_PROJECT}/groups"
SIGN_IN = "POST /v3/auth/tokens"
WAYS = {
    "token": (accounts.lts, [LIST], {"token"}),
    "token-and-project-name": (
        lambda url: accounts.lts(url, project_id=None, project_name="eu-de", auth_url=f"{url}/v3"),
        ["GET /v3/projects", LIST],
        {"token"},
    ),
    "user": (accounts.lts_user, [SIGN_IN, LIST], {"token"}),
    "user-id-and-domain-id": (
        lambda url: accounts.lts_user(
            url,
            username=None,
            user_id="a0b1c2d3e4f5061728394a5b6c7d8e01",
            user_domain_name=None,
            user_domain_id="d1a2b3c4d5e6f708192a3b4c5d6e7f80",
        ),
        [SIGN_IN, LIST],
        {"token"},
    ),
    "user-and-project-id": (
        lambda url: accounts.lts_user(url, project_name=None, project_id=accounts.LTS_PROJECT),
        [SIGN_IN, LIST],
        {"token"},
    ),
    "passcode": (accounts.lts_mfa, [SIGN_IN, LIST], {"token"}),
    "access": (accounts.lts_keys, [LIST], {"access"}),
    "credential": (lambda url: accounts.lts_keys(url, auth_form="credential"), [LIST], {"credential"}),
    "access-temporary": (accounts.lts_temporary_keys, [LIST], {"access"}),
    "credential-temporary": (
        lambda url: accounts.lts_temporary_keys(url, auth_form="credential"),
        [LIST],
        {"credential"},
    ),
    "access-and-project-name": (
        lambda url: accounts.lts_keys(url, project_id=None, project_name="eu-de", auth_url=url),
        ["GET /v3/projects", LIST],
        {"access"},
    ),
    "credential-and-project-name": (
        lambda url: accounts.lts_keys(
            url, project_id=None, project_name="eu-de", auth_url=f"{url}/v3/", auth_form="credential"
        ),
        ["GET /v3/projects", LIST],
        {"credential"},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_sign_in_lists_the_groups(sandbox, way):
    arguments, requests, forms = WAYS[way]
    assert names(run("lts_log_group_info", arguments(sandbox.url))) == GROUPS
    assert lines(sandbox) == requests
    assert sign_ins(sandbox) == forms


@pytest.mark.parametrize("form", ["access", "credential"])
def test_requests_of_every_kind_are_signed(sandbox, form):
    """Requests of every method, with a body, with a query, and with neither."""
    sandbox.variants(auth_forms=form)
    keys = accounts.lts_keys(sandbox.url, auth_form=form)
    group = {**keys, "log_group_names": ["new"]}
    stream = {**keys, "log_group_name": "new", "log_stream_names": ["s"]}
    logs = {"obs_bucket_name": "app-archive", "obs_period": 1, "obs_period_unit": "hour"}
    steps = [
        ("lts_log_group", {**group, "state": "present"}),
        ("lts_log_stream", {**stream, "state": "present", "tags": {"a": "ä ß/+"}}),
        ("lts_log_stream", {**stream, "state": "present", "ttl_in_days": 9, "tags": {}}),
        ("lts_log_transfer", {**stream, **logs, "state": "present"}),
        ("lts_log_transfer", {**stream, **logs, "state": "present", "enabled": False}),
        ("lts_log_stream", {**stream, "state": "absent", "delete_transfers": True}),
        ("lts_log_group", {**group, "state": "absent"}),
    ]
    for name, arguments in steps:
        result = run(name, arguments)
        assert "failed" not in result, result
        assert result["changed"] is True
    assert sign_ins(sandbox) == {form}


@pytest.mark.parametrize("field", ["both", "xrole_name", "agency_name"])
def test_agency_gives_access_to_another_account(sandbox, field):
    sandbox.variants(agency_field=field)
    assert names(run("lts_log_group_info", accounts.lts_agency(sandbox.url))) == ["delegated"]
    assert lines(sandbox) == [SIGN_IN] * (3 if field == "agency_name" else 2) + [
        "GET /v2/00112233445566778899aabbccddeeff/groups"
    ]


@pytest.mark.parametrize(
    "project", [{"project_id": "00112233445566778899aabbccddeeff", "project_name": None}, {"project_name": "eu-de"}]
)
def test_project_option_can_name_that_of_the_agency(sandbox, project):
    arguments = accounts.lts_agency(sandbox.url, **{"delegated_project": None, **project})
    assert names(run("lts_log_group_info", arguments)) == ["delegated"]


def test_agency_works_with_a_given_token(sandbox):
    own = {"username": None, "password": None, "user_domain_name": None, "auth_token": accounts.LTS_TOKEN}
    assert names(run("lts_log_group_info", accounts.lts_agency(sandbox.url, **own))) == ["delegated"]
    assert lines(sandbox).count(SIGN_IN) == 1


def test_clouds_yaml_signs_in(sandbox, clouds):
    assert names(run("lts_log_group_info", {"cloud": "otc"})) == GROUPS
    assert sign_ins(sandbox) == {"token"}
    assert lines(sandbox).count(SIGN_IN) == 1


def test_os_cloud_is_used_beside_other_variables(sandbox, clouds, monkeypatch):
    monkeypatch.setenv("OS_CLOUD", "otc")
    monkeypatch.setenv("OS_PROJECT_ID", "fedcba9876543210fedcba9876543210")
    assert names(run("lts_log_group_info", {})) == GROUPS


@pytest.mark.parametrize("there", ["project_name", "project_id"])
def test_project_option_overrides_clouds_yaml(sandbox, clouds, there):
    value = {"project_name": "eu-de", "project_id": accounts.LTS_PROJECT}[there]
    clouds(accounts.clouds_yaml(sandbox.url).replace('"project_name": "eu-de"', f'"{there}": "{value}"'))
    assert names(run("lts_log_group_info", {"cloud": "otc", "project_name": "eu-de_empty"})) == []
    assert lines(sandbox)[-1] == "GET /v2/fedcba9876543210fedcba9876543210/groups"


def test_agency_works_with_clouds_yaml(sandbox, clouds):
    agency = {"agency_name": "log-caretaker", "agency_domain_name": "OTC00000000001000000002"}
    arguments = {"cloud": "otc", **agency, "delegated_project": "eu-de"}
    assert names(run("lts_log_group_info", arguments)) == ["delegated"]


def test_clouds_yaml_gives_the_endpoint(sandbox, clouds):
    text = accounts.clouds_yaml(sandbox.url).replace(
        '"region_name"', f'"lts_endpoint_override": "{sandbox.url}/v2", "region_name"'
    )
    clouds(text.replace('"eu-de"}}', '"eu-xx"}}'))
    assert names(run("lts_log_group_info", {"cloud": "otc"})) == GROUPS


@pytest.mark.parametrize(
    "change, words",
    [
        (
            lambda text: text.replace('"otc"', '"other"'),
            "The cloud otc of clouds.yaml cannot be used: Cloud otc was not found.",
        ),
        (
            lambda text: text.replace(accounts.OTC_PASSWORD, "wrong-canary-0815"),
            "Check the credentials and the project",
        ),
        (lambda text: text.replace('"log-operator"', '"nobody"'), "of this cloud in clouds.yaml"),
        (lambda text: text.replace("/v3", "/v4"), "auth_url must end after host and port"),
        (lambda text: text.replace("http://", "http://me:wrong-canary-0815@"), "auth_url holds credentials"),
        (
            # Python's own words for it repeat the address.
            lambda text: text.replace(
                '"region', '"lts_endpoint_override": "https://me:wrong-canary-0815\u2100@lts.example.net", "region'
            ),
            "endpoint is not a valid address",
        ),
        (
            lambda text: text.replace('"region', '"lts_endpoint_override": "https://[broken", "region'),
            "endpoint is not a valid address",
        ),
        (lambda text: text[:-1] + "]", "cannot be used"),
        (
            lambda text: text.replace('"region', '"auth_type": "v3oidcpassword", "region'),
            "its auth_type v3oidcpassword",
        ),
        (lambda text: text.replace('"password"', '"pass"'), "has neither password nor token"),
        (lambda text: text.replace('"auth": {', '"auth": [{').replace('}, "reg', '}], "reg'), "cannot be read ("),
    ],
)
def test_invalid_clouds_yaml_is_refused(sandbox, clouds, change, words):
    clouds(change(accounts.clouds_yaml(sandbox.url)))
    result = run("lts_log_group_info", {"cloud": "otc", "retries": 0})
    assert words in result["msg"]
    assert accounts.OTC_PASSWORD not in str(result)
    assert "wrong-canary-0815" not in str(result)


def test_one_token_serves_a_whole_task(sandbox):
    arguments = accounts.lts_user(sandbox.url, state="present", log_group_name="app")
    result = run("lts_log_stream", {**arguments, "log_stream_names": [f"s{number}" for number in range(30)]})
    assert result["summary"]["changed"] == 30
    assert lines(sandbox).count(SIGN_IN) == 1


def test_token_is_renewed_before_it_expires(sandbox):
    sandbox.variants(iam_token_seconds=150)
    context = TaskContext(clock=SteeringClock(sandbox))
    sandbox.fault(kind="status", status=503, retry_after=55, match={"path": "/streams$"}, times=3)
    arguments = accounts.lts_user(sandbox.url, log_group_name="app", retries=4)
    result = run("lts_log_stream_info", arguments, context=context)
    assert "failed" not in result
    assert lines(sandbox).count(SIGN_IN) == 2
    assert 401 not in [request["status"] for request in sandbox.requests()]


def test_token_that_is_revoked_early_is_issued_again(sandbox):
    sandbox.fault(kind="status", status=401, code="LTS.0003", match={"path": "/streams$"}, times=1)
    result = run("lts_log_stream_info", accounts.lts_user(sandbox.url, log_group_name="app"))
    assert "failed" not in result
    assert lines(sandbox).count(SIGN_IN) == 2


def test_passcode_is_used_once(sandbox):
    sandbox.fault(kind="status", status=401, code="LTS.0003", match={"path": "/groups$"}, times=1)
    result = run("lts_log_group_info", accounts.lts_mfa(sandbox.url))
    assert "passcode can be used only once" in result["msg"]
    assert lines(sandbox).count(SIGN_IN) == 1


IDS = [f"22222222-aaaa-4000-8000-{number:012d}" for number in range(1, 20)]
BAD = "wrong-canary-4711"


@pytest.mark.parametrize(
    "arguments, words",
    [
        (lambda url: accounts.lts(url, auth_token=BAD), "Give a new auth_token"),
        (lambda url: accounts.lts(url, auth_token=accounts.LTS_EXPIRED_TOKEN), "Give a new auth_token"),
        (lambda url: accounts.lts_user(url, password=BAD), "IAM did not sign in: "),
        (
            lambda url: accounts.lts_user(url, username="nobody"),
            "Check the user name, the domain, the password and the project",
        ),
        (lambda url: accounts.lts_mfa(url, passcode="000000"), "IAM did not sign in: "),
        (lambda url: accounts.lts_keys(url, secret_key=BAD), "verify aksk signature fail"),
        (lambda url: accounts.lts_keys(url, access_key="AKNOBODY"), "ak not exist"),
        (
            lambda url: accounts.lts_temporary_keys(url, security_token=BAD),
            "Check access_key, secret_key and security_token",
        ),
        (lambda url: accounts.lts_agency(url, agency_name="nobody"), "IAM did not issue a token for the agency"),
        (lambda url: accounts.lts_user(url, project_name="nowhere"), "IAM did not sign in"),
        (
            lambda url: accounts.lts_keys(url, project_id=None, project_name="nowhere", auth_url=url),
            "IAM shows no project named nowhere to these credentials",
        ),
    ],
)
@pytest.mark.parametrize("form", ["keystone", "iam"])
def test_refused_credentials_are_an_error_with_a_hint(sandbox, arguments, words, form):
    sandbox.variants(iam_error_form=form)
    group = {"state": "absent", "log_group_id": "11111111-aaaa-4000-8000-000000000001", "log_stream_ids": IDS}
    result = run("lts_log_stream", {**arguments(sandbox.url), **group})
    assert words in result["msg"]
    assert result["changed"] is False
    assert BAD not in str(result)
    # Not once for each stream: users and keys get locked.
    refused = [request for request in sandbox.requests() if request["status"] in (401, 403, 404)]
    assert len(refused) <= 1


@pytest.mark.parametrize("code", ["LTS.0002", "LTS.0003", "LTS.0414", "APIGW.0301", "APIGW.0307"])
def test_each_code_of_a_bad_token_is_an_error(sandbox, code):
    sandbox.variants(token_error=code)
    result = run("lts_log_group_info", accounts.lts(sandbox.url, auth_token="expired-token"))
    assert (result["error"]["status"], result["error"]["code"]) == (401, code)
    assert "Give a new auth_token: this one may have expired" in result["msg"]


@pytest.mark.parametrize(
    "given, words",
    [
        ({"auth_token": None}, "Give exactly one of: auth_token; access_key and secret_key; username"),
        ({"access_key": "a", "secret_key": "b"}, "or the environment): access_key, auth_token, secret_key"),
        ({"auth_token": None, "access_key": "a"}, "Give exactly one of"),
        ({"auth_token": None, "username": "u", "password": "p"}, "user_domain_name or user_domain_id"),
        (
            {"auth_token": None, "username": "u", "password": "p", "user_domain_name": "d", "passcode": "1"},
            "passcode needs user_id",
        ),
        ({"auth_token": None, "user_id": "u", "password": "p"}, "Give auth_url"),
        ({"auth_token": None, "access_key": "a", "secret_key": "b", "agency_name": "x"}, "agency_name needs a token"),
        ({"agency_name": "x"}, "agency_name needs agency_domain_name"),
        ({"project_id": None}, "Give project_id or project_name"),
        ({"project_id": None, "project_name": "eu-de"}, "Give auth_url"),
        ({"endpoint": None}, "Give endpoint (https://HOST of the LTS) or region"),
        ({"endpoint": None, "region": "eu-fr"}, "is neither a region of Open Telekom Cloud"),
        ({"project_id": None, "project_name": "x", "auth_url": "https://iam.example/identity/v3"}, "auth_url must end"),
    ],
)
def test_invalid_sign_in_options_are_refused(sandbox, given, words):
    result = run("lts_log_group_info", {**accounts.lts(sandbox.url), **given})
    assert words in result["msg"], result
    assert sandbox.requests() == []


def test_task_takes_precedence_over_the_environment(sandbox, monkeypatch):
    for name, value in (
        ("OS_TOKEN", "stale-token"),
        ("OS_PROJECT_ID", "fedcba9876543210fedcba9876543210"),
        ("OS_REGION_NAME", "RegionOne"),
        ("OS_USER_ID", "somebody-else"),
    ):
        monkeypatch.setenv(name, value)
    assert names(run("lts_log_group_info", accounts.lts_user(sandbox.url))) == GROUPS


def test_environment_is_searched_in_the_documented_order(sandbox, monkeypatch):
    for name, value in (
        ("OTC_LTS_ENDPOINT", sandbox.url),
        ("OS_AUTH_URL", f"{sandbox.url}/v3"),
        ("OS_PROJECT_NAME", "eu-de"),
        ("OS_USERNAME", "log-operator"),
        ("OS_PASSWORD", accounts.OTC_PASSWORD),
        ("OS_USER_DOMAIN_NAME", "OTC00000000001000000001"),
    ):
        monkeypatch.setenv(name, value)
    assert names(run("lts_log_group_info", {})) == GROUPS
    assert lines(sandbox)[0] == SIGN_IN
    sandbox.forget_requests()
    monkeypatch.setenv("OS_ACCESS_KEY", "AKSANDBOX0000000001")
    monkeypatch.setenv("OS_SECRET_KEY", accounts.OTC_SECRET_KEY)
    assert names(run("lts_log_group_info", {})) == GROUPS
    assert sign_ins(sandbox) == {"access"}


@pytest.mark.parametrize(
    "variables",
    [
        {"OS_SECURITY_TOKEN": "of-another-key", "HUAWEICLOUD_SDK_AK": "AKSANDBOX0000000001"},
        {"OS_SECURITY_TOKEN": "of-another-key", "HUAWEICLOUD_SDK_AK": "AKSANDBOX0000000001", "OS_AK": "of-no-pair"},
    ],
)
def test_security_token_of_another_access_key_is_not_sent(sandbox, monkeypatch, variables):
    for name, value in {**variables, "HUAWEICLOUD_SDK_SK": accounts.OTC_SECRET_KEY}.items():
        monkeypatch.setenv(name, value)
    arguments = {"endpoint": sandbox.url, "project_id": accounts.LTS_PROJECT, "log_group_name": "audit"}
    assert "failed" not in run("lts_log_stream_info", arguments)


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncate", "stall_before"])
def test_sign_in_is_repeated_after_a_lost_answer(sandbox, fault):
    sandbox.fault(kind=fault, at=1, **({"seconds": 1} if fault == "stall_before" else {}))
    assert names(run("lts_log_group_info", accounts.lts_user(sandbox.url, timeout=0.3))) == GROUPS


OTHERS = {
    "OS_TOKEN": "stale-token",
    "OS_SECURITY_TOKEN": "stale-security-token",
    "OS_PASSCODE": "000000",
    "OS_AGENCY_NAME": "nobody",
    "OS_AGENCY_DOMAIN_NAME": "nobody",
    "OS_DELEGATED_PROJECT": "nowhere",
    "OS_USER_DOMAIN_NAME": "nobody",
    "OS_AUTH_URL": "http://127.0.0.1:9/v3",
    "OS_PROJECT_ID": "default",
    "OS_REGION_NAME": "RegionOne",
    "OTC_LTS_ENDPOINT": "http://127.0.0.1:9",
}


@pytest.mark.parametrize("way", ["token", "user", "keys", "agency", "cloud"])
def test_environment_of_other_credentials_is_ignored(sandbox, clouds, monkeypatch, way):
    arguments = {
        "token": accounts.lts(sandbox.url),
        "user": accounts.lts_user(
            sandbox.url, user_domain_name=None, user_domain_id="d1a2b3c4d5e6f708192a3b4c5d6e7f80"
        ),
        "keys": accounts.lts_keys(sandbox.url),
        "agency": accounts.lts_agency(
            sandbox.url, delegated_project=None, project_name=None, project_id="00112233445566778899aabbccddeeff"
        ),
        "cloud": {"cloud": "otc"},
    }
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OS_CLOUD", "otc")
    assert names(run("lts_log_group_info", arguments[way])) == (["delegated"] if way == "agency" else GROUPS)


def test_region_option_works_with_clouds_yaml(sandbox, clouds):
    result = run("lts_log_group_info", {"cloud": "otc", "region": "eu-nl", "endpoint": sandbox.url})
    assert names(result) == GROUPS


def test_access_key_in_clouds_yaml_signs_requests(sandbox, clouds):
    keys = f'"access_key": "AKSANDBOX0000000001", "secret_key": "{accounts.OTC_SECRET_KEY}", "project_name"'
    text = accounts.clouds_yaml(sandbox.url).replace('"password"', '"pass"').replace('"project_name"', keys)
    clouds(text)
    assert names(run("lts_log_group_info", {"cloud": "otc", "endpoint": sandbox.url})) == GROUPS
    assert sign_ins(sandbox) == {"access"}


def test_ids_in_upper_case_are_accepted(sandbox):
    upper = {"log_group_id": "11111111-AAAA-4000-8000-000000000001", "project_id": accounts.LTS_PROJECT.upper()}
    result = run("lts_log_stream", accounts.lts(sandbox.url, **upper, state="absent", log_stream_names=["nginx"]))
    assert result["changed"] is True
    gone = {"state": "absent", "log_transfer_id": "33333333-BBBB-4000-8000-000000000001"}
    for check in (True, False):
        assert run("lts_log_transfer", accounts.lts(sandbox.url, **gone), check=check)["changed"] is True
    assert run("lts_log_transfer", accounts.lts(sandbox.url, **gone))["changed"] is False
