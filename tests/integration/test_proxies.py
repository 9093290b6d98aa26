# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the environment, as they are when they work and when they do not."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import closing

import pytest
import requests.adapters
from accounts import log_collection
from ansible_collections.saasops.jobs.tests.unit.support.raw_server import RawServer, pump, receive
from ansible_process import RUNNERS, Ansible
from running import listed

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SECRET = "pr0xy/pass+word"
LOGIN = "http://robot:pr0xy%2Fpass%2Bword@"


@pytest.fixture
def proxy(monkeypatch):
    """Sets the proxy of the environment for all addresses, loopback too."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return lambda address: [monkeypatch.setenv(name, address) for name in ("http_proxy", "https_proxy")]


def exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


def socks5(asked):
    """A `serve` for a SOCKS 5 proxy (RFC 1928), with or without a user (RFC 1929); it notes what it was asked for."""

    def serve(connection, _number):
        methods = exactly(connection, exactly(connection, 2)[1])
        if b"\x02" in methods:
            connection.sendall(b"\x05\x02")
            name = exactly(connection, exactly(connection, 2)[1])
            password = exactly(connection, exactly(connection, 1)[0])
            asked.append((name, password))
            connection.sendall(b"\x01\x00")
        else:
            connection.sendall(b"\x05\x00")
        kind = {1: "address", 3: "name"}[exactly(connection, 4)[3]]
        exactly(connection, 4 if kind == "address" else exactly(connection, 1)[0])
        port = int.from_bytes(exactly(connection, 2), "big")
        asked.append(kind)
        with closing(socket.create_connection(("127.0.0.1", port))) as beyond:
            connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            back = threading.Thread(target=pump, args=(beyond, connection), daemon=True)
            back.start()
            pump(connection, beyond)
            back.join(10)

    return serve


@pytest.mark.parametrize("scheme, kind", [("socks5", "address"), ("socks5h", "name")])
@pytest.mark.parametrize("runner", RUNNERS)
def test_a_socks_proxy_gets_addresses_or_names_by_its_scheme(sandbox, tmp_path, scheme, kind, runner):
    asked = []
    with RawServer(socks5(asked)) as server:
        url = sandbox.url.replace("127.0.0.1", "localhost")
        task = {"saasops.jobs.log_collection_job_info": log_collection(url)}
        environment = {"http_proxy": f"{scheme}://127.0.0.1:{server.port}"}
        _done, results = Ansible(tmp_path, runner).playbook([task], **environment)
    assert results[0]["total"] > 0
    assert asked and set(asked) == {kind}


def test_a_socks_proxy_gets_the_user_and_password_of_its_address(sandbox, proxy):
    asked = []
    with RawServer(socks5(asked)) as server:
        proxy(f"socks5h://robot:secret@127.0.0.1:{server.port}")
        assert listed(sandbox.url)["total"] > 0
    assert (b"robot", b"secret") in asked


def test_a_socks_proxy_without_pysocks_names_it(sandbox, proxy, monkeypatch):
    def missing(*_args, **_kwargs):
        # What requests does where PySocks was never installed.
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    proxy("socks5h://127.0.0.1:1080")
    result = listed(sandbox.url)
    assert "its proxy is a SOCKS proxy, for which the Python library PySocks is needed" in result["msg"]


@pytest.mark.parametrize("address", ["http://proxy:port", "http://[::1", "http://", "gopher://proxy:1", "://"])
def test_a_proxy_address_that_cannot_be_read_is_named(sandbox, proxy, address):
    proxy(address)
    assert (
        "the address of the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be read" in listed(sandbox.url)["msg"]
    )


@pytest.mark.parametrize(
    "reason",
    [
        SECRET,
        f"robot:{SECRET}",
        "Basic " + base64.b64encode(f"robot:{SECRET}".encode()).decode(),
        "pr0xy%2Fpass%2Bword",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_repeats_its_password_is_not_quoted(proxy, reason, scheme):
    def refuse(connection, _number):
        receive(connection)
        head = f"HTTP/1.1 407 \x1b[31mno {reason}\r\nContent-Type: text/plain\r\nContent-Length: {len(reason)}"
        connection.sendall(f"{head}\r\n\r\n{reason}".encode())

    with RawServer(refuse) as server:
        proxy(f"{LOGIN}127.0.0.1:{server.port}")
        result = listed(f"{scheme}://om.example")
    assert "the proxy does not accept the credentials" in result["msg"]
    assert reason not in str(result)
    assert SECRET not in str(result)
    assert "\x1b" not in result["msg"]


@pytest.mark.parametrize("runner", RUNNERS)
def test_the_password_of_a_proxy_shows_nowhere(tmp_path, runner):
    def refuse(connection, _number):
        lines = receive(connection).splitlines()
        sent = next(line for line in lines if line.lower().startswith("proxy-authorization"))
        connection.sendall(f"HTTP/1.1 407 {sent}\r\nContent-Length: 0\r\n\r\n".encode())

    with RawServer(refuse) as server:
        environment = {"https_proxy": f"{LOGIN}127.0.0.1:{server.port}"}
        task = {"saasops.jobs.log_collection_job_info": {**log_collection("https://om.example"), "retries": 0}}
        done, results = Ansible(tmp_path, runner).playbook([task], "-vvv", **environment)
    token = base64.b64encode(f"robot:{SECRET}".encode()).decode()
    assert "407" in results[0]["msg"]
    for text in (done.stdout, done.stderr, str(results)):
        assert token not in text
        assert SECRET not in text
