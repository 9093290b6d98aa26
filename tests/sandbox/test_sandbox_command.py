# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import requests
from sandbox_client import COMMAND, SEED, stop

SECRET = ("password", "passcode", "secret", "security_token")
TOKEN = "9c3a7e51f0b84d62a1e6d5c8b7f20394"


def run(*options, command=tuple(COMMAND)):
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
    assert done.stderr.startswith("sandbox: ")
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_program_writes_port_logs_requests_and_ends_on_signal(launch, tmp_path, number):
    port_file = tmp_path / "port"
    process, port = launch("--port-file", str(port_file))
    assert port_file.read_text() == f"{port}\n" and list(tmp_path.iterdir()) == [port_file]
    assert requests.get(f"http://127.0.0.1:{port}/api/job/list?v=1&api_token={TOKEN}", timeout=10).status_code == 200
    job = "c24000000000000000000000000000a1"
    url = f"http://127.0.0.1:{port}/api/job/del"
    requests.post(url, params={"v": 1}, data={"api_token": TOKEN, "job_id": job}, timeout=10)
    requests.get(f"http://127.0.0.1:{port}/_sandbox/state", timeout=10)
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("#1 GET /api/job/list?v=1&api_token=HIDDEN 200 ")
    assert second.startswith("#2 POST /api/job/del?v=1 200 ") and second.endswith("ms acted")


def test_program_ends_while_request_stalls_and_listener_refuses(launch):
    process, port = launch("--quiet")
    faults = [{"at": 1, "kind": "stall_before"}, {"at": 3, "kind": "refuse", "seconds": 60}]
    requests.post(f"http://127.0.0.1:{port}/_sandbox/faults", json=faults, timeout=10)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /api/job/list HTTP/1.1\r\nHost: x\r\n\r\n")
        while not requests.get(f"http://127.0.0.1:{port}/_sandbox/requests", timeout=10).json()["requests"]:
            pass
        requests.get(f"http://127.0.0.1:{port}/api/job/list", timeout=10)
        assert stop(process) == (0, "", "")


def test_port_in_use_is_an_error(sandbox):
    code, err = run("--port", str(sandbox.port))
    assert code == 1 and f"port {sandbox.port} on 127.0.0.1 is in use" in err


def test_remote_address_needs_flag(launch):
    code, err = run("--bind", "0.0.0.0", "--port", "0")
    assert code == 2 and "--allow-remote" in err
    process, _port = launch("--bind", "0.0.0.0", "--allow-remote", "--quiet")
    assert stop(process) == (0, "", "")


@pytest.mark.parametrize("address", ["nonsense.invalid", "300.1.1.1"])
def test_invalid_address_is_an_error(address):
    code, err = run("--bind", address)
    assert code == 2 and address in err


@pytest.mark.parametrize(
    "text,words",
    [
        ("mongodb: [", "line 1, column 11"),
        ("- a list", "expected a mapping at the top"),
        ("mongodb:\n  keys: 5\n", "seed: mongodb.keys: expected a list, found int"),
        ("cielo24: {accounts: [{username: u}]}", "seed: cielo24.accounts[0].password: is required"),
    ],
)
def test_broken_seed_is_an_error_that_names_the_place(tmp_path, text, words):
    path = tmp_path / "seed.yml"
    path.write_text(text)
    code, err = run("--port", "0", "--seed", str(path))
    assert code == 2 and words in err


def test_missing_seed_is_an_error(tmp_path):
    code, err = run("--port", "0", "--seed", str(tmp_path / "none.yml"))
    assert code == 2 and "none.yml" in err


def test_missing_libraries_are_named_with_install_command():
    # -S leaves out site-packages, -E leaves out PYTHONPATH.
    code, err = run(command=[sys.executable, "-S", "-E", COMMAND[1]])
    assert code == 2 and "aiohttp and PyYAML" in err
    assert f"{sys.executable} -m pip install -r " in err and "requirements.txt" in err


def test_program_ends_with_its_parent(launch):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process, _port = launch("--quiet", "--parent-pid", str(parent.pid))
    parent.stdin.close()
    # Nobody has waited for the parent yet, so it is a zombie, which counts as ended.
    assert process.wait(timeout=10) == 0
    parent.wait()


def test_secrets_of_the_seed_are_long_and_unique():
    found = [key["private_key"] for key in SEED["mongodb"]["keys"]]
    found += [token["token"] for token in SEED["lts"]["tokens"]]
    found += [
        user[name]
        for domain in SEED["iam"]["domains"]
        for user in domain.get("users", [])
        for name in SECRET
        if name in user
    ]
    found += [key[name] for key in SEED["iam"]["access_keys"] for name in SECRET if name in key]
    for account in SEED["cielo24"]["accounts"]:
        found += [account[name] for name in ("password", "api_key", "api_token") if name in account]
    assert len(set(found)) == len(found) and all(len(secret) >= 20 for secret in found)
