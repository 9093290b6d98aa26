# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right gives one clear sentence, and nothing is sent that could change anything."""

from __future__ import annotations

import importlib
import socket
import ssl
import threading
from contextlib import contextmanager

import accounts
import pytest
import trustme
from accounts import caption, job
from running import run

HEX = job("a1")
BAD_IDS = [
    HEX[:-1],
    HEX + "0",
    "../" + HEX[3:],
    HEX[:-1] + "?",
    HEX[:-1] + "/",
    HEX[:-1] + " ",
    HEX[:-1] + "\u0661",
    "\uff16" * 24,
    "",
]
ABSENT = {"state": "absent"}


def log(url, **more):
    return "log_collection_job", accounts.log_collection(url, **{**ABSENT, "job_ids": [HEX], **more})


def restore(url, **more):
    return "restore_job", accounts.atlas(url, **{**ABSENT, "job_ids": [job("b1")], **more})


def lts(url, without=(), **more):
    more = {"log_group_name": "app", "log_stream_names": ["nginx"], **more}
    given = {name: value for name, value in more.items() if name not in without}
    return "lts_log_stream", accounts.lts(url, **ABSENT, **given)


def cielo24(url, **more):
    return "cielo24_job", {"base_url": url, **ABSENT, "job_ids": [caption("a1")], **more}


LOGIN = {"username": "newsroom", "password": accounts.CIELO24_PASSWORD}
CASES = {
    **{f"log-id-{number}": (log, {"job_ids": [bad]}, "job_ids") for number, bad in enumerate(BAD_IDS)},
    **{f"restore-id-{number}": (restore, {"job_ids": [bad]}, "job_ids") for number, bad in enumerate(BAD_IDS)},
    "caption-id": (cielo24, {**LOGIN, "job_ids": [HEX]}, "32 hexadecimal digits"),
    "stream-id": (lts, {"without": ["log_stream_names"], "log_stream_ids": ["../x"]}, "log_stream_ids"),
    "stream-name": (lts, {"log_stream_names": ["a/b"]}, "log_stream_names"),
    "twice": (log, {"job_ids": [HEX, HEX.upper()]}, "twice, at positions 1 and 2"),
    "project": (log, {"project_id": "x"}, "project_id"),
    "cluster": (restore, {"cluster_name": "../blue"}, "cluster_name"),
    "no-group": (lts, {"without": ["log_group_name"]}, "exactly one of log_group_id and log_group_name"),
    "two-groups": (lts, {"log_group_id": "11111111-aaaa-4000-8000-000000000001"}, "exactly one of log_group_id"),
    "no-endpoint": (lts, {"endpoint": None}, "endpoint"),
    "no-credentials": (cielo24, {}, "Give exactly one of"),
    "half-credentials": (cielo24, {"username": "newsroom"}, "Give exactly one of"),
    "two-credentials": (cielo24, {**LOGIN, "api_token": accounts.CIELO24_TOKEN}, "Give exactly one of"),
    "empty-key": (log, {"private_key": ""}, "private_key"),
    "key-with-line-break": (log, {"private_key": accounts.PRIVATE_KEY + "\n"}, "private_key"),
    "timeout": (log, {"timeout": 0}, "timeout must be"),
    "concurrency": (log, {"max_concurrency": 65}, "max_concurrency must be"),
    "wait": (log, {"wait": True, "wait_timeout": 1, "wait_interval": 5}, "wait_timeout"),
    "ca": (log, {"ca_path": "/no/such/ca.pem"}, "/no/such/ca.pem"),
}


@pytest.mark.parametrize("case", CASES)
def test_invalid_input_fails_and_sends_nothing(sandbox, case):
    make, more, words = CASES[case]
    module, arguments = make(sandbox.url, **more)
    result = run(module, arguments)
    assert result["failed"] is True
    assert words in result["msg"]
    assert sandbox.requests() == []
    assert not any(secret in str(result) for secret in accounts.SECRETS)


@pytest.mark.parametrize(
    "suffix, words",
    [
        ("/api/public/v1.0", "must end after host and port"),
        ("?x", "must end after host and port"),
        (":x", "not a valid"),
    ],
)
def test_malformed_addresses_are_refused_and_nothing_is_sent(sandbox, suffix, words):
    module, arguments = log(sandbox.url + suffix)
    assert words in run(module, arguments)["msg"]
    assert sandbox.requests() == []


def test_credentials_in_an_address_are_refused_and_not_shown(sandbox):
    module, arguments = log(sandbox.url.replace("//", "//me:hunter2@"))
    result = run(module, arguments)
    assert "holds credentials" in result["msg"]
    assert "hunter2" not in str(result)


def test_plain_http_to_another_machine_warns():
    module, arguments = log("http://om.invalid:8080", retries=0)
    result = run(module, arguments)
    assert result["warnings"] == [
        "base_url uses plain http, so others could read and change what is sent to Ops Manager. Use https."
    ]
    assert "could not be resolved" in result["msg"]


def test_an_unreachable_host_is_an_error_with_a_hint():
    module, arguments = log("http://127.0.0.1:9", retries=1)
    result = run(module, arguments)
    assert result["msg"] == (
        "Ops Manager at 127.0.0.1:9 did not show log collection job 66f1c0de00000000000000a1: the connection was "
        "refused. Check the address, the network and the proxy settings."
    )


@pytest.mark.parametrize("variant", ["LTS.0003", "LTS.0414", "LTS.0002", "APIGW.0301", "APIGW.0307"])
def test_an_expired_token_is_an_error_after_one_request(sandbox, variant):
    sandbox.variants(token_error=variant)
    module, arguments = lts(sandbox.url, auth_token=accounts.LTS_EXPIRED_TOKEN)
    result = run(module, arguments)
    assert result["error"]["status"] == 401
    assert result["error"]["code"] == variant
    assert "Give a new auth_token" in result["msg"]
    assert len(sandbox.requests()) == 1
    assert sandbox.acted() == 0


def test_a_wrong_key_costs_two_requests_and_keeps_the_service_s_words(sandbox):
    module, arguments = log(sandbox.url, private_key="wrong-key-0815", job_ids=[HEX, job("a6")])
    result = run(module, arguments)
    assert [request["status"] for request in sandbox.requests()] == [401, 401]
    assert "You are not authorized for this resource" in result["msg"]
    assert "wrong-key-0815" not in str(result)


@pytest.mark.parametrize(
    "code, status, words",
    [
        ("IP_ADDRESS_NOT_ON_ACCESS_LIST", 403, "access list"),
        ("RESOURCE_REQUIRES_WHITELIST", 403, "access list"),
        ("USER_UNAUTHORIZED", 401, "lacks a role"),
    ],
)
@pytest.mark.parametrize("make", [log, restore])
def test_refused_access_is_not_absence(sandbox, make, code, status, words):
    sandbox.variants(access_denied=code)
    module, arguments = make(sandbox.url)
    result = run(module, arguments)
    assert (result["error"]["status"], result["error"]["code"]) == (status, code)
    assert words in result["msg"]
    assert sandbox.acted() == 0


@pytest.mark.parametrize("make", [log, restore])
def test_a_missing_project_is_an_error(sandbox, make):
    module, arguments = make(sandbox.url, project_id="f" * 24)
    result = run(module, arguments)
    assert result["error"]["code"] in ("GROUP_NOT_FOUND", "NOT_IN_GROUP")


def test_a_project_of_another_token_is_an_error(sandbox):
    module, arguments = lts(sandbox.url, project_id="f" * 32)
    result = run(module, arguments)
    assert result["error"]["code"] == "LTS.0001"
    assert "Check project_id" in result["msg"]


def test_a_missing_cluster_and_a_missing_group_are_warned_of(sandbox):
    module, arguments = restore(sandbox.url, cluster_name="bleu")
    result = run(module, arguments)
    assert result["changed"] is False
    assert "failed" not in result
    assert "bleu" in result["warnings"][0]
    module, arguments = lts(sandbox.url, log_group_name="apps")
    result = run(module, arguments)
    assert result["changed"] is False
    assert "apps" in result["warnings"][0]


# A page of a portal, a gateway's 404 and the like are never "absent".
NOISE = [
    {"kind": "html_200"},
    {"kind": "status", "status": 404, "body": "html"},
    {"kind": "status", "status": 404, "body": "empty"},
    {"kind": "status", "status": 403, "body": "text"},
    {"kind": "status", "status": 418, "body": "html"},
    {"kind": "redirect", "location": "http://192.0.2.1/login"},
]


@pytest.mark.parametrize("noise", NOISE, ids=str)
@pytest.mark.parametrize("make", [log, restore, lts, lambda url, **more: cielo24(url, **LOGIN, **more)])
def test_noise_is_not_absence(sandbox, make, noise):
    module, arguments = make(sandbox.url)
    sandbox.fault(**noise, at="all")
    result = run(module, {**arguments, "retries": 0})
    assert result["failed"] is True
    assert result["changed"] is False
    assert result["msg"].endswith(".")
    assert sandbox.acted() == 0


def tls_server(certificate):
    """A server that offers a certificate, and hangs up after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    def answer(connection):
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(10_000)

    return server(answer, "https")


@contextmanager
def server(answer, scheme="http"):
    """A server that hands each connection to a function."""
    listener = socket.create_server(("127.0.0.1", 0))
    # Closing a listener does not wake a thread that waits in accept().
    listener.settimeout(0.05)
    stopped = threading.Event()

    def serve():
        while not stopped.is_set():
            try:
                connection, _address = listener.accept()
                with connection:
                    answer(connection)
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        thread.join()
        listener.close()


def test_a_certificate_is_accepted_only_with_the_right_ca_or_without_verification(tmp_path):
    right, wrong = trustme.CA(), trustme.CA()
    files = {}
    for name, authority in (("right", right), ("wrong", wrong)):
        files[name] = tmp_path / f"{name}.pem"
        authority.cert_pem.write_to_path(files[name])
    with tls_server(right.issue_cert("127.0.0.1")) as url:
        for ca_path in (None, str(files["wrong"])):
            module, arguments = log(url, ca_path=ca_path, retries=3)
            result = run(module, arguments)
            assert "its TLS certificate could not be verified" in result["msg"]
            assert "ca_path" in result["msg"]
        # With the right CA, or without verification, the connection comes about, and then this server hangs up.
        for more in ({"ca_path": str(files["right"])}, {"validate_certs": False}):
            module, arguments = log(url, retries=0, **more)
            assert "before a response arrived" in run(module, arguments)["msg"]


def test_https_to_a_port_that_speaks_http_is_an_error_with_a_hint(sandbox):
    module, arguments = log(sandbox.url.replace("http:", "https:"), retries=0)
    assert "the port does not speak TLS; is it one for plain http?" in run(module, arguments)["msg"]


def test_a_proxy_that_refuses_to_connect_is_an_error_that_says_why(monkeypatch):
    def refuse(connection):
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    for name in ("no_proxy", "NO_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with server(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        module, arguments = log("https://om.example", retries=0)
        result = run(module, arguments)
    assert "the proxy does not accept the credentials" in result["msg"]
    assert "Tunnel connection failed: 407 Proxy Authentication Required" in result["msg"]


def test_an_answer_that_never_ends_is_cut_off(monkeypatch):
    adapter = "ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter"
    monkeypatch.setattr(importlib.import_module(f"{adapter}.progress"), "LONGEST_EXCHANGE", 0.2)

    def drip(connection):
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        # Until the other side hangs up.
        while True:
            connection.sendall(b" ")

    with server(drip) as url:
        module, arguments = log(url, retries=0, timeout=0.1)
        assert "the response was truncated" in run(module, arguments)["msg"]


def test_a_certificate_for_another_host_is_an_error(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with tls_server(authority.issue_cert("om.example")) as url:
        module, arguments = log(url, ca_path=str(tmp_path / "ca.pem"))
        assert "its TLS certificate is for another host" in run(module, arguments)["msg"]
