# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(d) Listing many jobs: time and memory, against curl that only fetches the pages."""

from __future__ import annotations

import json

import contestants
import plots
from contestants import CURL, EMPTY, RUNNERS
from measuring import Case, interleaved, median, median_of, succeeded
from reporting import Goal, Section, seconds, table
from stage import Wrong

NAME = "listing"
PAGE = 500


def measure(stage, plan):
    jobs = 1000 if plan.quick else 10_000
    pages = jobs // PAGE

    def case(contestant, command, *arguments, check):
        def prepare():
            stage.fill(jobs)
            return command(stage, *arguments)

        return Case(contestant, prepare, check, {"jobs": jobs})

    def check_task(finished, requests):
        succeeded(finished, requests, status_200=pages)

    def check_pages(finished, requests):
        succeeded(finished, requests, status_200=pages)
        listed = [json.loads(contestants.page_file(stage, number + 1).read_text()) for number in range(pages)]
        if sum(len(page["results"]) for page in listed) != jobs:
            raise Wrong("the pages do not hold all jobs")

    cases = [case(runner, contestants.list_jobs, runner, check=check_task) for runner in RUNNERS]
    cases.append(case(CURL, contestants.list_by_curl, pages, PAGE, check=check_pages))
    cases.append(contestants.empty_case(stage, jobs=jobs))
    return interleaved(stage, cases, plan.runs)


def report(cases):
    jobs = cases[0]["jobs"]
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
    goals = [
        Goal(f"Listing {jobs} jobs, {runner}: time / (curl + empty playbook)", median_of(cases, runner) / floor, 1.2)
        for runner in RUNNERS
    ]
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
    panels = {
        "seconds": {case["contestant"]: median(case) for case in cases},
        "peak memory, MiB": {case["contestant"]: median(case, "peak_mib") for case in cases},
    }
    plots.bars(file, panels)
