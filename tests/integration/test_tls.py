# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS as real servers speak it: certificates of either side that are not accepted, and what the task says of them."""

from __future__ import annotations

import re
import ssl

import pytest
import trustme
from accounts import log_collection
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import ServiceError
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.auth.flow import NoAuth
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.client import Client
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint, ServiceProfile
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.raw_server import RawServer, receive
from ansible_process import RUNNERS, Ansible
from cryptography.hazmat.primitives import serialization
from running import listed
from tls_servers import self_made, tls_server


@pytest.fixture(autouse=True)
def no_settings_of_the_user(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path):
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    return made


def test_the_right_ca_is_enough(authority, tmp_path):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        assert listed(server.url, ca_path=str(tmp_path / "ca.pem"))["total"] == 0


@pytest.mark.parametrize(
    "days, words",
    [
        ((-2, -1), "has expired; have it renewed, or set the clock of this machine"),
        ((1, 2), "is not valid yet; have it renewed, or set the clock of this machine"),
    ],
)
def test_a_certificate_out_of_its_time_is_no_matter_of_the_ca(tmp_path, days, words):
    ca, certificate, key = self_made(tmp_path, days)
    with tls_server((certificate, key)) as server:
        told = listed(server.url, ca_path=ca)["msg"]
    assert words in told
    assert "ca_path" not in told


def test_a_certificate_for_another_host_is_no_matter_of_the_ca(tmp_path):
    ca, certificate, key = self_made(tmp_path, names=("192.0.2.1",))
    with tls_server((certificate, key)) as server:
        told = listed(server.url, ca_path=ca)["msg"]
    assert "its TLS certificate is for another host" in told
    assert "127.0.0.1" in told
    assert "check the address" in told
    assert "ca_path" not in told


def test_a_certificate_without_the_identifier_of_its_ca_is_no_matter_of_the_ca(tmp_path):
    ca, certificate, key = self_made(tmp_path, key_identifier=False)
    with tls_server((certificate, key)) as server:
        result = listed(server.url, ca_path=ca)
    # Older versions of Python or urllib3 do not look for it.
    if "msg" in result:
        assert "does not meet the standard (Missing Authority Key Identifier)" in result["msg"]
        assert "ca_path" not in result["msg"]


def test_an_unknown_ca_is_an_error_that_says_how_to_add_it_to_ca_path(authority, tmp_path):
    with tls_server(trustme.CA().issue_cert("127.0.0.1")) as server:
        assert "; give its CA certificate in ca_path." in listed(server.url, ca_path=str(tmp_path / "ca.pem"))["msg"]
        (tmp_path / "folder").mkdir()
        told = listed(server.url, ca_path=str(tmp_path / "folder"))["msg"]
    assert "; add its CA certificate to the folder in ca_path, and index it with `openssl rehash`." in told


def test_a_certificate_that_is_not_checked_draws_one_warning(authority, recwarn):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        result = listed(server.url, validate_certs=False)
    assert result["total"] == 0
    assert [text for text in result["warnings"] if "validate_certs is false" in text] == result["warnings"]
    assert len(result["warnings"]) == 1
    assert not recwarn.list


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_certificate_that_is_not_checked_leaves_stderr_alone(authority, tmp_path, runner):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        arguments = {**log_collection(server.url), "validate_certs": False, "retries": 0}
        done, results = Ansible(tmp_path, runner).playbook([{"saasops.jobs.log_collection_job_info": arguments}])
    assert results[0]["total"] == 0
    assert len(results[0]["warnings"]) == 1
    assert "InsecureRequestWarning" not in done.stdout + done.stderr
    assert "Unverified" not in done.stdout + done.stderr


@pytest.fixture
def client(authority, tmp_path):
    """Options that show a client certificate of the authority."""
    made = authority.issue_cert("robot@example.com")
    made.cert_chain_pems[0].write_to_path(tmp_path / "client.pem")
    made.private_key_pem.write_to_path(tmp_path / "client.key")
    return {"client_cert": str(tmp_path / "client.pem"), "client_key": str(tmp_path / "client.key")}


@pytest.fixture
def demanding(authority, tmp_path):
    """A server that demands a client certificate."""
    with tls_server(authority.issue_cert("127.0.0.1"), authority) as server:
        server.trust = {"ca_path": str(tmp_path / "ca.pem")}
        yield server


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_client_certificate_that_is_demanded_is_accepted(demanding, client, tmp_path, runner):
    task = {**log_collection(demanding.url), **demanding.trust, **client, "retries": 0}
    _done, results = Ansible(tmp_path, runner).playbook([{"saasops.jobs.log_collection_job_info": task}])
    assert results[0]["total"] == 0


def test_certificate_and_key_may_be_in_one_file(demanding, client, tmp_path):
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join((tmp_path / name).read_bytes() for name in ("client.key", "client.pem")))
    assert listed(demanding.url, **demanding.trust, client_cert=str(both))["total"] == 0


def test_a_client_certificate_that_is_demanded_is_named(demanding):
    told = listed(demanding.url, **demanding.trust)
    assert "give client_cert" in told["msg"]
    assert told["changed"] is False


def test_a_client_certificate_of_a_stranger_is_named(demanding, tmp_path):
    stranger = trustme.CA().issue_cert("robot@example.com")
    stranger.private_key_and_cert_chain_pem.write_to_path(tmp_path / "stranger.pem")
    told = listed(demanding.url, **demanding.trust, client_cert=str(tmp_path / "stranger.pem"))["msg"]
    assert "check client_cert" in told


def test_a_client_certificate_goes_to_no_other_host(authority, client, tmp_path):
    """A server that would take one sees none of it, neither behind a redirect nor where an archive is."""
    seen = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL

    def note(connection, _number):
        while receive(connection):
            seen.append(connection.getpeercert())
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with RawServer(note, context) as other:
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s/x\r\nContent-Length: 0\r\n\r\n" % other.url.encode()

        def redirect(connection, _number):
            receive(connection)
            connection.sendall(moved)

        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(own)
        with RawServer(redirect, own) as server:
            result = listed(server.url, ca_path=str(tmp_path / "ca.pem"), **client)
        assert "which is not followed" in result["msg"]
        assert seen == []
        settings = HttpSettings(retries=0, ca_path=str(tmp_path / "ca.pem"), **client)
        for given, shown in ((settings, True), (settings.for_others(), False)):
            profile = ServiceProfile("Things", {}, lambda response: None, lambda *_: "")
            things = Client(profile, other.url, NoAuth(), given, TaskContext())
            with pytest.raises(ServiceError):
                things.call(Endpoint("look", "GET", "/", Effect.READ))
            assert bool(seen.pop()) is shown


def encrypted(key):
    loaded = serialization.load_pem_private_key(key, None)
    form = serialization.PrivateFormat.PKCS8
    return loaded.private_bytes(serialization.Encoding.PEM, form, serialization.BestAvailableEncryption(b"x"))


def test_client_certificates_that_cannot_be_used_are_refused_before_anything_is_sent(authority, client, tmp_path):
    cert, key = client["client_cert"], client["client_key"]
    (tmp_path / "locked.key").write_bytes(encrypted((tmp_path / "client.key").read_bytes()))
    authority.issue_cert("b@example.com").private_key_pem.write_to_path(tmp_path / "other.key")
    (tmp_path / "text").write_text("no PEM")
    paths = {name: str(tmp_path / name) for name in ("locked.key", "other.key", "text", "missing")}
    cases = [
        ({"client_key": key}, "client_key requires client_cert"),
        ({"client_cert": paths["missing"]}, "client_cert: the file .*missing cannot be read"),
        ({"client_cert": str(tmp_path)}, "client_cert: the file .* cannot be read"),
        ({"client_cert": cert, "client_key": paths["missing"]}, "client_key: the file .*missing cannot be read"),
        ({"client_cert": cert}, "client_cert does not hold a certificate and its key"),
        ({"client_cert": paths["text"], "client_key": key}, "client_cert or client_key does not hold"),
        ({"client_cert": cert, "client_key": paths["text"]}, "client_cert or client_key does not hold"),
        ({"client_cert": cert, "client_key": paths["other.key"]}, "client_key: the key does not belong to"),
        ({"client_cert": cert, "client_key": paths["locked.key"]}, "client_key: the key is encrypted"),
    ]
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        for options, words in cases:
            result = listed(server.url, **options)
            assert re.search(words, result["msg"]), (words, result["msg"])
        assert server.connections == 0


@pytest.mark.parametrize("alert", [b"\x15\x03\x01\x00\x02\x02\x46", b"\x15\x03\x03\x00\x02\x02\x28"])
def test_plain_http_to_a_port_that_answers_with_an_alert_is_an_error_with_a_hint(alert):
    def serve_alert(connection, _number):
        receive(connection)
        connection.sendall(alert)

    with RawServer(serve_alert) as server:
        assert "the port speaks TLS; the address must begin with https" in listed(server.url)["msg"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"<html><body>You're speaking plain HTTP to an SSL-enabled server port.</body></html>",
    ],
)
def test_plain_http_to_a_port_that_asks_for_https_is_an_error_with_a_hint(body):
    def serve_page(connection, _number):
        receive(connection)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with RawServer(serve_page) as server:
        told = listed(server.url)["msg"]
    assert "the port expects HTTPS" in told
    assert "base_url must begin with https." in told


def test_plain_http_to_a_tls_server_is_an_error_that_names_https(authority):
    with tls_server(authority.issue_cert("127.0.0.1")) as server:
        assert "https" in listed(server.url.replace("https:", "http:"))["msg"]
