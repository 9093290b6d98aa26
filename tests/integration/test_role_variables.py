# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles do the same whatever extra variables, earlier runs and other roles have left in the names that they use.

Extra variables beat facts and registered results, and a workflow of AWX hands on what its jobs set as extra variables.
"""

from __future__ import annotations

import json
import re
import shutil

import accounts
import pytest
import role_accounts
import role_files
import yaml
from accounts import caption, job
from ansible_collections.saasops.jobs.plugins.plugin_utils._role_variables import RESERVED
from sandbox_process import ROOT

# {role: the names under which it hands results on}
FACTS = {
    "restore_download_sweep": ["restore_download_sweep_report"],
    "lts_retention": ["lts_retention_report"],
    "cielo24_purge": ["cielo24_purge_report"],
    "log_collection": ["log_collection_jobs", "log_collection_files"],
    "log_collection_sweep": ["log_collection_sweep_report"],
    "restore_download": ["restore_download_report"],
    "job_report": ["job_report_report"],
}
ROLES = list(FACTS)
LIMITED = {
    "lts_retention": "max_deletions",
    "cielo24_purge": "max_deletions",
    "log_collection_sweep": "max_deletions",
    "restore_download_sweep": "max_cancellations",
}
KINDS = ["nothing", "hostile"]
# A download that is ready, unless another role has cancelled it.
DOWNLOAD = {"cluster_name": "blue", "snapshot": job("e2")}
GROUPS = [{"log_group_name": "app", "keep": ["api"]}]


@pytest.fixture
def everything(sandbox, roles):
    """(role, variables) of each role, of which all but the last change something."""
    sandbox.clock(tick=30)
    resources = [{"resource_type": "REPLICASET", "resource_names": ["rsBlue"]}]
    logs = accounts.log_collection(sandbox.url, **role_accounts.SOON)
    variables = [
        role_accounts.atlas(sandbox.url, cluster_names=["blue", "green"]),
        accounts.lts(sandbox.url, groups=GROUPS),
        accounts.cielo24(sandbox.url, older_than="4d"),
        {**logs, "resources": resources, "dest": str(roles.home / "logs")},
        logs,
        role_accounts.atlas(sandbox.url, **DOWNLOAD, dest=str(roles.home / "logs"), **role_accounts.SOON),
        role_accounts.all_services(sandbox.url, dest=str(roles.home / "report"), cielo24_older_than="4d"),
    ]
    return list(zip(ROLES, variables))


def shown(run):
    """What the role printed as its report, without the times in names of files, and what it changed."""
    tasks = r"\nTASK \[saasops\.jobs\.\w+ : (?:Show the report|Fetch the archives)\] \*+\n(.*?)\n\n"
    report = re.findall(tasks, re.sub(r"-\d{8}T\d{4}Z-", "-TIME-", run.output), re.DOTALL)
    return (run.failure, run.changed, report)


def acted(sandbox):
    """The requests that changed something; what a task does at once has no order."""
    return sorted(f"{request['method']} {request['path']}" for request in sandbox.requests() if request["acted"])


def handed_on(kind):
    """Extra variables with the names under which roles hand results on.

    :param kind: one of KINDS: nothing in them, or ids of things that are there and must stay.
    """
    if kind == "nothing":
        return {name: {} for facts in FACTS.values() for name in facts}
    captioning_job, log_job, streams = caption("a2"), job("a4"), ["api", "nginx"]
    lists = {"planned": streams, "deleted": streams, "kept": [], "kept_for_transfers": [], "keep_unmatched": ["x"]}
    captions = {"planned": [captioning_job], "deleted": [captioning_job], "kept": [], "failed": []}
    return {
        "lts_retention_report": {"app": lists},
        "cielo24_purge_report": {**captions, "keep_unmatched": ["x"], "names": {captioning_job: "A"}},
        "log_collection_jobs": [{"id": log_job, "status": "SUCCESS", "action": "create", "resourceName": "rsBlue"}],
        "log_collection_files": ["/nowhere"],
        "log_collection_sweep_report": {
            "failed_before": [log_job],
            "recovered": [log_job],
            "still_failed": [log_job],
            "deleted": [],
        },
        "restore_download_sweep_report": {"blue": [job("b1")]},
        "restore_download_report": {"job_id": job("b1"), "files": ["/nowhere"], "started": True},
        "job_report_report": {"files": ["/nowhere"], "services": [], "errors": [], "would_delete": 99},
    }


def start_anew(sandbox, roles):
    sandbox.reset()
    sandbox.clock(frozen=True, tick=30)
    for folder in ("logs", "report"):
        shutil.rmtree(roles.home / folder, ignore_errors=True)


def test_roles_with_results_of_others_as_extra_variables_do_the_same(sandbox, roles, everything):
    def run(*arguments):
        start_anew(sandbox, roles)
        done = roles.run_all(everything, *arguments)
        return [shown(each) for each in done], acted(sandbox)

    clean = run()
    assert [failure for failure, _changed, _report in clean[0]] == [None] * len(ROLES)
    assert [len(report) for _failure, _changed, report in clean[0]] == [1] * len(ROLES)
    assert len(clean[1]) == 2 + 3 + 2 + 5 + 2 + 2
    for kind in KINDS:
        again = run("-e", json.dumps(handed_on(kind)))
        assert again[1] == clean[1], kind
        assert again[0] == clean[0], kind


def test_roles_with_results_of_others_as_extra_variables_keep_to_their_limits(sandbox, roles, everything):
    runs = [(role, {**variables, LIMITED[role]: 1}) for role, variables in everything if role in LIMITED]
    for run in roles.run_all(runs, "-e", json.dumps(handed_on("nothing"))):
        assert "Nothing was changed. They are: " in run.failure
    assert sandbox.acted() == 0


def test_roles_without_a_limit_delete_at_most_ten():
    for role, limit in LIMITED.items():
        defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
        assert defaults[f"{role}_{limit}"] == 10


@pytest.mark.parametrize("role", ROLES)
def test_tasks_of_a_role_read_back_only_private_variables_that_are_reserved_first(role):
    taken = role_files.tasks(role)[0]["ansible.builtin.set_fact"]
    own = role_files.names_set(role) - set(FACTS[role])
    assert own == {name for name, value in taken.items() if value == RESERVED}
    assert all(name.startswith(f"__{role}_") for name in own | role_files.loop_names(role))
    assert role_files.names_read(role) & set(FACTS[role]) == set()
    # Extra variables beat these, and facts do too.
    assert [task["name"] for task in role_files.tasks(role) if "vars" in task] == []
    assert not (ROOT / "roles" / role / "vars").exists()


def test_roles_with_private_variables_set_from_outside_name_them_and_send_nothing(sandbox, roles, everything):
    """As extra variables all at once, and some on their own as parameters, which beat facts in the same way."""
    private = {
        role: sorted(role_files.names_set(role) - set(FACTS[role]) | role_files.loop_names(role)) for role in ROLES
    }
    old = {"results": [{"jobs": [{"id": job("a4"), "action": "create"}], "log_streams": []}], "jobs": []}
    runs = [
        (role, {**variables, name: value})
        for (role, variables), one in zip(everything, ({}, [], "", None, old, 0))
        for name, value in ((private[role][0], one), (private[role][-1], old))
    ]
    for run, (role, variables) in zip(roles.run_all(runs), runs):
        assert run.failure.startswith(f"{list(variables)[-1]} must not be set by extra variables or parameters: "), role
        assert run.failure.endswith("Nothing was changed.")
    every = {name: old for names in private.values() for name in names}
    for run, names in zip(roles.run_all(everything, "-e", json.dumps(every)), private.values()):
        assert run.failure.startswith(f"{' and '.join(names)} must not be set by extra variables or parameters: ")
    assert sandbox.requests() == []


def test_roles_after_other_runs_report_only_their_own(sandbox, roles, everything):
    sandbox.clock(tick=0)
    (_atlas, downloads), (_lts, streams), (_cielo24, captions), _logs, (_sweep, logs), _archives, _report = everything
    runs = [
        ("log_collection_sweep", {**logs, "retries": 0, "older_than": "80h"}),
        ("log_collection_sweep", {**logs, "retries": 0, "delete": False}),
        ("lts_retention", {**streams, "groups": [{"log_group_name": "app", "keep": ["*"]}]}),
        ("lts_retention", {**streams, "max_deletions": 0}),
        ("lts_retention", {**streams, "groups": [{"log_group_name": "app", "delete": "nginx"}]}),
        ("cielo24_purge", {**captions, "keep": ["*"]}),
        ("cielo24_purge", {**captions, "older_than": "40d"}),
        ("cielo24_purge", {}),
        ("restore_download_sweep", {**downloads, "cluster_names": ["blue"]}),
        ("restore_download_sweep", {**downloads, "cluster_names": ["green"], "max_cancellations": 0}),
    ]
    sweep, kept_logs, kept, refused, nginx, kept_jobs, purged, invalid, blue, green = roles.run_all(runs)
    assert kept_logs.logs["deleted"] == [] != sweep.logs["deleted"]
    assert (kept.streams["app"]["planned"], kept.streams["app"]["deleted"]) == ([], [])
    assert (refused.streams["app"]["planned"], refused.streams["app"]["deleted"]) == (["nginx", "worker"], [])
    assert nginx.streams["app"]["deleted"] == ["nginx"]
    assert (len(kept_jobs.captions["kept"]), purged.captions["kept"], purged.captions["keep_unmatched"]) == (3, [], [])
    assert (len(purged.captions["deleted"]), invalid.captions["planned"], invalid.captions["deleted"]) == (1, [], [])
    assert (blue.downloads, green.downloads) == ({"blue": [job("b2")]}, {})


# --------------------------------------------------------------------------------------------- blank answers of surveys

BLANK = {
    "restore_download_sweep_older_than": "",
    "lts_retention_groups": [{"log_group_name": "app", "keep": ["api"], "older_than": ""}],
    "cielo24_purge_older_than": "",
    "log_collection_max_age": "",
    "log_collection_sweep_older_than": "",
    "restore_download_snapshot": "",
    "job_report_cielo24_older_than": "",
}


def test_roles_with_blank_answers_of_surveys_fail_and_send_nothing(sandbox, roles, everything):
    """As AWX hands them to Ansible. ansible-core 2.19 and newer read them as null."""
    answers = roles.home / "answers.yml"
    lines = [f"{name}: !unsafe ''" for name in BLANK if name != "lts_retention_groups"]
    lines.append("lts_retention_groups: [{log_group_name: app, keep: [api], older_than: !unsafe ''}]")
    answers.write_text("\n".join(lines), encoding="utf-8")
    for run, (role, _variables), name in zip(roles.run_all(everything, "-e", f"@{answers}"), everything, BLANK):
        assert (name if role != "lts_retention" else "older_than") + " must not be empty" in run.failure
        assert run.failure.endswith("Nothing was changed.")
    assert sandbox.requests() == []


EMPTY = [
    ("restore_download_sweep", "cluster_names", ""),
    ("restore_download_sweep", "cluster_names", []),
    ("restore_download_sweep", "older_than", None),
    ("restore_download_sweep", "older_than", "{{ nothing | default(omit) }}"),
    ("restore_download", "cluster_name", ""),
    ("restore_download", "snapshot", None),
    ("restore_download", "before", ""),
    ("log_collection_sweep", "older_than", None),
    ("log_collection_sweep", "delete_statuses", []),
    ("log_collection_sweep", "delete_statuses", None),
    ("log_collection", "log_types", []),
    ("log_collection", "log_from", None),
    ("log_collection", "resources", []),
    ("log_collection", "resources", [{"resource_type": "REPLICASET", "resource_names": ""}]),
    *((role, "project_id", "") for role in ROLES if role not in ("cielo24_purge", "job_report")),
    *((role, limit, value) for role, limit in LIMITED.items() for value in (None, "-1")),
    *(("lts_retention", name, "") for name in ("agency_name", "agency_domain_name", "delegated_project")),
    ("lts_retention", "groups", []),
    *(("job_report", name, "") for name in ("services", "formats", "atlas_cluster_names", "lts_groups")),
    ("job_report", "lts_project_id", None),
    ("lts_retention", "groups", [{"log_group_name": "", "keep": ["api"]}]),
]


def test_roles_with_empty_selectors_name_them_and_send_nothing(sandbox, roles, everything):
    runs = [(role, {**dict(everything)[role], name: value}) for role, name, value in EMPTY]
    for run, (role, name, value) in zip(roles.run_all(runs), EMPTY):
        assert f"{role}_{name}" in run.failure or "log_group_name must not be empty" in run.failure, (role, name, value)
    assert sandbox.requests() == []


# ----------------------------------------------------------------------------------------------------- lists as a text


def test_roles_with_texts_in_place_of_lists_split_them(sandbox, roles, everything):
    sandbox.clock(tick=0)
    variables = dict(everything)
    resources = [{"resource_type": "REPLICASET", "resource_names": "rsBlue\r\nrsRed"}]
    runs = [
        ("lts_retention", {"groups": [{"log_group_name": "app", "delete": "nginx, worker", "keep": "api\r\nworker"}]}),
        ("cielo24_purge", {"status": "Complete\r\nMedia Failure\n", "keep": "Weather\nBroken upload"}),
        ("cielo24_purge", {"status": "Complete, Reviewing", "keep": '["Smith, John", "Documentary"]'}),
        ("log_collection", {"resources": resources, "log_types": "FTDC, MONGODB"}),
        ("log_collection_sweep", {"delete_statuses": "SUCCESS, EXPIRED", "retries": 0}),
        ("log_collection_sweep", {"delete_statuses": "SUCCESSES", "retries": 0}),
        ("restore_download_sweep", {"cluster_names": "blue"}),
        ("restore_download_sweep", {"cluster_names": "blue\r\ngreen\r\n"}),
    ]
    runs = [(role, {**variables[role], **more, "check_mode": True}) for role, more in runs]
    streams, several, named, collected, deleted, unknown, one, two = roles.run_all(runs)
    assert streams.streams["app"]["planned"] == ["nginx"]
    assert (several.failure, several.captions["deleted"]) == (None, [caption("a4")])
    assert (named.failure, named.captions["deleted"]) == (None, [caption("a4")])
    assert [entry["resourceName"] for entry in collected.jobs] == ["rsBlue", "rsRed"]
    assert deleted.logs["deleted"] == [job("a1"), job("a6")]
    assert "unknown: SUCCESSES. There are" in unknown.failure
    assert (one.downloads, two.downloads) == ({"blue": [job("b2")]}, {"blue": [job("b2")], "green": [job("c1")]})
    assert sandbox.acted() == 0
