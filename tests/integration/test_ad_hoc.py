# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module as an ad hoc command, with nothing but its own options: the rest is in the environment."""

from __future__ import annotations

import json
import re
from pathlib import Path

import accounts
import pytest
from accounts import caption, job
from ansible_process import RUNNERS, Ansible
from scenarios import COLLECT, COLLECT_OF_SERVERS

MODULES = {path.stem for path in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py")}
COLLECTION = "saasops.jobs."
BLUE = {"cluster_name": "blue"}
APP = {"log_group_name": "app"}
NEWS = {"job_id": caption("a4"), "mode": "0640"}

# (module, its options, how many requests change something). DEST is a folder of the test's own.
COMMANDS = [
    ("log_collection_job", {"state": "absent", "job_ids": [job("a1"), job("a6")], "max_deletions": 2}, 2),
    ("log_collection_job", {"state": "retried", "job_id": job("a2"), "wait": True, "wait_interval": 0.1}, 1),
    ("log_collection_job", {"state": "present", **COLLECT, "resource_names": ["rsRed", "rsBlue"]}, 2),
    ("log_collection_job_download", {"job_ids": [job("a1")], "dest": "DEST/"}, 0),
    ("log_collection_job_info", {"status": ["FAILURE", "SUCCESS"], "older_than": "1d", "fields": ["status"]}, 0),
    ("server_log_collection_job", {"state": "absent", "job_ids": [job("d1"), job("d6")], "max_deletions": 2}, 2),
    ("server_log_collection_job", {"state": "retried", "job_id": job("d2"), "wait": True, "wait_interval": 0.1}, 1),
    ("server_log_collection_job", {"state": "present", **COLLECT_OF_SERVERS}, 1),
    ("server_log_collection_job_download", {"job_ids": [job("d1")], "dest": "DEST/"}, 0),
    ("server_log_collection_job_info", {"status": ["FAILURE", "SUCCESS"], "older_than": "1d", "list_servers": True}, 0),
    ("restore_job", {**BLUE, "state": "absent", "job_ids": [job("b1"), job("b2"), job("b3")]}, 2),
    ("restore_job", {**BLUE, "state": "present", "delivery_type": "download", "snapshot_id": job("e3")}, 1),
    ("restore_job_download", {**BLUE, "job_id": job("b2"), "dest": "DEST/a snapshot.tar.gz"}, 1),
    ("restore_job_info", {**BLUE, "status": ["ready", "in_progress"]}, 0),
    ("snapshot", {**BLUE, "state": "absent", "snapshot_ids": [job("e3"), job("e6")]}, 2),
    ("snapshot", {**BLUE, "state": "present", "description": "before it's deployed", "retention_in_days": 7}, 1),
    ("snapshot_info", {**BLUE, "newer_than": "30d"}, 0),
    ("lts_log_group", {"state": "absent", "log_group_name": "attic", "recursive": True}, 1),
    ("lts_log_group", {"state": "present", "log_group_names": ["a", "b"], "tags": {"team": "pay ments", "n": "1"}}, 2),
    ("lts_log_group_info", {"name_pattern": "a*"}, 0),
    ("lts_log_stream", {**APP, "state": "absent", "name_pattern": "*", "keep": ["api", "nginx"]}, 1),
    ("lts_log_stream", {**APP, "state": "present", "log_stream_names": ["new"], "ttl_in_days": 3}, 1),
    ("lts_log_stream_info", APP, 0),
    ("lts_log_transfer", {"log_group_name": "audit", "state": "absent", "log_stream_name": "logins"}, 1),
    (
        "lts_log_transfer",
        {
            **APP,
            "state": "present",
            "log_stream_names": ["nginx", "api"],
            "obs_bucket_name": "app-archive",
            "obs_period": 3,
            "obs_period_unit": "hour",
            "enabled": False,
        },
        1,
    ),
    ("lts_log_transfer_info", {"log_group_name": "audit", "log_stream_names": ["logins"]}, 0),
    ("service_check", {"service": "log_collection"}, 0),
    ("cielo24_job", {"state": "absent", "job_ids": [caption("a1"), caption("ff")]}, 1),
    (
        "cielo24_job",
        {
            "state": "present",
            "external_ids": ["new 1"],
            "job_name": "Evening news",
            "media_url": "https://media.example.net/new-1.mp4?a=b&c=d",
            "transcription": {
                "fidelity": "PREMIUM",
                "target_languages": ["de", "fr"],
                "options": {"speaker_id": True, "notes": "no = no"},
            },
        },
        3,
    ),
    ("cielo24_job_info", {"status": ["Complete", "Media Failure"], "fields": ["JobName", "JobStatus"]}, 0),
    ("cielo24_caption", {**NEWS, "caption_format": "SRT", "dest": "DEST/the news.srt"}, 0),
    ("cielo24_transcript", {**NEWS, "dest": "DEST/news.txt", "options": {"mask_profanity": True}}, 0),
    ("cielo24_api_key", {"state": "present", "reveal_key": True}, 0),
    ("cielo24_statistics_info", {"metrics": ["billable_minutes"], "group_by": "month"}, 0),
]


def quoted(value):
    """A value as Ansible reads it between blanks."""
    text = value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, list):
        text = ",".join(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def pairs(options):
    return " ".join(f"{name}={quoted(value)}" for name, value in options.items())


# How people write options, and the runner that each is tried with.
FORMS = {"k=v": (pairs, "action"), "json": (json.dumps, "module")}


def result(done):
    """The result in the output of a command: docs/ad_hoc.md takes it out in the same way."""
    return json.loads(re.split(r"^localhost \| .* => ", done.stdout, maxsplit=1, flags=re.MULTILINE)[1])


def test_every_module_has_an_ad_hoc_command():
    assert {name for name, _options, _acted in COMMANDS} == MODULES


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("module", "options", "acted"),
    COMMANDS,
    ids=[f"{module}-{options.get('state', 'read')}" for module, options, _acted in COMMANDS],
)
def test_an_ad_hoc_command_with_credentials_of_the_environment_is_carried_out(
    sandbox, tmp_path, module, options, acted, form
):
    sandbox.clock(tick=30)
    write, runner = FORMS[form]
    given = {
        name: value.replace("DEST", str(tmp_path / "files")) if name == "dest" else value
        for name, value in options.items()
    }
    (tmp_path / "files").mkdir()
    done = Ansible(tmp_path, runner).ad_hoc(COLLECTION + module, write(given), **accounts.environment(sandbox.url))
    assert done.returncode == 0, done.stdout + done.stderr
    assert sandbox.acted() == acted
    # Files are changed here, and a generated key may be one that the service has had all along.
    changes = acted > 0 or "dest" in options or module == "cielo24_api_key"
    assert result(done)["changed"] is changes
    assert f"localhost | {'CHANGED' if changes else 'SUCCESS'} => " in done.stdout
    if "dest" in options:
        [file] = (tmp_path / "files").iterdir()
        assert file.stat().st_size > 0


@pytest.mark.parametrize("runner", RUNNERS)
def test_check_and_diff_of_an_ad_hoc_command_show_the_changes_and_make_none(sandbox, tmp_path, runner):
    options = f"state=absent job_ids={caption('a4')}"
    done = Ansible(tmp_path, runner).ad_hoc(
        COLLECTION + "cielo24_job", options, "--check", "--diff", **accounts.environment(sandbox.url)
    )
    assert '-        "JobName": "Morning news",' in done.stdout
    assert "localhost | CHANGED => " in done.stdout
    assert (done.returncode, sandbox.acted()) == (0, 0)


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_second_ad_hoc_command_finds_nothing_to_do(sandbox, tmp_path, runner):
    ansible, module = Ansible(tmp_path, runner), COLLECTION + "log_collection_job"
    environment = accounts.environment(sandbox.url + "/")
    ids = f"job_ids={job('a1')},{job('a6')} state=absent"
    assert result(ansible.ad_hoc(module, ids, **environment))["summary"]["changed"] == 2
    assert result(ansible.ad_hoc(module, ids, **environment))["summary"]["unchanged"] == 2
    assert sandbox.acted() == 2


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_relative_destination_is_in_the_folder_where_the_ad_hoc_command_runs(sandbox, tmp_path, runner):
    ansible = Ansible(tmp_path, runner)
    done = ansible.ad_hoc(
        COLLECTION + "cielo24_caption",
        f"job_id={caption('a4')} caption_format=SRT dest=news.srt",
        **accounts.environment(sandbox.url),
    )
    assert result(done)["jobs"][0]["files"][0]["dest"] == str(tmp_path / "news.srt")


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize(
    ("module", "options", "message"),
    [
        ("log_collection_job_info", "status=", "status is an empty string"),
        ("log_collection_job", f"job_id={job('ff')} state=retried", f"Log collection job {job('ff')} does not exist"),
        ("cielo24_job", "external_ids=x state=present transcription=PREMIUM", "transcription is not a dictionary"),
        ("cielo24_api_key", "state=present", "give reveal_key: true"),
    ],
)
def test_an_ad_hoc_command_that_fails_says_why_and_ends_with_2(sandbox, tmp_path, runner, module, options, message):
    done = Ansible(tmp_path, runner).ad_hoc(COLLECTION + module, options, **accounts.environment(sandbox.url))
    assert (done.returncode, sandbox.acted()) == (2, 0)
    assert "localhost | FAILED! => " in done.stdout
    assert message in result(done)["msg"]
    assert not any(secret in done.stdout + done.stderr for secret in accounts.SECRETS)
