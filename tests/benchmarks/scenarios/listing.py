# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(d) Listing many jobs: time and memory, against curl that only fetches the pages."""

from __future__ import annotations

import json

import contestants
import plots
from contestants import CURL, EMPTY, IN_PROCESS_RUNNER, RUNNERS
from measuring import Case, interleaved, median, median_of, succeeded
from reporting import Goal, Section, seconds, table
from stage import Wrong

NAME = "listing"
PAGE = 500
FEW_FIELDS = f"{IN_PROCESS_RUNNER}, fields: [status]"
NEWEST = f"{IN_PROCESS_RUNNER}, sort_by and limit: 10"
COUNT = f"{IN_PROCESS_RUNNER}, limit: 0"
# What the tasks that need not carry everything are told.
OPTIONS = {
    FEW_FIELDS: {"fields": ["status"]},
    NEWEST: {"sort_by": "creationDate", "reverse": True, "limit": 10},
    COUNT: {"limit": 0},
}
MANY = 100_000
_REASONS = {
    IN_PROCESS_RUNNER: "Reading the answers is the smaller part. Ansible hands the result from one process to another, "
    "copies and cleans it, which takes longer the more it holds: name the fields that you need.",
    COUNT: "All pages have to be read to count what the filters leave: the time is that of reading JSON in Python, and "
    "of importing the libraries.",
}


def measure(stage, plan):
    cases = _cases(stage, 1000 if plan.quick else 10_000)
    measured = interleaved(stage, [*cases.values(), contestants.empty_case(stage)], plan.runs)
    if not plan.quick:
        many = _cases(stage, MANY)
        measured += interleaved(stage, [many[IN_PROCESS_RUNNER], many[NEWEST]], 1)
    return measured


def _cases(stage, jobs):
    """The cases by their contestants."""
    pages = jobs // PAGE

    def case(contestant, command, *arguments, check, **options):
        def prepare():
            stage.fill(jobs)
            return command(stage, *arguments, **options)

        return Case(contestant, prepare, check, {"jobs": jobs})

    def check_task(finished, requests):
        # The last request shows whether jobs have slipped between the pages.
        succeeded(finished, requests, status_200=pages + 1)

    def check_pages(finished, requests):
        succeeded(finished, requests, status_200=pages)
        listed = [json.loads(contestants.page_file(stage, number + 1).read_text()) for number in range(pages)]
        if sum(len(page["results"]) for page in listed) != jobs:
            raise Wrong("the pages do not hold all jobs")

    cases = [case(runner, contestants.list_jobs, runner, check=check_task) for runner in RUNNERS]
    for name, options in OPTIONS.items():
        cases.append(case(name, contestants.list_jobs, IN_PROCESS_RUNNER, check=check_task, **options))
    cases.append(case(CURL, contestants.list_by_curl, pages, PAGE, check=check_pages))
    return {each.contestant: each for each in cases}


def report(cases):
    jobs = cases[0]["jobs"]
    many = [case for case in cases if case.get("jobs") == MANY]
    cases = [case for case in cases if case not in many]
    floor = median_of(cases, CURL) + median_of(cases, EMPTY)
    rows = [
        [
            case["contestant"],
            seconds(median(case)),
            f"{median(case) / floor:.2f}",
            f"{median(case, 'requests'):.0f}",
            f"{median(case, 'peak_mib'):.0f} MiB",
        ]
        for case in cases
    ]
    rows += [
        [
            f"{case['contestant']}, {case['jobs']} jobs",
            seconds(median(case)),
            "",
            f"{median(case, 'requests'):.0f}",
            f"{median(case, 'peak_mib'):.0f} MiB",
        ]
        for case in many
    ]
    limits = {IN_PROCESS_RUNNER: 1.4, COUNT: 1.1}
    goals = [
        Goal(
            f"Listing {jobs} jobs, {name}: time / (curl + empty playbook)",
            median_of(cases, name) / floor,
            limit,
            reason=_REASONS[name],
        )
        for name, limit in limits.items()
    ]
    if many:
        peak = median_of(many, IN_PROCESS_RUNNER, "peak_mib")
        goals.append(
            Goal(
                f"Listing {MANY} jobs, {IN_PROCESS_RUNNER}: peak memory",
                peak,
                250,
                unit=" MiB",
                reason=_REASONS[IN_PROCESS_RUNNER],
            )
        )
    parts = [
        f"One task of `log_collection_job_info` that lists {jobs} jobs, against one curl that fetches the pages of "
        f"{PAGE} one after another into files. The result is not registered: what Ansible does with a large variable "
        f"comes on top, whoever made it. The memory is the maximum resident set of the largest process among "
        f"all that were started, as the kernel tells it (`wait4`) to a small helper that starts them "
        f"(`tests/benchmarks/watch.py`).",
        table(["", "time", "time / (curl + empty)", "requests", "peak memory"], rows),
    ]
    return Section("(d) Listing many jobs", parts, goals)


def plot(cases, file):
    cases = [case for case in cases if case.get("jobs") != MANY]
    panels = {
        "seconds": {case["contestant"]: median(case) for case in cases},
        "peak memory, MiB": {case["contestant"]: median(case, "peak_mib") for case in cases},
    }
    plots.bars(file, panels)
