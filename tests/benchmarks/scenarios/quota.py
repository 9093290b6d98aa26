# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(b) A thousand changes under a rate limit: how much of what the service allows is used."""

from __future__ import annotations

import math
import statistics
import time

import contestants
import plots
from contestants import IN_PROCESS_RUNNER
from measuring import Case, interleaved, median
from reporting import Goal, Section, seconds, table
from stage import Wrong

NAME = "quota"
COUNTER = "Ops Manager, counter"
BUCKET = "Atlas, token bucket"
_BURST = (
    "What is under way when the allowance turns out to be used up is refused at once. The task knows the documented "
    "limits, not those of this benchmark."
)


def measure(stage, plan):
    count, limit, turn = (100, 50, 2) if plan.quick else (1000, 500, 12)
    capacity = 30 if plan.quick else 300
    counter = {"rate_limits": True, "rate_seconds": turn, "minute_limit": limit}
    bucket = {"rate_limits": True, "rate_seconds": turn, "bucket_capacity": capacity, "bucket_refill": limit}
    cases = [
        _case(stage, COUNTER, counter, count, contestants.delete),
        _case(stage, BUCKET, bucket, count, contestants.cancel),
    ]
    return interleaved(stage, cases, plan.runs)


def _case(stage, name, variants, count, command):
    turn = variants["rate_seconds"]
    began = 0

    def prepare():
        nonlocal began
        # The clock starts with a turn of the counter, so that every run finds the same part of the first one left.
        began = int(time.time()) // turn * turn
        if name == COUNTER:
            stage.fill(jobs=count, now=began, **variants)
            return command(stage, stage.log_jobs(count), IN_PROCESS_RUNNER)
        stage.fill(restore_jobs=count, now=began, **variants)
        return command(stage, stage.restore_jobs(count), IN_PROCESS_RUNNER)

    def check(finished, requests):
        failed = count - sum(request["acted"] for request in requests)
        if (finished.returncode == 0) != (failed == 0):
            raise Wrong(f"ended with return code {finished.returncode}, but {failed} items failed")
        counted = [request for request in requests if request["status"] not in (401, 429)]
        return {
            "first": round(counted[0]["at"] - began, 4),
            "last": round(counted[-1]["at"] - began, 4),
            "counted": len(counted),
            "throttled": sum(request["status"] == 429 for request in requests),
            "failed": failed,
        }

    return Case(name, prepare, check, {"items": count, **variants})


def _efficiency(case, sample):
    """Percent: the time that a perfect client needs, of the time from the first to the last request."""
    return 100 * _ideal(case, sample) / (sample["last"] - sample["first"])


def _ideal(case, sample):
    """Seconds from the first request to the last, for a client that sends each as soon as the quota has room."""
    turn = case["rate_seconds"]
    if case["contestant"] == COUNTER:
        later_turns = math.ceil(sample["counted"] / case["minute_limit"]) - 1
        return (sample["first"] // turn + later_turns) * turn - sample["first"] if later_turns else 0.0
    return max(0, sample["counted"] - case["bucket_capacity"]) * turn / case["bucket_refill"]


def _limited(cases):
    """(case, median efficiency, percent of answers that are 429, most failed items of a run) of each limit."""
    for case in cases:
        samples = case["samples"]
        efficiency = statistics.median(_efficiency(case, sample) for sample in samples)
        throttled = statistics.median(100 * sample["throttled"] / sample["requests"] for sample in samples)
        yield case, efficiency, throttled, max(sample["failed"] for sample in samples)


def report(cases):
    rows, goals = [], []
    for case, efficiency, throttled, failed in _limited(cases):
        name, items = case["contestant"], case["items"]
        ideal = statistics.median(_ideal(case, sample) for sample in case["samples"])
        talking = statistics.median(sample["last"] - sample["first"] for sample in case["samples"])
        rows.append(
            [
                f"{name}: {_limit(case)}",
                items,
                seconds(median(case)),
                seconds(ideal),
                seconds(talking),
                f"{efficiency:.1f} %",
                f"{median(case, 'requests'):.0f}",
                f"{median(case, 'throttled'):.0f} ({throttled:.1f} %)",
                failed,
            ]
        )
        goals += [
            Goal(f"{name}: efficiency", efficiency, 95, at_most=False, unit=" %"),
            Goal(f"{name}: answers that are 429", throttled, 2, unit=" %", reason=_BURST),
            Goal(f"{name}: failed items", failed, 0),
        ]
    headers = ["limit", "items", "whole process", "ideal", "real", "efficiency", "requests", "429", "failed"]
    parts = [
        "One task (in-process runner) that deletes log collection jobs or cancels restore jobs, under the services' "
        "limits in fast motion.",
        "*Real* is the time from the first to the last request that the limit let through. *Ideal* is the same time "
        "for a perfect client: it starts at the same moment, needs no time for a request, knows the limit, and sends "
        "nothing beyond it. The counter starts anew at fixed moments, as in the sandbox, so the ideal last request "
        "goes out at the start of the last turn that is needed; the token bucket is full at first, so it goes out "
        "once the last token that is missing has come. *Efficiency* is ideal / real.",
        table(headers, rows),
    ]
    return Section("(b) Under a rate limit", parts, goals)


def _limit(case):
    if case["contestant"] == COUNTER:
        return f"{case['minute_limit']} in each {case['rate_seconds']} s"
    return f"{case['bucket_capacity']}, and {case['bucket_refill']} more in {case['rate_seconds']} s"


def plot(cases, file):
    panels = {}
    for case, _efficiency_of_all, _throttled, _failed in _limited(cases):
        panels[f"{case['contestant']}, seconds"] = {
            "perfect client": statistics.median(_ideal(case, sample) for sample in case["samples"]),
            IN_PROCESS_RUNNER: statistics.median(sample["last"] - sample["first"] for sample in case["samples"]),
        }
    plots.bars(file, panels)
