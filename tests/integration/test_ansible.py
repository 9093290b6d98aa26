# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only shows in a real Ansible process, through both runners that people use."""

from __future__ import annotations

import accounts
import pytest
from accounts import caption, job
from ansible_process import RUNNERS, Ansible
from scenarios import SCENARIOS

COLLECTION = "saasops.jobs."


@pytest.fixture(params=RUNNERS)
def ansible(tmp_path, request):
    return Ansible(tmp_path, request.param)


def shown(result):
    """A module's own part of a registered result."""
    own = ("changed", "jobs", "log_streams", "summary", "diff", "msg", "error")
    return {key: result[key] for key in own if key in result}


# One scenario per module and state: the others differ below the runner only.
ONE_EACH = ["delete-log-jobs", "retry-log-jobs", "cancel-restore-jobs-v2", "delete-log-streams-with-transfers"]
ONE_EACH += ["delete-captioning-jobs", "delete-server-log-jobs"]


def test_four_runs_of_every_module_in_a_playbook(sandbox, ansible):
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in ONE_EACH]
    tasks = []
    for scenario in scenarios:
        task = {COLLECTION + scenario.module: scenario.arguments(sandbox.url)}
        tasks += [{**task, "check_mode": check} for check in (True, False, False, True)]
    done, results = ansible.playbook(tasks)
    assert done.returncode == 0, done.stdout
    for number, scenario in enumerate(scenarios):
        predicted, real, again, check_again = (shown(result) for result in results[4 * number : 4 * number + 4])
        assert predicted["changed"] is True, scenario
        assert real == predicted, scenario
        assert again["changed"] is False, scenario
        assert check_again == again, scenario
    assert sandbox.acted() == sum(scenario.changes for scenario in scenarios)


def test_a_chain_of_tasks_is_predicted_as_it_comes(sandbox, ansible, tmp_path):
    """In check mode the jobs of the first task have ids that only stand for them."""
    log = accounts.log_collection(sandbox.url)
    collect = {"resource_type": "REPLICASET", "log_types": ["MONGODB"], "size_requested_per_file_bytes": "1MB"}
    ids = "{{ result_%d.jobs | map(attribute='id') }}"
    prepare = {"state": "present", "delivery_type": "download", "snapshot_id": job("e3")}
    following = {"wait": True, "wait_interval": 0.1}
    tasks = [
        {COLLECTION + "log_collection_job": {**log, **collect, "state": "present", "resource_names": ["r1", "r2"]}},
        {COLLECTION + "log_collection_job": {**log, **following, "state": "present", "job_ids": ids % 0}},
        {COLLECTION + "log_collection_job_download": {**log, "job_ids": ids % 0, "dest": f"{tmp_path}/logs/"}},
        {COLLECTION + "log_collection_job": {**log, "state": "absent", "job_ids": ids % 0}},
        {COLLECTION + "restore_job": accounts.atlas(sandbox.url, **prepare, **following)},
        {
            COLLECTION + "restore_job_download": accounts.atlas(
                sandbox.url, job_ids=ids % 4, dest=f"{tmp_path}/snapshot"
            )
        },
    ]
    _done, predicted = ansible.playbook(tasks, "--check")
    assert (sandbox.acted(), sorted(path.name for path in tmp_path.glob("[ls]*"))) == (0, [])
    sandbox.clock(tick=60)
    _done, real = ansible.playbook(tasks)
    for before, after in zip(predicted, real):
        assert not after.get("failed"), after
        assert (before["changed"], before["summary"]) == (after["changed"], after["summary"])
        assert [entry["action"] for entry in before["jobs"]] == [entry["action"] for entry in after["jobs"]]
        assert all(entry["id"].startswith("to-be-created-") for entry in before["jobs"])
    # Outside of check mode, an id that is empty is a mistake.
    _done, results = ansible.playbook(
        [{COLLECTION + "log_collection_job": {**log, "state": "absent", "job_ids": [""]}}]
    )
    assert "item 1 of job_ids is empty" in results[0]["msg"]


def test_a_playbook_in_check_and_diff_mode_shows_the_changes_and_makes_none(sandbox, ansible):
    tasks = [
        {COLLECTION + "log_collection_job": accounts.log_collection(sandbox.url, state="absent", job_ids=[job("a1")])},
        {COLLECTION + "cielo24_job": accounts.cielo24(sandbox.url, state="absent", job_ids=[caption("a4")])},
    ]
    before = sandbox.state()
    done, results = ansible.playbook(tasks, "--check", "--diff")
    assert [result["changed"] for result in results] == [True, True]
    assert sandbox.state() == before
    assert "Morning news" in done.stdout
    assert '-    "66f1c0de00000000000000a1": {' in done.stdout


def test_a_bare_string_is_a_list_of_one(sandbox, ansible):
    arguments = accounts.cielo24(sandbox.url, state="absent", job_ids=caption("a1"))
    _done, results = ansible.playbook([{COLLECTION + "cielo24_job": arguments}])
    assert results[0]["summary"]["changed"] == 1


@pytest.mark.parametrize("group", ["all", "mongodb"])
def test_module_defaults_of_a_group_hold_for_its_modules(sandbox, ansible, group):
    connection = accounts.log_collection(sandbox.url)
    # What the other modules of the group do not know must not be among the defaults of all of them.
    task = {COLLECTION + "log_collection_job_info": {"project_id": connection.pop("project_id")}}
    if group == "all":
        connection = {"timeout": 7}
        task = {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url)}
    play = {"module_defaults": {f"group/{COLLECTION}{group}": connection}}
    _done, results = ansible.playbook([task], play=play)
    assert results[0]["total"] == 6


def test_the_project_among_the_defaults_of_mongodb_is_none_of_the_modules_of_ops_manager_itself(sandbox, ansible):
    groups = {"mongodb": accounts.log_collection(sandbox.url), "ops_manager": accounts.ops_manager(sandbox.url)}
    play = {"module_defaults": {f"group/{COLLECTION}{group}": given for group, given in groups.items()}}
    tasks = [{COLLECTION + "log_collection_job_info": {}}, {COLLECTION + "server_log_collection_job_info": {}}]
    _done, results = ansible.playbook(tasks, play=play)
    assert [result["total"] for result in results] == [6, 6]


def test_filters_feed_the_changing_modules(sandbox, ansible):
    tasks = [
        {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url, older_than="29d")},
        {
            COLLECTION + "log_collection_job": accounts.log_collection(
                sandbox.url, job_ids="{{ result_0.jobs | map(attribute='id') }}", state="absent"
            )
        },
        {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url, older_than="29d")},
        {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url)},
    ]
    _done, results = ansible.playbook(tasks)
    assert [entry["id"] for entry in results[0]["jobs"]] == [job("a1"), job("a5"), job("a6")]
    assert results[1]["summary"] == {"requested": 3, "changed": 3, "unchanged": 0, "failed": 0}
    assert results[2]["jobs"] == []
    assert results[3]["total"] == 3


def test_partial_failure_reports_every_item(sandbox, ansible):
    arguments = accounts.log_collection(sandbox.url, state="retried", job_ids=[job("a5"), job("a2"), job("ff")])
    done, results = ansible.playbook([{COLLECTION + "log_collection_job": arguments}])
    result = results[0]
    assert result["failed"] is True
    assert result["changed"] is True
    assert [entry["action"] for entry in result["jobs"]] == ["none", "retry", "none"]
    assert result["msg"] in done.stdout + done.stderr or result["msg"][:60] in done.stdout + done.stderr
    assert sandbox.acted() == 1


def test_missing_library_is_named_with_the_interpreter(sandbox, ansible, tmp_path):
    (tmp_path / "shadow" / "requests").mkdir(parents=True)
    (tmp_path / "shadow" / "requests" / "__init__.py").write_text("raise ImportError('no requests here')\n")
    arguments = accounts.cielo24(sandbox.url, state="absent", job_ids=[caption("a1")])
    _done, results = ansible.playbook([{COLLECTION + "cielo24_job": arguments}], PYTHONPATH=str(tmp_path / "shadow"))
    assert "requests" in results[0]["msg"]
    assert ansible.environment["ANSIBLE_PYTHON_INTERPRETER"] in results[0]["msg"]


def test_a_thousand_jobs_in_one_task_are_deleted_with_one_request_each(sandbox, ansible):
    bulk = {"count": 1000, "id_prefix": "66f1c0de00000000001", "status": "SUCCESS", "age": "45d"}
    key = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": [bulk]}
    sandbox.reset({"mongodb": {"keys": [key], "projects": [project]}})
    tasks = [
        {COLLECTION + "log_collection_job_info": accounts.log_collection(sandbox.url)},
        {
            COLLECTION + "log_collection_job": accounts.log_collection(
                sandbox.url, job_ids="{{ result_0.jobs | map(attribute='id') }}", state="absent"
            )
        },
    ]
    _done, results = ansible.playbook(tasks)
    assert results[1]["summary"]["changed"] == 1000
    assert sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"] == {}
    # Two pages, twice, with a challenge each; whether a job has slipped between those that list all; and one request
    # for each deletion.
    assert len(sandbox.requests()) == 2 * (1 + 2) + 1 + 1000
