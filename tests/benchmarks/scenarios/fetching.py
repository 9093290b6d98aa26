# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""(f) Fetching a large archive: speed and memory, against curl that only writes it to a file."""

from __future__ import annotations

import contestants
import plots
from contestants import CURL, IN_PROCESS_RUNNER, RUNNERS
from measuring import Case, interleaved, median_of, succeeded
from reporting import Goal, Section, table
from stage import Wrong

NAME = "fetching"
NO_OP = "no-op, "
_UNPACKING = (
    "The task also unpacks the archive, to see whether it is whole, which keeps a core busy; the sandbox that sends it "
    "needs the other one. curl does not unpack it."
)
_WITHOUT_LIBRARY = "zlib, which is part of Python, unpacks no more than some 60 MB of such an archive in a second."
SLOWER = f"{IN_PROCESS_RUNNER} without isal"
# Libraries that unpack faster than Python's own.
FASTER_LIBRARIES = ("isal", "zlib_ng")
MEGABYTE = 1_000_000
GIGABIT = 117 * MEGABYTE
# Content, bytes of the archive, bytes per second that the sandbox sends at most (0: as fast as it can).
ARCHIVES = [("random", 2000 * MEGABYTE, 0), ("random", 2000 * MEGABYTE, GIGABIT), ("text", 500 * MEGABYTE, GIGABIT)]
WORDS = {"random": "diagnostic data (packed already)", "text": "log lines (packed to a tenth)"}


def measure(stage, plan):
    archives = [("random", 50 * MEGABYTE, 0), ("text", 5 * MEGABYTE, 0)] if plan.quick else ARCHIVES
    cases = [case for archive in archives for case in _cases(stage, *archive)]
    cases += [
        Case(NO_OP + runner, lambda runner=runner: _prepare_no_op(stage, runner), _check_no_op) for runner in RUNNERS
    ]
    return interleaved(stage, [*cases, contestants.empty_case(stage)], plan.runs)


def _cases(stage, content, size, rate):
    labels = {"content": content, "bytes": size, "rate": rate}

    def prepare(command, *arguments):
        contestants.archive_file(stage).unlink(missing_ok=True)
        stage.fill(1, archive_bytes=size, archive_content=content, download_rate=rate)
        return command(stage, *arguments)

    def check(finished, requests):
        succeeded(finished, requests)
        received = contestants.archive_file(stage).stat().st_size
        if not 0.95 * size < received < 1.05 * size:
            raise Wrong(f"the archive has {received} bytes instead of about {size}")

    yield Case(CURL, lambda: prepare(contestants.fetch_by_curl), check, labels)
    for runner in RUNNERS:
        yield Case(runner, lambda runner=runner: prepare(contestants.fetch, runner), check, labels)
    if content == "text":
        yield Case(SLOWER, lambda: prepare(_fetch_without_libraries), check, labels)


def _fetch_without_libraries(stage):
    command = contestants.fetch(stage, IN_PROCESS_RUNNER)
    return contestants.without_libraries(stage, command, *FASTER_LIBRARIES)


def _prepare_no_op(stage, runner):
    stage.fill()
    return contestants.no_op(stage, 1, runner)


def _check_no_op(finished, requests):
    succeeded(finished, requests, status_404=1)


def _speed(cases, contestant, labels):
    """Megabytes per second, without what Ansible takes to start."""
    runner = IN_PROCESS_RUNNER if contestant == SLOWER else contestant
    start = 0 if contestant == CURL else median_of(cases, NO_OP + runner)
    return labels["bytes"] / MEGABYTE / max(0.001, median_of(cases, contestant, **labels) - start)


def _kinds(cases):
    for case in cases:
        if case["contestant"] == CURL:
            yield {name: case[name] for name in ("content", "bytes", "rate")}


def _in_words(labels):
    network = f"at {labels['rate'] / MEGABYTE:.0f} MB/s" if labels["rate"] else "as fast as it goes"
    return f"{labels['bytes'] / MEGABYTE:.0f} MB of {WORDS[labels['content']]}, {network}"


def report(cases):
    rows, goals = [], []
    for labels in _kinds(cases):
        speeds = {name: _speed(cases, name, labels) for name in (CURL, *RUNNERS)}
        peaks = {runner: _memory(cases, runner, labels) for runner in RUNNERS}
        rows.append(
            [
                _in_words(labels),
                *(f"{speed:.0f} MB/s" for speed in speeds.values()),
                *(f"{speeds[runner] / speeds[CURL]:.2f}" for runner in RUNNERS),
                *(f"{peak:.0f} MiB" for peak in peaks.values()),
                f"{_speed(cases, SLOWER, labels):.0f} MB/s" if labels["content"] == "text" else "",
            ]
        )
        if labels["content"] == "text":
            what = f"{_in_words(labels)}, {SLOWER}: speed / curl"
            goals.append(
                Goal(what, _speed(cases, SLOWER, labels) / speeds[CURL], 0.75, at_most=False, reason=_WITHOUT_LIBRARY)
            )
        for runner in RUNNERS:
            goals.append(
                Goal(
                    f"{_in_words(labels)}, {runner}: speed / curl",
                    speeds[runner] / speeds[CURL],
                    0.9,
                    at_most=False,
                    reason=_UNPACKING,
                )
            )
            goals.append(
                Goal(f"{_in_words(labels)}, {runner}: memory above a no-op task", peaks[runner], 64, unit=" MiB")
            )
    heads = [
        "",
        CURL,
        *RUNNERS,
        *(f"{runner} / curl" for runner in RUNNERS),
        *(f"{runner}: memory" for runner in RUNNERS),
        SLOWER,
    ]
    parts = [
        "One task of `log_collection_job_download` that fetches one archive, against one curl that writes it to a "
        "file. The task also unpacks the archive in passing, to see whether it is whole: that is what its speed is "
        "limited by where a little archive holds many log lines, and curl does not do it. It is done with the library "
        "`isal`, which is used if it is installed, and without. What a task takes that does "
        "nothing is subtracted, and so is its memory; the sandbox, which sends the archive, runs on the same cores.",
        table(heads, rows),
    ]
    return Section("(f) Fetching a large archive", parts, goals)


def _memory(cases, runner, labels):
    return median_of(cases, runner, "peak_mib", **labels) - median_of(cases, NO_OP + runner, "peak_mib")


def plot(cases, file):
    panels = {
        f"MB/s: {labels['content']}{', 1 Gbit/s' if labels['rate'] else ''}": {
            name: _speed(cases, name, labels) for name in (CURL, *RUNNERS)
        }
        for labels in _kinds(cases)
    }
    plots.bars(file, panels)
