# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret shows in anything that Ansible prints at its most talkative, whatever happens."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import accounts
import pytest
from accounts import caption, job
from ansible_process import RUNNERS, Ansible

# Secrets with every character that some encoding changes.
TRICKY = {
    "client_secret": "mdb_sa_sk_7f+3c/9e=%canary-secret",
    "private_key": 'pk"7f/3c+9e=\\d1\u00fc-canary-private',
    "password": "pw&5a%2B/1 c?8#e-canary-password",
    "auth_token": "gAAAAAB+c4n/ry==canary-token",
    "secret_key": "sK/9f+3c=7e%canary-secret-key",
    "security_token": "sT+4a/1c==canary-security-token",
    "passcode": "602214076canary",
    "api_token": "9c3a7e51f0b84d62a1e6d5c8b7f2canary",
    "api_key": "4e8d1f60a7c94b35b2d8e0f3a617canary",
}


def spellings(secret):
    raw = secret.encode()
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        base64.b64encode(raw).decode(),
        f"{base64.b64encode(b'sandboxkey:' + raw).decode()}",
    }


QUICK = {"retries": 0, "timeout": 0.5}
ABSENT = {"state": "absent"}


def log_tasks(url):
    """Every module of log collection jobs, with good and with bad credentials, with ids that exist and that do not."""
    log, own = accounts.log_collection(url), accounts.ops_manager(url)
    fetched = {"dest": "canary/", **QUICK}
    wrong = {**QUICK, "private_key": TRICKY["private_key"]}
    return [
        {"saasops.jobs.log_collection_job": {**log, **QUICK, "state": "retried", "job_ids": [job("a2"), job("a6")]}},
        {"saasops.jobs.log_collection_job_info": {**log, **wrong}},
        {"saasops.jobs.log_collection_job_info": {**log, "base_url": f"http://x:{accounts.PRIVATE_KEY}@127.0.0.1"}},
        {"saasops.jobs.log_collection_job_download": {**log, **fetched, "job_ids": [job("a1")]}},
        {
            "saasops.jobs.server_log_collection_job": {
                **own,
                **QUICK,
                "state": "retried",
                "job_ids": [job("d2"), job("d6")],
            }
        },
        {"saasops.jobs.server_log_collection_job_info": {**own, **wrong}},
        {"saasops.jobs.server_log_collection_job_download": {**own, **fetched, "job_ids": [job("d1")]}},
    ]


def restore_tasks(url):
    """The same of restore jobs."""
    key, account = accounts.atlas(url), accounts.service_account(url)
    dumps = {"job_ids": [job("b2"), job("b6"), job("c1")], "dest": "canary/", "cluster_name": "blue"}
    shards = {"job_ids": [job("c1")], "dest": "canary/", "cluster_name": "green"}
    prepared = {"state": "present", "delivery_type": "download", "snapshot_id": job("e2")}
    return [
        {"saasops.jobs.restore_job_info": {**key, **QUICK}},
        {"saasops.jobs.restore_job_info": {**key, **QUICK, "cluster_name": "green"}},
        {"saasops.jobs.restore_job": {**key, **QUICK, **ABSENT, "job_ids": [job("b2"), job("b7")]}},
        {"saasops.jobs.restore_job": {**account, **QUICK, **prepared}},
        {"saasops.jobs.restore_job_info": {**account, **QUICK, "client_secret": TRICKY["client_secret"]}},
        {"saasops.jobs.snapshot_info": {**account, **QUICK}},
        {"saasops.jobs.restore_job_download": {**account, **QUICK, **dumps}},
        {"saasops.jobs.restore_job_download": {**key, **QUICK, **shards}},
    ]


def lts_tasks(url):
    """The same of log streams, with each way to sign in."""
    token, group = accounts.lts(url), {"log_group_name": "app"}
    attic = accounts.lts_user(url, **ABSENT, log_group_name="attic", password=TRICKY["password"])
    listed = (
        ("lts_log_stream", {**token, **group, **ABSENT, "log_stream_names": ["nginx"]}),
        ("lts_log_stream_info", {**token, **group, "auth_token": TRICKY["auth_token"]}),
        ("lts_log_stream_info", {**token, **group, "auth_token": accounts.LTS_EXPIRED_TOKEN}),
        ("lts_log_stream_info", {**token, **group, "auth_token": "line\nbreak-canary-token"}),
        ("lts_log_group_info", accounts.lts_user(url)),
        ("lts_log_group", attic),
        ("lts_log_transfer_info", accounts.lts_mfa(url)),
        ("lts_log_transfer_info", accounts.lts_mfa(url, passcode=TRICKY["passcode"])),
        ("lts_log_group_info", accounts.lts_agency(url)),
        ("lts_log_stream", accounts.lts_keys(url, **group, **ABSENT, log_stream_names=["api"])),
        ("lts_log_stream_info", accounts.lts_keys(url, **group, secret_key=TRICKY["secret_key"])),
        ("lts_log_group_info", accounts.lts_temporary_keys(url, auth_form="credential")),
        ("lts_log_group_info", accounts.lts_temporary_keys(url, security_token=TRICKY["security_token"])),
        ("lts_log_group_info", {"cloud": "otc"}),
    )
    return [{f"saasops.jobs.{name}": {**arguments, **QUICK}} for name, arguments in listed]


def cielo24_tasks(url):
    """The same of captioning jobs, with each way to sign in."""
    logins = [
        {"base_url": url, "username": "newsroom", "password": accounts.CIELO24_PASSWORD},
        {"base_url": url, "username": "newsroom", "api_key": accounts.CIELO24_KEY},
        {"base_url": url, "api_token": accounts.CIELO24_TOKEN},
        {"base_url": url, "username": "newsroom", "password": TRICKY["password"]},
        {"base_url": url, "username": "newsroom", "api_key": TRICKY["api_key"]},
        {"base_url": url, "api_token": TRICKY["api_token"]},
        {"base_url": url, "api_token": TRICKY["api_token"], "password": TRICKY["password"]},
    ]
    listed = (
        *(("job", {**login, **ABSENT, "job_ids": [caption("a1")]}) for login in logins),
        ("api_key", {**ABSENT, "known_key": TRICKY["api_key"]}),
        ("api_key", {**ABSENT, "known_key": accounts.CIELO24_KEY}),
        ("caption", {"job_ids": [caption("a4"), caption("a2")], "dest": "canary/", "caption_format": "SRT"}),
        ("job", {"state": "present", "external_id": "new", "transcription": {"fidelity": "PREMIUM"}}),
        ("statistics_info", {"account_id": "nobody"}),
    )
    return [{f"saasops.jobs.cielo24_{name}": {**logins[0], **QUICK, **arguments}} for name, arguments in listed]


def sign_ins(url):
    """Tasks with each way to sign in: what fails then is below all modules."""
    chosen = ((log_tasks, (0, 3)), (restore_tasks, (3, 5, 6, 7)), (lts_tasks, (0, 4, 8, 9, 13)), (cielo24_tasks, (0,)))
    return [tasks(url)[number] for tasks, numbers in chosen for number in numbers]


SECRETS = [*accounts.SECRETS, *TRICKY.values(), "break-canary-token"]

TROUBLE = {
    "reset": {"kind": "reset_after", "at": "all"},
    "stall": {"kind": "stall_before", "seconds": 1, "at": "all"},
    "text": {"kind": "status", "status": 500, "body": "text", "at": "all"},
    "truncate": {"kind": "truncate", "at": "all"},
    "redirect": {"kind": "redirect", "location": "http://192.0.2.1/elsewhere", "at": "all"},
    "refuse": {"kind": "reset_before", "at": "all"},
}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("tasks", [log_tasks, restore_tasks, lts_tasks, cielo24_tasks])
def test_no_secret_shows_in_output_log_or_results(sandbox, tmp_path, tasks, runner):
    assert_no_secret_shows(sandbox, tmp_path, runner, tasks(sandbox.url))


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("trouble", TROUBLE)
def test_no_secret_shows_in_output_log_or_results_of_tasks_that_fail(sandbox, tmp_path, trouble, runner):
    sandbox.fault(**TROUBLE[trouble])
    assert_no_secret_shows(
        sandbox, tmp_path, runner, sign_ins("http://127.0.0.1:9" if trouble == "refuse" else sandbox.url)
    )


def assert_no_secret_shows(sandbox, tmp_path, runner, tasks):
    ansible = Ansible(tmp_path, runner)
    (tmp_path / "clouds.yaml").write_text(accounts.clouds_yaml(sandbox.url), "utf-8")
    # Results go to a file that Ansible itself writes; the playbook is the one place where the secrets have to be.
    files = {"ANSIBLE_LOG_PATH": tmp_path / "ansible.log", "OS_CLIENT_CONFIG_FILE": tmp_path / "clouds.yaml"}
    done, results = ansible.playbook(tasks, "-vvvv", "--diff", **{name: str(path) for name, path in files.items()})
    assert any(result.get("failed") for result in results)
    printed = {
        "screen": done.stdout + done.stderr,
        "log": (tmp_path / "ansible.log").read_text(),
        "results": json.dumps(results),
    }
    assert all(next(iter(task)) in printed["screen"] for task in tasks)
    for place, text in printed.items():
        for secret in [*SECRETS, *sandbox.secrets()]:
            for form in spellings(secret):
                assert form not in text, f"{place}: {text[max(0, text.index(form) - 300) :][:400]}"
