# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(g) A weak server: it handles four requests at a time, and does not say so."""

from __future__ import annotations

import statistics

import accounts
import contestants
import plots
from contestants import CURL, IN_PROCESS_RUNNER, RUNNERS
from measuring import Case, interleaved, median, median_of, succeeded
from reporting import Goal, Section, table

NAME = "weak"
PLACES = 4
LATENCY = 0.02
FIXED = f"{IN_PROCESS_RUNNER}, max_concurrency: {PLACES}"
TWO_TASKS = f"{IN_PROCESS_RUNNER}, two tasks at once"


def measure(stage, plan):
    jobs = 200 if plan.quick else 1000

    def case(contestant, command):
        def prepare():
            stage.fill(jobs, latency=LATENCY, concurrency=PLACES)
            return command(stage, stage.log_jobs(jobs))

        def check(finished, requests):
            succeeded(finished, requests, acted=jobs)
            deletions = [request for request in requests if request["acted"]]
            begun = [request["at"] for request in deletions]
            return {
                "talking": round(max(begun) - min(begun), 4),
                "latency_ms": round(1000 * statistics.median(request["seconds"] for request in deletions), 1),
            }

        return Case(contestant, prepare, check, {"jobs": jobs})

    cases = [
        case(FIXED, lambda stage, ids: contestants.delete(stage, ids, IN_PROCESS_RUNNER, max_concurrency=PLACES)),
        case(IN_PROCESS_RUNNER, lambda stage, ids: contestants.delete(stage, ids, IN_PROCESS_RUNNER)),
        case(TWO_TASKS, _delete_in_two_tasks),
        case(CURL, contestants.delete_by_curl),
    ]
    return interleaved(stage, cases, plan.runs)


def _delete_in_two_tasks(stage, ids):
    """Two hosts, each of which deletes half of the jobs at the same time as the other."""
    arguments = accounts.log_collection(stage.sandbox.url, job_ids="{{ halves[inventory_hostname] }}", state="absent")
    halves = {"one": ids[::2], "two": ids[1::2]}
    variables = {"halves": halves, "ansible_connection": "local", **RUNNERS[IN_PROCESS_RUNNER]}
    play = stage.play([{"saasops.jobs.log_collection_job": arguments}], "all", **variables)
    return ["ansible-playbook", "-i", "one,two,", play]


def _rate(case):
    """Deletions per second, from the first to the last."""
    return case["jobs"] / median(case, "talking")


def report(cases):
    rows = [
        [case["contestant"], f"{_rate(case):.0f}", f"{median(case, 'latency_ms'):.0f} ms", f"{median(case):.2f} s"]
        for case in cases
    ]
    rates = {case["contestant"]: _rate(case) for case in cases}
    goals = []
    for name in (IN_PROCESS_RUNNER, TWO_TASKS):
        what = f"A server of {PLACES}, {name.removeprefix(f'{IN_PROCESS_RUNNER}, ')}"
        goals.append(Goal(f"{what}: throughput / best fixed", rates[name] / rates[FIXED], 0.9, at_most=False))
    latency = median_of(cases, IN_PROCESS_RUNNER, "latency_ms") / median_of(cases, FIXED, "latency_ms")
    goals.append(Goal(f"A server of {PLACES}, {IN_PROCESS_RUNNER}: latency / that of best fixed", latency, 2.0))
    parts = [
        f"{cases[0]['jobs']} deletions from a server that works on {PLACES} requests at a time, each for "
        f"{1000 * LATENCY:.0f} ms, and lets all others wait: {PLACES / LATENCY:.0f} in a second at best. The best "
        f"fixed number of connections is {PLACES}. The task does not know that: it finds out by the latency, which is "
        "the median of what the server needed for a deletion, waiting included. curl, which is told to use 32 "
        "connections, keeps 28 requests waiting; it sends two for each deletion.",
        table(["client", "deletions / s", "latency", "whole process"], rows),
    ]
    return Section("(g) A weak server", parts, goals)


def plot(cases, file):
    panels = {
        "deletions per second": {case["contestant"]: _rate(case) for case in cases},
        "latency, ms": {case["contestant"]: median(case, "latency_ms") for case in cases},
    }
    plots.bars(file, panels)
