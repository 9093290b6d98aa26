# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs cases in turn, checks each run, and makes medians of them."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass, field
from typing import Callable

from stage import Wrong


@dataclass(frozen=True)
class Plan:
    """How much is measured: few runs of small sizes (quick), or also what takes a quarter of an hour (full)."""

    runs: int
    quick: bool = False
    full: bool = False


@dataclass(frozen=True)
class Case:
    """Something to measure.

    :param contestant: what is measured, as tables name it.
    :param prepare: fills the sandbox and returns the command; its time does not count.
    :param check: a function of (Finished, requests that the sandbox saw); returns further numbers of the run.
    :param labels: what tells this case from others of the same contestant.
    :param most_runs: fewer runs than the plan wants, for what is slow.
    """

    contestant: str
    prepare: Callable
    check: Callable
    labels: dict = field(default_factory=dict)
    most_runs: int = sys.maxsize


def interleaved(stage, cases, runs):
    """Runs the cases in turn (A, B, C, A, B, C, ...), so that a busy spell of the machine hits all of them.

    :returns: for each case a dict of contestant, labels and `samples`.
    """
    measured = [{"contestant": case.contestant, **case.labels, "samples": []} for case in cases]
    for number in range(runs):
        for case, entry in zip(cases, measured):
            if number < case.most_runs:
                entry["samples"].append(_run(stage, case))
                _tell(case, entry, min(runs, case.most_runs))
    return measured


def _run(stage, case):
    finished = stage.run(case.prepare())
    requests = stage.sandbox.requests()
    try:
        more = case.check(finished, requests) or {}
    except Wrong as wrong:
        raise Wrong(f"{case.contestant} {case.labels}: {wrong}\n{finished.output[-2000:]}") from None
    return {
        "seconds": round(finished.seconds, 4),
        "cpu_seconds": round(finished.cpu_seconds, 4),
        "peak_mib": round(finished.peak_mib, 1),
        "requests": len(requests),
        **more,
    }


def _tell(case, entry, runs):
    labels = ", ".join(f"{name} {value}" for name, value in case.labels.items())
    seconds = entry["samples"][-1]["seconds"]
    print(
        f"{case.contestant} ({labels}): run {len(entry['samples'])} of {runs}: {seconds:.2f} s",
        file=sys.stderr,
        flush=True,
    )


def succeeded(finished, requests, acted=0, **answers):
    """Raises Wrong unless the process ended well, and the sandbox saw as many requests that act as expected.

    :param answers: how many answers had a status, as status_404=1.
    """
    if finished.returncode != 0:
        raise Wrong(f"ended with return code {finished.returncode}")
    seen = {"acted": sum(request["acted"] for request in requests)}
    for name in answers:
        seen[name] = sum(f"status_{request['status']}" == name for request in requests)
    wanted = {"acted": acted, **answers}
    if seen != wanted:
        raise Wrong(f"the sandbox saw {seen}, expected were {wanted}")


def pick(cases, contestant, **labels):
    """The case of a contestant with these labels, or None."""
    wanted = {"contestant": contestant, **labels}
    return next((case for case in cases if wanted.items() <= case.items()), None)


def values(cases, name):
    """The different values that a label has, sorted."""
    return sorted({case[name] for case in cases if name in case})


def median(case, name="seconds"):
    return statistics.median(sample[name] for sample in case["samples"])


def median_of(cases, contestant, name="seconds", **labels):
    """The median of a case that is known to be there."""
    return median(pick(cases, contestant, **labels), name)
