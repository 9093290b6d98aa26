# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode of tasks that name what a task before them brings, or waits for."""

from __future__ import annotations

import accounts
import pytest
from accounts import caption, job, stream
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import is_placeholder
from ansible_process import RUNNERS, Ansible
from running import run

PRESENT, ABSENT = {"state": "present"}, {"state": "absent"}
COLLECT = {
    **PRESENT,
    "resource_type": "REPLICASET",
    "resource_names": ["rsRed"],
    "log_types": ["MONGODB"],
    "size_requested_per_file_bytes": 1000,
    "wait": True,
}
COLLECT_OF_SERVERS = {**PRESENT, "all_servers": True, "wait": True}
SNAPSHOT = {**PRESENT, "description": "before the migration", "retention_in_days": 7, "wait": True}
DOWNLOAD = {**PRESENT, "delivery_type": "download", "snapshot_id": job("e3"), "wait": True}
ORDER = {
    **PRESENT,
    "external_ids": ["show-new"],
    "job_name": "Show",
    "language": "en",
    "media_url": "https://media.example/show.mp4",
}
TRANSCRIPTION = {"transcription": {"fidelity": "PREMIUM"}}
GROUP = {**PRESENT, "log_group_names": ["fresh"]}
STREAMS = {**PRESENT, "log_group_name": "app", "log_stream_names": ["fresh", "new"]}
BUCKET = {"obs_bucket_name": "app-archive", "obs_period": 3, "obs_period_unit": "hour"}
FILES = {"dest": "files/"}

MAKE = {
    "log": accounts.log_collection,
    "res": accounts.atlas,
    "sna": accounts.atlas,
    "lts": accounts.lts,
    "cie": accounts.cielo24,
    "ser": accounts.ops_manager,
}

# {name: (task, what it brings, the task that names it, by which option, what that does)}
CHAINS = {
    "collect-extend": (
        ("log_collection_job", COLLECT),
        ("log_collection_job", {**PRESENT, "keep_for": "60d"}),
        "job_ids",
        "extend",
    ),
    "collect-see": (("log_collection_job", COLLECT), ("log_collection_job", PRESENT), "job_ids", "none"),
    "collect-retry": (("log_collection_job", COLLECT), ("log_collection_job", {"state": "retried"}), "job_ids", "none"),
    "collect-delete": (("log_collection_job", COLLECT), ("log_collection_job", ABSENT), "job_ids", "delete"),
    "collect-fetch": (("log_collection_job", COLLECT), ("log_collection_job_download", FILES), "job_ids", "download"),
    "server-collect-extend": (
        ("server_log_collection_job", COLLECT_OF_SERVERS),
        ("server_log_collection_job", {**PRESENT, "keep_for": "14d"}),
        "job_ids",
        "extend",
    ),
    "server-collect-see": (
        ("server_log_collection_job", COLLECT_OF_SERVERS),
        ("server_log_collection_job", PRESENT),
        "job_ids",
        "none",
    ),
    "server-collect-retry": (
        ("server_log_collection_job", COLLECT_OF_SERVERS),
        ("server_log_collection_job", {"state": "retried"}),
        "job_ids",
        "none",
    ),
    "server-collect-delete": (
        ("server_log_collection_job", COLLECT_OF_SERVERS),
        ("server_log_collection_job", ABSENT),
        "job_ids",
        "delete",
    ),
    "server-collect-fetch": (
        ("server_log_collection_job", COLLECT_OF_SERVERS),
        ("server_log_collection_job_download", FILES),
        "job_ids",
        "download",
    ),
    "snapshot-delete": (("snapshot", SNAPSHOT), ("snapshot", ABSENT), "snapshot_ids", "delete"),
    "snapshot-restore": (
        ("snapshot", SNAPSHOT),
        ("restore_job", {**PRESENT, "delivery_type": "download"}),
        "snapshot_id",
        "create",
    ),
    "restore-see": (("restore_job", DOWNLOAD), ("restore_job", PRESENT), "job_ids", "none"),
    "restore-cancel": (("restore_job", DOWNLOAD), ("restore_job", ABSENT), "job_ids", "cancel"),
    "restore-fetch": (("restore_job", DOWNLOAD), ("restore_job_download", FILES), "job_ids", "download"),
    "order-see": (("cielo24_job", ORDER), ("cielo24_job", PRESENT), "job_ids", "none"),
    "order-transcribe": (("cielo24_job", ORDER), ("cielo24_job", {**PRESENT, **TRANSCRIPTION}), "job_ids", "update"),
    "order-delete": (("cielo24_job", ORDER), ("cielo24_job", ABSENT), "job_ids", "delete"),
    "group-streams": (
        ("lts_log_group", GROUP),
        ("lts_log_stream", {**PRESENT, "log_stream_names": ["a", "b"]}),
        "log_group_id",
        "create",
    ),
    "group-see": (("lts_log_group", GROUP), ("lts_log_group", PRESENT), "log_group_ids", "none"),
    "group-delete": (("lts_log_group", GROUP), ("lts_log_group", ABSENT), "log_group_ids", "delete"),
    "streams-see": (
        ("lts_log_stream", STREAMS),
        ("lts_log_stream", {**PRESENT, "log_group_name": "app"}),
        "log_stream_ids",
        "none",
    ),
    "streams-delete": (
        ("lts_log_stream", STREAMS),
        ("lts_log_stream", {**ABSENT, "log_group_name": "app"}),
        "log_stream_ids",
        "delete",
    ),
    "streams-transfer": (
        ("lts_log_stream", STREAMS),
        ("lts_log_transfer", {**PRESENT, **BUCKET, "log_group_name": "app"}),
        "log_stream_ids",
        "create",
    ),
    "transfer-delete": (
        (
            "lts_log_transfer",
            {
                **PRESENT,
                **BUCKET,
                "log_group_id": "11111111-aaaa-4000-8000-000000000001",
                "log_stream_ids": [stream("aaaa", 3)],
            },
        ),
        ("lts_log_transfer", ABSENT),
        "log_transfer_ids",
        "delete",
    ),
}
# What a real run could not do, or not yet.
PREDICTED = {
    **CHAINS,
    "order-captions": (
        ("cielo24_job", ORDER),
        ("cielo24_caption", {**FILES, "caption_format": "SRT"}),
        "job_ids",
        "download",
    ),
    "order-transcript": (("cielo24_job", ORDER), ("cielo24_transcript", FILES), "job_ids", "download"),
}


def items_of(result):
    return next(
        result[name] for name in ("jobs", "snapshots", "log_groups", "log_streams", "log_transfers") if name in result
    )


def play(chain, url, check):
    """(what the first task brought, the result of the second)."""
    first, then, option, _action = chain
    brought = run(first[0], MAKE[first[0][:3]](url, **first[1]), check=check)
    assert "failed" not in brought, brought
    ids = [item["id"] for item in items_of(brought)]
    given = {**then[1], option: ids if option.endswith("s") else ids[0]}
    return items_of(brought), run(then[0], MAKE[then[0][:3]](url, **given), check=check)


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_is_predicted_and_done(sandbox, tmp_path, monkeypatch, name, check):
    monkeypatch.chdir(tmp_path)
    sandbox.clock(tick=60)
    brought, result = play(CHAINS[name], sandbox.url, check)
    action = CHAINS[name][-1]
    assert "failed" not in result, result
    assert {item["action"] for item in items_of(result)} == {action}
    assert result["changed"] is (action != "none")
    if name in ("collect-see", "collect-extend", "collect-retry", "restore-see"):
        # Playbooks look at it.
        assert {item["status"] for item in items_of(result)} <= {"IN_PROGRESS", "SUCCESS", "in_progress", "ready"}
    ids = [value for item in [*brought, *items_of(result)] for name, value in item.items() if name in ("id", "JobId")]
    assert all(is_placeholder(each) for each in ids) is check
    if check:
        assert sandbox.acted() == 0


@pytest.mark.parametrize("name", sorted(set(PREDICTED) - set(CHAINS)))
def test_a_download_of_what_takes_hours_is_predicted(sandbox, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    _brought, result = play(PREDICTED[name], sandbox.url, check=True)
    assert "failed" not in result, result
    assert [(item["action"], item["changed"]) for item in items_of(result)] == [("download", True)]
    assert [file["dest"].startswith(str(tmp_path)) for file in items_of(result)[0]["files"]] == [True]


@pytest.mark.parametrize("module, more", [("cielo24_caption", {"caption_format": "SRT"}), ("cielo24_transcript", {})])
def test_a_download_by_an_external_id_is_predicted(sandbox, tmp_path, module, more):
    assert run("cielo24_job", accounts.cielo24(sandbox.url, **ORDER), check=True)["changed"] is True
    task = accounts.cielo24(sandbox.url, external_ids=ORDER["external_ids"], dest=str(tmp_path / "show"), **more)
    result = run(module, task, check=True)
    assert [(item["action"], item["changed"]) for item in result["jobs"]] == [("download", True)]
    assert result["jobs"][0]["files"][0]["dest"] == str(tmp_path / "show")


def test_new_items_have_ids_of_their_own_and_always_the_same(sandbox):
    task = accounts.lts(sandbox.url, **STREAMS)
    first, second = (run("lts_log_stream", task, check=True)["log_streams"] for _run in range(2))
    assert [item["log_stream_id"] for item in first] == [item["id"] for item in second]
    assert len({item["id"] for item in first}) == 2


@pytest.mark.parametrize(
    "name", ["collect-delete", "snapshot-restore", "group-streams", "streams-transfer", "order-delete"]
)
def test_what_check_mode_has_not_created_is_an_error_of_the_real_run(sandbox, name):
    first, then, option, _action = CHAINS[name]
    ids = [item["id"] for item in items_of(run(first[0], MAKE[first[0][:3]](sandbox.url, **first[1]), check=True))]
    sandbox.reset()
    given = {**then[1], option: ids if option.endswith("s") else ids[0]}
    result = run(then[0], MAKE[then[0][:3]](sandbox.url, **given))
    assert "is a placeholder id from check mode" in result["msg"]
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("module", "given", "key"),
    [
        ("log_collection_job_info", {"job_ids": ["to-be-created-" + "0" * 24, job("a1")]}, "jobs"),
        ("restore_job_info", {"job_ids": ["to-be-created-" + "0" * 24, job("b1")]}, "jobs"),
        ("snapshot_info", {"snapshot_ids": ["to-be-created-" + "0" * 24, job("e1")]}, "snapshots"),
        ("cielo24_job_info", {"job_ids": ["to-be-created-" + "0" * 24, caption("a1")]}, "jobs"),
        (
            "lts_log_stream_info",
            {"log_group_name": "app", "log_stream_ids": ["to-be-created-" + "0" * 24, stream("aaaa", 1)]},
            "log_streams",
        ),
    ],
)
def test_what_is_not_there_yet_is_listed_as_missing_with_a_warning(sandbox, module, given, key):
    result = run(module, MAKE[module[:3]](sandbox.url, **given), check=True)
    assert (len(result[key]), result["missing"]) == (1, ["to-be-created-" + "0" * 24])
    assert any("Check mode has not created all" in each for each in result["warnings"])


def test_a_group_that_is_not_there_yet_has_no_streams(sandbox):
    task = accounts.lts(sandbox.url, log_group_id="to-be-created-" + "0" * 24)
    result = run("lts_log_stream_info", task, check=True)
    assert result["log_streams"] == []
    assert any("Check mode has not created log group" in each for each in result["warnings"])


RUNNING = {
    "collection": ("log_collection_job_download", {**FILES, "job_ids": [job("a4")]}),
    "server collection": ("server_log_collection_job_download", {**FILES, "job_ids": [job("d4")]}),
    "restore": ("restore_job_download", {**FILES, "job_ids": [job("b1")]}),
    "snapshot": ("restore_job", {**PRESENT, "delivery_type": "download", "snapshot_id": job("e5")}),
    "captions": ("cielo24_caption", {**FILES, "caption_format": "SRT", "job_ids": [caption("a3")]}),
    "transcript": ("cielo24_transcript", {**FILES, "job_ids": [caption("a3")]}),
}


@pytest.mark.parametrize("name", RUNNING)
def test_what_is_still_running_counts_as_waited_for_in_check_mode_only(sandbox, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    module, given = RUNNING[name]
    task = MAKE[module[:3]](sandbox.url, **given)
    result = run(module, task, check=True)
    assert ("failed" in result, result["summary"]["changed"]) == (False, 1), result
    assert any("unless an earlier task waits for it" in each for each in result["warnings"])
    assert run(module, task)["failed"] is True


def test_what_is_forgotten_is_an_error_in_check_mode_too(sandbox):
    task = accounts.atlas(sandbox.url, state="present", delivery_type="download")
    for check in (True, False):
        assert "either snapshot_id or snapshot: latest" in run("restore_job", task, check=check)["msg"]
    assert sandbox.requests() == []


def test_the_latest_snapshot_of_a_cluster_without_any_is_one_to_come_in_check_mode_only(sandbox):
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    cluster = {"name": "blue", "type": "replica_set"}
    project = {"id": accounts.ATLAS_PROJECT, "name": "p", "family": "atlas", "clusters": [cluster]}
    sandbox.reset({"mongodb": {"keys": [key], "projects": [project]}})
    task = accounts.atlas(sandbox.url, state="present", delivery_type="download", snapshot="latest")
    predicted = run("restore_job", task, check=True)
    assert "failed" not in predicted
    assert predicted["jobs"][0]["action"] == "create"
    assert any("unless an earlier task takes one" in warning for warning in predicted["warnings"])
    assert "blue has no completed snapshot" in run("restore_job", task)["msg"]
    earlier = {**task, "before": "2026-01-01"}
    assert "blue has no completed snapshot from before" in run("restore_job", earlier, check=True)["msg"]


# How playbooks hand ids on: one, a list, and a text as a survey or a template makes it.
ONE, SOME, TEXT = "{{{{ {items}[0].id }}}}", "{{{{ {items} | map(attribute='id') }}}}", "{{{{ {items}[0].id }}}}\r\n"
FORMS = {
    "collect-delete": ONE,
    "collect-see": TEXT,
    "collect-fetch": SOME,
    "server-collect-fetch": SOME,
    "snapshot-restore": ONE,
    "restore-fetch": SOME,
    "order-captions": ONE,
    "group-streams": ONE,
    "streams-transfer": SOME,
}


@pytest.mark.parametrize("runner", RUNNERS)
def test_ids_are_handed_on_in_every_form(sandbox, tmp_path, runner):
    tasks = []
    for name, form in FORMS.items():
        (module, given), (next_module, next_given), option, _action = PREDICTED[name]
        key = {"sna": "snapshots", "lts": module[4:] + "s"}.get(module[:3], "jobs")
        ids = form.format(items=f"result_{len(tasks)}.{key}")
        tasks.append({"saasops.jobs." + module: MAKE[module[:3]](sandbox.url, **given)})
        tasks.append({"saasops.jobs." + next_module: MAKE[module[:3]](sandbox.url, **next_given, **{option: ids})})
    _done, results = Ansible(tmp_path, runner).playbook(tasks, "--check")
    for name, result in zip(FORMS, results[1::2]):
        assert not result.get("failed"), (name, result)
        assert {item["action"] for item in items_of(result)} == {PREDICTED[name][-1]}, (name, result)
    assert sandbox.acted() == 0
