# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(h) Many projects: a play over hosts of the inventory plugin, a loop in one host, and a process for each."""

from __future__ import annotations

import json
import shlex

import accounts
import contestants
import plots
from contestants import EMPTY
from measuring import Case, interleaved, median, median_of, pick, succeeded, values
from reporting import Goal, Section, rounded, seconds, table

NAME = "projects"
JOBS = 100
FORKS = 5
PLAY = "one play"
SLICES = "two slices at once"
LOOP = "loop in one host"
PROCESSES = "a process for each"
_MACHINE = (
    "Most of the time is the CPU of 20,000 deletions. It depends on how fast a core is at the moment: the goal is "
    "meant for one that does a million additions in 45 ms."
)
# A process for each project is measured for so many projects, two at a time.
FEW = 10


def measure(stage, plan):
    measured = []
    for count in (10, 20) if plan.quick else (50, 100, 200):
        cases = [
            _case(stage, PLAY, _play, count),
            _case(stage, SLICES, _slices, count),
            _case(stage, LOOP, _loop, count),
            contestants.empty_case(stage, projects=count),
        ]
        # What takes minutes is measured once.
        measured += interleaved(stage, cases, min(plan.runs, 3) if count < 200 else 1)
    return measured + interleaved(stage, [_case(stage, PROCESSES, _processes, FEW)], min(plan.runs, 3))


def _case(stage, contestant, command, count):
    def prepare():
        stage.fill_projects(count, JOBS)
        return command(stage, count)

    def check(finished, requests):
        succeeded(finished, requests, acted=count * JOBS)

    return Case(contestant, prepare, check, {"projects": count})


def _sweep(stage, project, listed="old.jobs"):
    """The two tasks that delete the old jobs of a project."""
    connection = accounts.log_collection(stage.sandbox.url, project_id=project)
    find = {**connection, "older_than": "30d", "fields": ["status"]}
    ids = f"{{{{ {listed} | map(attribute='id') }}}}"
    return [
        {"saasops.jobs.log_collection_job_info": find, "register": "old"},
        {"saasops.jobs.log_collection_job": {**connection, "state": "absent", "job_ids": ids}},
    ]


def _inventory(stage):
    connection = accounts.log_collection(stage.sandbox.url)
    del connection["project_id"]
    file = stage.home / "projects.saasops_jobs.yml"
    file.write_text(json.dumps({"plugin": "saasops.jobs.projects", "service": "log_collection", **connection}))
    return str(file)


def _play(stage, _count, *options):
    play = stage.play(_sweep(stage, "{{ project_id }}"), "all")
    return ["ansible-playbook", "--forks", str(FORKS), "-i", _inventory(stage), *options, play]


def _slices(stage, count):
    """What AWX does with a job template of two slices: two processes, each with every second host."""
    hosts = [f"project-{number:04}" for number in range(count)]
    commands = [shlex.join(_play(stage, count, "--limit", ",".join(hosts[start::2]))) for start in (0, 1)]
    return ["sh", "-c", f"{commands[0]} & {commands[1]} && wait $!"]


def _loop(stage, count):
    projects = [f"66f1c0df{number:016x}" for number in range(count)]
    find, remove = _sweep(stage, "{{ item }}", listed="old.results[number].jobs")
    index = {"loop_control": {"index_var": "number", "label": ""}}
    return stage.playbook([{**find, "loop": projects}, {**remove, "loop": projects, **index}])


def _processes(stage, count):
    play = stage.play(_sweep(stage, "{{ project }}"))
    projects = " ".join(f"66f1c0df{number:016x}" for number in range(count))
    each = f"ansible-playbook -e project={{}} {shlex.quote(play)}"
    return ["sh", "-c", f"printf '%s\\n' {projects} | xargs -P 2 -I {{}} {each}"]


def report(cases):
    rows = []
    for case in cases:
        if case["contestant"] == EMPTY:
            continue
        time, cpu, peak = (median(case, name) for name in ("seconds", "cpu_seconds", "peak_mib"))
        count = case["projects"]
        each = [f"{1000 * number / count:.0f} ms" for number in (time, cpu)]
        rows.append([case["contestant"], count, seconds(time), *each, f"{peak:.0f} MiB"])
    counts = values([case for case in cases if case["contestant"] == PLAY], "projects")
    least, most = counts[0], counts[-1]
    time = median_of(cases, PLAY, projects=most)
    growth = _each(cases, most) / _each(cases, least)
    goals = [Goal(f"Cost of a project in one play, {most} / {least} projects", growth, 1.2)]
    if most == 200:
        goals.append(Goal(f"{most} projects with {JOBS} jobs each, in one play", time, 60, unit=" s", reason=_MACHINE))
    alone = median_of(cases, PROCESSES, projects=FEW) / FEW
    parts = [
        f"Deleting the {JOBS} old jobs of each of many projects: two tasks, `log_collection_job_info` and "
        f"`log_collection_job`. The play has a host for each project, from the inventory plugin, and {FORKS} forks; "
        "the inventory, which counts the jobs of each project, is part of its time. The loop has the same tasks with a "
        "`loop`. Two slices are two such plays at the same time, each with half of the hosts, as AWX runs a sliced "
        f"job. A process for each project, two at a time, is measured for {FEW} projects; {most} would take "
        f"{seconds(alone * most)}, which is {rounded(alone * most / time)} times as long as the play.",
        table(["", "projects", "time", "time / project", "CPU / project", "peak memory"], rows),
    ]
    return Section("(h) Many projects", parts, goals)


def _each(cases, count):
    return (median_of(cases, PLAY, projects=count) - median_of(cases, EMPTY, projects=count)) / count


def plot(cases, file):
    curves = {}
    for name in (PLAY, SLICES, LOOP):
        counts = [count for count in values(cases, "projects") if pick(cases, name, projects=count)]
        curves[name] = (counts, [median_of(cases, name, projects=count) for count in counts])
    plots.lines(file, {f"{JOBS} jobs each": curves}, "projects", "seconds")
