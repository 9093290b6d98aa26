# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module service_check, against the sandbox: with a connection that works, and with one fault at a time."""

from __future__ import annotations

import base64
import re
import socket
import threading

import accounts
import pytest
import trustme
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.tests.unit.support.raw_server import RawServer, pump, receive
from ansible_process import RUNNERS, Ansible
from running import SteeringClock, run
from tls_servers import self_made, tls_server

CONNECTIONS = {
    "log_collection": accounts.log_collection,
    "server_log_collection": accounts.ops_manager,
    "atlas": accounts.atlas,
    "lts": accounts.lts,
    "cielo24": accounts.cielo24,
}
WAYS = {
    "service account": ("atlas", accounts.service_account),
    "password of IAM": ("lts", accounts.lts_user),
    "access key": ("lts", accounts.lts_keys),
    "agency": ("lts", accounts.lts_agency),
    "API key of cielo24": ("cielo24", accounts.academy),
}


class FastClock(SteeringClock):
    """The clock of a machine that is five minutes ahead."""

    def wall(self):
        return super().wall() + 300


def check(sandbox, service, params, **more):
    """The result of a check by a machine whose clock is right."""
    context = TaskContext(clock=SteeringClock(sandbox))
    return run("service_check", {"service": service, **params, "retries": 0, **more}, context=context)


def names(result):
    return [entry["name"] for entry in result["checks"]]


def named(result, name):
    """The one check of a name."""
    (found,) = [entry for entry in result["checks"] if entry["name"] == name]
    return found


def levels(result):
    """What is not as it should be: {name of the check: its level}."""
    return {entry["name"]: entry["level"] for entry in result["checks"] if entry["level"] != "ok"}


@pytest.fixture(autouse=True)
def no_proxy_by_default(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def authority(tmp_path):
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    return made


@pytest.mark.parametrize("service", CONNECTIONS)
def test_a_connection_that_works_passes_every_check(sandbox, service):
    result = check(sandbox, service, CONNECTIONS[service](sandbox.url), fail_on="warning")
    assert (result["ok"], result["changed"], result["warnings"]) == (True, False, [])
    assert levels(result) == {}
    assert names(result)[:7] == ["credentials", "proxy", "name_resolution", "tcp", "tls", "http", "clock"]
    assert names(result)[7] == "sign_in"
    assert named(result, "list")["detail"].startswith("The list")
    assert result["msg"] == f"All {len(result['checks'])} checks passed."


@pytest.mark.parametrize("service, make", WAYS.values(), ids=list(WAYS))
def test_every_way_to_sign_in_is_checked(sandbox, service, make):
    result = check(sandbox, service, make(sandbox.url))
    assert levels(result) == {}
    assert "list" in names(result)


def test_a_flex_cluster_is_checked_by_the_list_that_it_has(sandbox):
    result = check(sandbox, "atlas", accounts.atlas(sandbox.url, cluster_name="sprout"))
    assert levels(result) == {}
    assert "restore jobs" in named(result, "list")["detail"]


def test_each_address_of_lts_is_checked(sandbox):
    result = check(sandbox, "lts", accounts.lts_user(sandbox.url))
    assert [entry["detail"] for entry in result["checks"] if entry["name"] == "http"] == [
        "IAM answers.",
        "LTS answers.",
    ]


@pytest.mark.parametrize("service", CONNECTIONS)
def test_a_check_sends_one_request_without_credentials_and_changes_nothing(sandbox, service):
    before = sandbox.state()
    check(sandbox, service, CONNECTIONS[service](sandbox.url))
    assert sandbox.state() == before
    assert sandbox.requests()[0]["status"] in (400, 401, 403)
    assert len(sandbox.requests()) <= 4


# A service account that does not see the project.
OTHER_ACCOUNT = {
    "client_id": "mdb_sa_id_66f1c0de00000000000000d2",
    "client_secret": "mdb_sa_sk_sandbox-Hc5jW8uE1sGf6XoA3tNq",
}


@pytest.mark.parametrize(
    "service, wrong, name, words",
    [
        ("log_collection", {"private_key": "0" * 36}, "sign_in", "Check the API key or service account"),
        ("log_collection", {"project_id": "66f1c0de00000000000000ff"}, "project", "project"),
        ("server_log_collection", {"private_key": "0" * 36}, "sign_in", "Check the API key"),
        ("atlas", {"cluster_name": "nowhere"}, "cluster", "Check the name of the cluster."),
        ("service_account", OTHER_ACCOUNT, "project", "project"),
        ("atlas", {"cluster_name": "sprout", "api_version": "v1.0"}, "cluster", ""),
        ("lts", {"auth_token": accounts.LTS_EXPIRED_TOKEN}, "sign_in", "Give a new auth_token"),
        ("lts", {"project_id": "f" * 32}, "project", ""),
        ("cielo24", {"password": "wrong"}, "sign_in", "Check username and password"),
        ("lts_user", {"password": "wrong"}, "sign_in", "Check the user name, the domain"),
        ("lts_user", {"project_name": "eu-nowhere"}, "sign_in", ""),
    ],
)
def test_a_refusal_is_named_with_what_to_do_about_it(sandbox, service, wrong, name, words):
    others = {"lts_user": ("lts", accounts.lts_user), "service_account": ("atlas", accounts.service_account)}
    service, make = others.get(service) or (service, CONNECTIONS[service])
    result = check(sandbox, service, {**make(sandbox.url), **wrong})
    assert levels(result) == {name: "error"}
    assert (result["ok"], result.get("failed", False)) == (False, False)
    assert words in named(result, name)["hint"]
    assert named(result, name)["hint"] not in named(result, name)["detail"] or not words
    assert names(result)[-1] == name


@pytest.mark.parametrize(
    "service, code, name",
    [
        ("log_collection", "IP_ADDRESS_NOT_ON_ACCESS_LIST", "sign_in"),
        ("log_collection", "ORG_REQUIRES_WHITELIST", "sign_in"),
        ("log_collection", "USER_UNAUTHORIZED", "project"),
        ("server_log_collection", "USER_UNAUTHORIZED", "list"),
        ("atlas", "IP_ADDRESS_NOT_ON_ACCESS_LIST", "sign_in"),
        ("atlas", "ORG_REQUIRES_WHITELIST", "sign_in"),
        ("atlas", "USER_UNAUTHORIZED", "project"),
    ],
)
def test_a_refusal_of_good_credentials_is_named_by_its_code_rather_than_its_status(sandbox, service, code, name):
    sandbox.variants(access_denied=code)
    result = check(sandbox, service, CONNECTIONS[service](sandbox.url))
    assert levels(result) == {name: "error"}


@pytest.mark.parametrize(
    "fail_on, key, fails",
    [("never", "0" * 36, False), ("error", "0" * 36, True), ("error", accounts.PRIVATE_KEY, False)],
)
def test_the_task_fails_only_if_it_is_asked_to(sandbox, fail_on, key, fails):
    result = check(sandbox, "log_collection", accounts.log_collection(sandbox.url, private_key=key), fail_on=fail_on)
    assert result.get("failed", False) is fails
    assert "checks" in result


def test_a_clock_that_differs_is_a_warning_that_can_fail_the_task(sandbox):
    params = accounts.log_collection(sandbox.url)
    context = TaskContext(clock=FastClock(sandbox))
    result = run("service_check", {"service": "log_collection", **params, "fail_on": "warning"}, context=context)
    assert levels(result) == {"clock": "warning"}
    assert "clock is 300 seconds ahead of that of the service" in named(result, "clock")["detail"]
    assert (result["failed"], result["ok"]) == (True, True)


@pytest.mark.parametrize(
    "address, name, words",
    [
        ("http://127.0.0.1:{port}", "tcp", "the connection was refused"),
        ("https://no-such-host.invalid", "name_resolution", "could not be resolved"),
    ],
)
def test_a_host_that_cannot_be_reached_ends_the_checks(sandbox, address, name, words):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    result = check(sandbox, "log_collection", accounts.log_collection(address.format(port=port)))
    assert levels(result) == {name: "error"}
    assert words in named(result, name)["detail"]
    assert names(result)[-1] == name
    assert sandbox.requests() == []


def test_a_portal_in_place_of_the_service_is_named(sandbox):
    page = b"<html><title>Sign in to the guest network</title></html>"

    def serve(connection, _number):
        while receive(connection):
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page
            )

    with RawServer(serve) as server:
        result = check(sandbox, "cielo24", accounts.cielo24(server.url))
    assert levels(result) == {"http": "error"}
    assert "Sign in to the guest network" in named(result, "http")["detail"]
    assert "base_url" in named(result, "http")["hint"]


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_service_that_is_overloaded_is_not_taken_for_another_one(sandbox, status):
    sandbox.fault(kind="status", status=status, body="html", match={"path": "."}, times=1)
    found = named(check(sandbox, "log_collection", accounts.log_collection(sandbox.url)), "http")
    assert found["level"] == "error"
    assert f"does not tell whether it is from Ops Manager (HTTP {status}" in found["detail"]
    assert "Try again later." in found["hint"]


def test_a_certificate_that_is_trusted_is_shown_with_its_issuer_and_its_end(sandbox, authority, tmp_path):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        result = check(sandbox, "atlas", accounts.atlas(server.url, ca_path=str(tmp_path / "ca.pem")))
    found = named(result, "tls")
    assert (found["level"], found["hint"]) == ("ok", "")
    assert re.search(
        r"certificate for 127\.0\.0\.1, issued by .+, valid until \d{4}-\d\d-\d\d \(\d+ days\)", found["detail"]
    )


@pytest.mark.parametrize(
    "days, level, words",
    [
        ((-1, 3), "warning", "Have the certificate renewed"),
        ((-9, -1), "error", "Have it renewed"),
        ((1, 9), "error", "Have it renewed"),
    ],
)
def test_a_certificate_near_or_past_its_end_is_told_of(sandbox, tmp_path, days, level, words):
    ca_path, certificate, key = self_made(tmp_path, days)
    with tls_server((certificate, key)) as server:
        result = check(sandbox, "atlas", accounts.atlas(server.url, ca_path=ca_path))
    found = named(result, "tls")
    assert found["level"] == level
    assert words in found["hint"]


def test_a_certificate_of_an_unknown_authority_is_an_error_and_nothing_is_sent(sandbox, authority):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        result = check(sandbox, "atlas", accounts.atlas(server.url))
    assert levels(result) == {"tls": "error"}
    assert named(result, "tls")["hint"] == "Give its CA certificate in ca_path."


def test_a_certificate_that_is_not_checked_is_a_warning(sandbox, authority):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        result = check(sandbox, "atlas", accounts.atlas(server.url, validate_certs=False))
    assert named(result, "tls")["level"] == "warning"


def test_a_proxy_is_named_without_its_password_and_is_the_host_that_is_reached(sandbox, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://robot:pr0xy-secret@127.0.0.1:{port}")
    result = check(sandbox, "log_collection", accounts.log_collection("http://opsmanager.invalid"))
    assert f"The proxy 127.0.0.1:{port} is used" in named(result, "proxy")["detail"]
    assert levels(result) == {"tcp": "error"}
    assert "pr0xy-secret" not in str(result)


def tunnel(asked):
    """A `serve` for an HTTP proxy that connects to where it is asked to."""

    def serve(connection, _number):
        request = receive(connection)
        if not request:
            return
        asked.append(request)
        with socket.create_connection(("127.0.0.1", int(asked[-1].split()[1].rpartition(":")[2]))) as beyond:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(beyond, connection), daemon=True)
            back.start()
            pump(connection, beyond)
            back.join(10)

    return serve


def test_a_certificate_is_looked_at_through_a_proxy_that_wants_a_password(sandbox, authority, tmp_path, monkeypatch):
    asked = []
    with RawServer(tunnel(asked)) as proxy, tls_server(authority.issue_cert("127.0.0.1")) as server:
        monkeypatch.setenv("https_proxy", f"http://robot:pr0xy%2Fsecret@127.0.0.1:{proxy.port}")
        result = check(sandbox, "atlas", accounts.atlas(server.url, ca_path=str(tmp_path / "ca.pem")))
    assert f"The proxy 127.0.0.1:{proxy.port} is used" in named(result, "proxy")["detail"]
    assert "certificate for 127.0.0.1" in named(result, "tls")["detail"]
    login = "Proxy-Authorization: Basic " + base64.b64encode(b"robot:pr0xy/secret").decode()
    assert asked and all(login in request for request in asked)
    assert "pr0xy" not in str(result)


@pytest.mark.parametrize("address", ["http://proxy:many", "gopher://proxy:70", "http://[proxy"])
def test_an_address_of_a_proxy_that_cannot_be_read_is_named_without_its_value(sandbox, monkeypatch, address):
    monkeypatch.setenv("http_proxy", address)
    result = check(sandbox, "log_collection", accounts.log_collection("http://opsmanager.invalid"))
    assert levels(result) == {"proxy": "error"}
    assert "The address of the proxy in HTTPS_PROXY" in named(result, "proxy")["detail"]
    assert address not in str(result)


def test_a_certificate_behind_a_socks_proxy_is_not_shown(sandbox, authority, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy, tls_server(authority.issue_cert("127.0.0.1")) as server:
        monkeypatch.setenv("https_proxy", f"socks5://127.0.0.1:{proxy.getsockname()[1]}")
        result = check(sandbox, "atlas", accounts.atlas(server.url, timeout=1))
    assert "It cannot be shown through a SOCKS proxy" in named(result, "tls")["detail"]
    assert levels(result) == {"http": "error"}


def test_a_certificate_behind_a_socks_proxy_that_is_not_verified_is_a_warning(sandbox, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("https_proxy", f"socks5://127.0.0.1:{proxy.getsockname()[1]}")
        params = accounts.atlas("https://atlas.invalid", timeout=1, validate_certs=False)
        result = check(sandbox, "atlas", params)
    assert named(result, "tls")["level"] == "warning"


@pytest.mark.parametrize(
    "password, level", [(accounts.OTC_PASSWORD, None), ("wrong", "error")], ids=["accepted", "refused"]
)
def test_a_cloud_whose_address_is_in_the_catalog_of_iam_is_checked_from_iam_on(
    sandbox, tmp_path, monkeypatch, password, level
):
    clouds = accounts.clouds_yaml(sandbox.url).replace(accounts.OTC_PASSWORD, password)
    (tmp_path / "clouds.yaml").write_text(clouds, "utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    result = check(sandbox, "lts", {"cloud": "otc"})
    assert [entry["detail"] for entry in result["checks"] if entry["name"] == "http"] == ["IAM answers."]
    assert levels(result).get("sign_in") == level
    if level:
        assert "Check the credentials and the project of this cloud" in named(result, "sign_in")["hint"]


@pytest.mark.parametrize(
    "service, given, words",
    [
        ("lts", {"public_key": "key"}, "The service lts has no option public_key"),
        ("atlas", {"cluster_name": None}, "cluster_name"),
        ("log_collection", {"project_id": "x"}, "project_id"),
        ("cielo24", {"password": None}, "Give exactly one of"),
    ],
)
def test_options_that_cannot_be_right_are_reported_as_such_and_nothing_is_sent(sandbox, service, given, words):
    params = {**CONNECTIONS[service](sandbox.url), **given}
    result = check(sandbox, service, {name: value for name, value in params.items() if value is not None})
    assert levels(result) == {"options": "error"}
    assert words in named(result, "options")["detail"]
    assert sandbox.requests() == []


@pytest.mark.parametrize("runner", RUNNERS)
def test_credentials_of_the_environment_are_named_by_their_variables_and_never_shown(sandbox, tmp_path, runner):
    environment = {
        "MCLI_OPS_MANAGER_URL": sandbox.url,
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": accounts.PRIVATE_KEY,
        "MCLI_PROJECT_ID": accounts.LOG_PROJECT,
    }
    tasks = [{"saasops.jobs.service_check": {"service": "log_collection"}}]
    done, (result,) = Ansible(tmp_path, runner).playbook(tasks, "-vvv", **environment)
    assert named(result, "credentials")["detail"] == (
        "Signing in with public_key from MCLI_PUBLIC_API_KEY and private_key from MCLI_PRIVATE_API_KEY."
    )
    assert result["ok"]
    assert accounts.PRIVATE_KEY not in done.stdout + done.stderr + str(result)
