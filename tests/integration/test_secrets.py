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


def tasks(url):
    """Every module, with good and with bad credentials, both with ids that exist and that do not."""
    log, atlas, lts = accounts.log_collection(url), accounts.atlas(url), accounts.lts(url)
    own = accounts.ops_manager(url)
    group = {"log_group_name": "app"}
    logins = [
        {"base_url": url, "username": "newsroom", "password": accounts.CIELO24_PASSWORD},
        {"base_url": url, "username": "newsroom", "api_key": accounts.CIELO24_KEY},
        {"base_url": url, "api_token": accounts.CIELO24_TOKEN},
        {"base_url": url, "username": "newsroom", "password": TRICKY["password"]},
        {"base_url": url, "username": "newsroom", "api_key": TRICKY["api_key"]},
        {"base_url": url, "api_token": TRICKY["api_token"]},
        {"base_url": url, "api_token": TRICKY["api_token"], "password": TRICKY["password"]},
    ]
    absent = {"state": "absent"}
    account = accounts.service_account(url)
    fetched = {"job_ids": [job("b2"), job("b6"), job("c1")], "dest": "canary/", "cluster_name": "blue"}
    shards = {"job_ids": [job("c1")], "dest": "canary/", "cluster_name": "green"}
    prepared = {"state": "present", "delivery_type": "download", "snapshot_id": job("e2")}
    quick = {"retries": 0, "timeout": 0.5}
    return [
        {"saasops.jobs.log_collection_job": {**log, **quick, "state": "retried", "job_ids": [job("a2"), job("a6")]}},
        {"saasops.jobs.log_collection_job_info": {**log, **quick, "private_key": TRICKY["private_key"]}},
        {"saasops.jobs.log_collection_job_info": {**log, "base_url": f"http://x:{accounts.PRIVATE_KEY}@127.0.0.1"}},
        {"saasops.jobs.restore_job_info": {**atlas, **quick}},
        {"saasops.jobs.restore_job_info": {**atlas, **quick, "cluster_name": "green"}},
        {"saasops.jobs.restore_job": {**atlas, **quick, **absent, "job_ids": [job("b2"), job("b7")]}},
        {"saasops.jobs.restore_job": {**account, **quick, **prepared}},
        {"saasops.jobs.restore_job_info": {**account, **quick, "client_secret": TRICKY["client_secret"]}},
        {"saasops.jobs.snapshot_info": {**account, **quick}},
        {"saasops.jobs.restore_job_download": {**account, **quick, **fetched}},
        {"saasops.jobs.restore_job_download": {**atlas, **quick, **shards}},
        {"saasops.jobs.log_collection_job_download": {**log, **quick, "job_ids": [job("a1")], "dest": "canary/"}},
        {"saasops.jobs.lts_log_stream": {**lts, **quick, **group, **absent, "log_stream_names": ["nginx"]}},
        {"saasops.jobs.lts_log_stream_info": {**lts, **quick, **group, "auth_token": TRICKY["auth_token"]}},
        {"saasops.jobs.lts_log_stream_info": {**lts, **quick, **group, "auth_token": accounts.LTS_EXPIRED_TOKEN}},
        {"saasops.jobs.lts_log_stream_info": {**lts, **quick, **group, "auth_token": "line\nbreak-canary-token"}},
        *[
            {f"saasops.jobs.{name}": {**arguments, **quick}}
            for name, arguments in (
                ("lts_log_group_info", accounts.lts_user(url)),
                (
                    "lts_log_group",
                    accounts.lts_user(url, **absent, log_group_name="attic", password=TRICKY["password"]),
                ),
                ("lts_log_transfer_info", accounts.lts_mfa(url)),
                ("lts_log_transfer_info", accounts.lts_mfa(url, passcode=TRICKY["passcode"])),
                ("lts_log_group_info", accounts.lts_agency(url)),
                ("lts_log_stream", accounts.lts_keys(url, **group, **absent, log_stream_names=["api"])),
                ("lts_log_stream_info", accounts.lts_keys(url, **group, secret_key=TRICKY["secret_key"])),
                ("lts_log_group_info", accounts.lts_temporary_keys(url, auth_form="credential")),
                ("lts_log_group_info", accounts.lts_temporary_keys(url, security_token=TRICKY["security_token"])),
                ("lts_log_group_info", {"cloud": "otc"}),
            )
        ],
        *[
            {f"saasops.jobs.cielo24_{name}": {**logins[0], **quick, **arguments}}
            for name, arguments in (
                ("api_key", {**absent, "known_key": TRICKY["api_key"]}),
                ("api_key", {**absent, "known_key": accounts.CIELO24_KEY}),
                ("caption", {"job_ids": [caption("a4"), caption("a2")], "dest": "canary/", "caption_format": "SRT"}),
                ("job", {"state": "present", "external_id": "new", "transcription": {"fidelity": "PREMIUM"}}),
                ("statistics_info", {"account_id": "nobody"}),
            )
        ],
        {
            "saasops.jobs.server_log_collection_job": {
                **own,
                **quick,
                "state": "retried",
                "job_ids": [job("d2"), job("d6")],
            }
        },
        {"saasops.jobs.server_log_collection_job_info": {**own, **quick, "private_key": TRICKY["private_key"]}},
        {
            "saasops.jobs.server_log_collection_job_download": {
                **own,
                **quick,
                "job_ids": [job("d1")],
                "dest": "canary/",
            }
        },
        *[{"saasops.jobs.cielo24_job": {**login, **quick, **absent, "job_ids": [caption("a1")]}} for login in logins],
    ]


SECRETS = [*accounts.SECRETS, *TRICKY.values(), "break-canary-token"]

TROUBLE = {
    "none": None,
    "reset": {"kind": "reset_after", "at": "all"},
    "stall": {"kind": "stall_before", "seconds": 1, "at": "all"},
    "text": {"kind": "status", "status": 500, "body": "text", "at": "all"},
    "truncate": {"kind": "truncate", "at": "all"},
    "redirect": {"kind": "redirect", "location": "http://192.0.2.1/elsewhere", "at": "all"},
    "refuse": {"kind": "reset_before", "at": "all"},
}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("trouble", TROUBLE)
def test_no_secret_shows_in_output_log_or_results_of_tasks_that_fail(sandbox, tmp_path, trouble, runner):
    ansible = Ansible(tmp_path, runner)
    # Results go to a file that Ansible itself writes; the playbook is the one place where the secrets have to be.
    listed = tasks("http://127.0.0.1:9" if trouble == "refuse" else sandbox.url)
    if TROUBLE[trouble]:
        # One task for each way to sign in: what fails then is below all modules.
        chosen = (0, 6, 8, 9, 10, 11, 12, 16, 20, 21, 25, len(listed) - 7)
        listed = [task for number, task in enumerate(listed) if number in chosen]
        sandbox.fault(**TROUBLE[trouble])
    (tmp_path / "clouds.yaml").write_text(accounts.clouds_yaml(sandbox.url), "utf-8")
    files = {"ANSIBLE_LOG_PATH": tmp_path / "ansible.log", "OS_CLIENT_CONFIG_FILE": tmp_path / "clouds.yaml"}
    done, results = ansible.playbook(listed, "-vvvv", "--diff", **{name: str(path) for name, path in files.items()})
    assert any(result.get("failed") for result in results)
    printed = {
        "screen": done.stdout + done.stderr,
        "log": (tmp_path / "ansible.log").read_text(),
        "results": json.dumps(results),
    }
    assert "log_collection_job" in printed["screen"]
    for place, text in printed.items():
        for secret in [*SECRETS, *sandbox.secrets()]:
            for form in spellings(secret):
                assert form not in text, f"{place}: {text[max(0, text.index(form) - 300) :][:400]}"
