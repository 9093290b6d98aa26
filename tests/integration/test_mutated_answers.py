# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers with one value changed: whatever a service says, a task ends soon, says why, and tells what it has changed.

A run takes a sample of all cells (task, answer, value, change), the same one each time. SAASOPS_FUZZ=all takes all of
them, which takes hours; SAASOPS_FUZZ=100 takes a hundredth, SAASOPS_FUZZ=3/100 another one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import zlib
from contextlib import contextmanager
from pathlib import Path

import accounts
import pytest
from accounts import caption, job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from mutating import MutatingServer, mutated, names, places
from running import HastyClock, SteeringClock, run
from scenarios import SCENARIOS, entries

# One cell of so many.
EVERY = 400
# Seconds of real time. Cells take hundredths.
LONGEST = 20
QUICKLY = {"retries": 1, "timeout": 10, "max_concurrency": 1}
UNCERTAIN = "not known"
# What is between two slashes of any path, or in a query that names a job.
WORD = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.:-]+")
BY_ID = re.compile(r"(job|snapshot|log_group|log_stream|log_transfer)_ids$")


class Task:
    """A module and its arguments.

    :param arguments: a function of (URL, folder).
    :param waits: whether it waits until something is done, which the sandbox's clock has to come to.
    :param variants: of the sandbox.
    """

    def __init__(self, name, module, arguments, waits=False, **variants):
        self.name = name
        self.module = module
        self.arguments = arguments
        self.waits = waits
        self.variants = variants

    def __repr__(self):
        return self.name


def other(name, module, account, waits=False, variants=None, **options):
    """A task that is in no scenario; `dest` is a folder to fetch something into."""

    def arguments(url, folder):
        return account(url, **options, **({"dest": f"{folder}/"} if name.startswith("fetch") else {}))

    return Task(name, module, arguments, waits, **(variants or {}))


def of_scenario(scenario):
    return Task(scenario.name, scenario.module, lambda url, _folder: scenario.arguments(url), **scenario.variants)


PRESENT = {"state": "present"}
LOGS = {**PRESENT, "resource_type": "REPLICASET", "resource_names": ["rsRed"], "log_types": ["MONGODB"]}
TASKS = [of_scenario(scenario) for scenario in SCENARIOS] + [
    other("list-log-jobs", "log_collection_job_info", accounts.log_collection, status=["FAILURE"], older_than="1h"),
    other("see-log-jobs", "log_collection_job_info", accounts.log_collection, job_ids=[job("a1"), job("ff")]),
    other(
        "list-server-logs", "server_log_collection_job_info", accounts.ops_manager, list_servers=True, older_than="1h"
    ),
    other("see-server-logs", "server_log_collection_job_info", accounts.ops_manager, job_ids=[job("d1"), job("ff")]),
    other("list-restore-jobs", "restore_job_info", accounts.atlas, created_before="2040-01-01"),
    other("list-restore-jobs-of-shards", "restore_job_info", accounts.atlas, cluster_name="green", newer_than="900d"),
    other("see-restore-jobs", "restore_job_info", accounts.atlas, job_ids=[job("b2"), job("b1")], reveal_urls=True),
    other("list-snapshots", "snapshot_info", accounts.atlas, older_than="1h"),
    other("list-snapshots-of-shards", "snapshot_info", accounts.atlas, cluster_name="green"),
    other("list-groups", "lts_log_group_info", accounts.lts, older_than="1h"),
    other("list-groups-signed-in", "lts_log_group_info", accounts.lts_user),
    other("list-groups-of-an-agency", "lts_log_group_info", accounts.lts_agency),
    other("list-streams", "lts_log_stream_info", accounts.lts, log_group_name="app", older_than="1h"),
    other("list-transfers", "lts_log_transfer_info", accounts.lts, log_group_name="audit"),
    other("list-captioning-jobs", "cielo24_job_info", accounts.cielo24, older_than="1h", fidelity=["PREMIUM"]),
    other("see-captioning-jobs", "cielo24_job_info", accounts.cielo24, job_ids=[caption("a4"), caption("ff")]),
    other("see-a-captioning-job-by-name", "cielo24_job_info", accounts.cielo24, external_id="show-1001"),
    other("statistics", "cielo24_statistics_info", accounts.academy, group_by="month", start_date="2026-01-01"),
    other("have-a-key", "cielo24_api_key", accounts.cielo24, **PRESENT, reveal_key=True),
    other("have-another-key", "cielo24_api_key", accounts.cielo24, **PRESENT, reveal_key=True, force_new=True),
    other("remove-a-key", "cielo24_api_key", accounts.cielo24, state="absent", known_key=accounts.CIELO24_KEY),
    other("fetch-captions", "cielo24_caption", accounts.cielo24, job_ids=[caption("a4")], caption_format="SRT"),
    other("fetch-transcripts", "cielo24_transcript", accounts.cielo24, job_ids=[caption("a4")]),
    other("fetch-logs", "log_collection_job_download", accounts.log_collection, job_ids=[job("a1")]),
    other("fetch-server-logs", "server_log_collection_job_download", accounts.ops_manager, job_ids=[job("d1")]),
    other("fetch-a-snapshot", "restore_job_download", accounts.atlas, job_ids=[job("b2")]),
    other("fetch-shards", "restore_job_download", accounts.atlas, cluster_name="green", job_ids=[job("c1")]),
    other(
        "restore-as-a-service-account",
        "restore_job",
        accounts.service_account,
        **PRESENT,
        delivery_type="download",
        snapshot_id=job("e3"),
    ),
    other(
        "collect-logs-and-wait",
        "log_collection_job",
        accounts.log_collection,
        **LOGS,
        waits=True,
        size_requested_per_file_bytes=1000,
        wait=True,
        wait_timeout=3600,
        wait_interval=600,
    ),
    other(
        "take-a-snapshot-and-wait",
        "snapshot",
        accounts.atlas,
        **PRESENT,
        waits=True,
        description="now",
        retention_in_days=7,
        wait=True,
        wait_timeout=7200,
        wait_interval=600,
    ),
    other(
        "prepare-a-download-and-wait",
        "restore_job",
        accounts.atlas,
        **PRESENT,
        waits=True,
        delivery_type="download",
        snapshot_id=job("e3"),
        wait=True,
        wait_timeout=7200,
        wait_interval=600,
    ),
]


class InstantClock(HastyClock):
    """Counts what it is asked to sleep, and does not."""

    def sleep(self, seconds):
        self.slept += seconds


class TooLong(BaseException):
    """No except block of the collection is for this."""


@contextmanager
def watchdog():
    def bark(*_details):
        raise TooLong

    before = signal.signal(signal.SIGALRM, bark)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Stage:
    """Where one task is run again and again.

    :param sandbox: the sandbox, reset.
    :param server: a MutatingServer before it.
    """

    def __init__(self, task, sandbox, server, folder):
        self.task, self.sandbox, self.server, self.folder = task, sandbox, server, Path(folder)
        self.arguments = {**task.arguments(server.url, folder), **QUICKLY}
        self._is_fresh = False
        self.prepare()
        self.before = sandbox.state()
        self.clean = self.perform()
        self.bodies = server.bodies
        assert "failed" not in self.clean, self.clean
        requests = sandbox.requests()
        self.sent = self._destructive(requests)
        # Some tasks cannot see whether they change anything.
        self.is_blind = self.clean["changed"] and not any(request["acted"] for request in requests)

    def prepare(self):
        if self._is_fresh:
            self.sandbox.forget_requests()
        else:
            self.sandbox.reset()
            self.sandbox.clock(frozen=True)
            if self.task.variants:
                self.sandbox.variants(**self.task.variants)
        self._is_fresh = False
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def perform(self):
        clock = SteeringClock(self.sandbox) if self.task.waits else InstantClock()
        self.context = TaskContext(clock=clock, diff_mode=True)
        with watchdog():
            return run(self.task.module, self.arguments, context=self.context)

    def cells(self):
        """(position of the answer, place in it, name of the change) of all that can be changed."""
        for position, body in enumerate(self.bodies):
            try:
                data = json.loads(body)
            except ValueError:
                data = None
            for place in places(data):
                for name in names(data, place):
                    yield position, place, name

    def faults(self, position, place, name):
        """What is wrong with the end of the task after that change, as sentences."""
        self.prepare()
        self.server.start(position, lambda body: mutated(body, place, name))
        try:
            result = self.perform()
        except TooLong:
            return ["it takes too long"]
        except Exception as error:
            return [f"it raises {error!r}"]
        return list(self._wrong(result))

    def _wrong(self, result):
        for defect in self.context.defects:
            yield "a defect: " + " / ".join(defect.strip().splitlines()[-3:])
        try:
            json.dumps(result, allow_nan=False, ensure_ascii=False).encode("utf-8")
        except ValueError as error:
            yield f"the result is no JSON: {error}"
        message = result.get("msg", "")
        if result.get("failed") and not message:
            yield "it fails without a word"
        for text in (message, *result["warnings"]):
            if not text.isprintable():
                yield f"it says {text[:200]!r}"
            if len(text) > 11_000:
                yield f"it says {len(text)} characters"
        requests = self.sandbox.requests()
        yield from self._wrong_about_changes(result, requests)
        yield from self._wrong_requests(requests)

    def _wrong_about_changes(self, result, requests):
        acted = any(request["acted"] for request in requests)
        is_other = not self.task.waits and _without_tokens(self.sandbox.state()) != _without_tokens(self.before)
        self._is_fresh = not (acted or is_other or self.task.waits)
        # A link that is used up by a download is none of the changes that are told of.
        is_changed = any(self.folder.iterdir()) if "dest" in self.arguments else acted or is_other
        if is_changed and not result["changed"]:
            yield "changed is false: " + result.get("msg", "")
        if result["changed"] and not is_changed and not self.is_blind and UNCERTAIN not in result.get("msg", ""):
            yield "changed is true: " + result.get("msg", "")
        if is_changed and self.task.module != "cielo24_api_key":
            try:
                told = len(entries(result))
            except StopIteration:
                yield "no item is told of"
                return
            asked = next((len(self.arguments[name]) for name in self.arguments if BY_ID.match(name)), 1)
            if told < asked:
                yield f"{told} of {asked} items are told of"

    def _wrong_requests(self, requests):
        for request in requests:
            words = [*request["path"].strip("/").split("/"), request["query"].get("job_id", "x")]
            if not all(map(WORD.fullmatch, words)):
                yield f"it sends {request['method']} {request['path'][:200]} {str(request['query'])[:200]}"
        if any(map(BY_ID.match, self.arguments)) and not self.arguments.get("delete_transfers"):
            for more in self._destructive(requests) - self.sent:
                yield f"it sends {more[:200]}, which was not asked for"

    @staticmethod
    def _destructive(requests):
        return {
            f"{request['method']} {_what(request)}"
            for request in requests
            if request["method"] in ("PUT", "PATCH", "DELETE") or "/job/del" in request["path"]
        }


def _what(request):
    """The id of what a request is about; there may be several documented paths to it."""
    named = (request["query"].get(name) for name in ("job_id", "log_transfer_id"))
    return next(filter(None, named), request["path"].removesuffix("/retry").rpartition("/")[2])


def _without_tokens(state):
    return {name: value for name, value in state.items() if name != "oauth"}


def is_chosen(task, cell):
    """Whether a cell belongs to the sample, see above."""
    wanted = os.environ.get("SAASOPS_FUZZ") or str(EVERY)
    if wanted == "all":
        return True
    rest, _slash, every = wanted.rpartition("/")
    return zlib.crc32(repr((task.name, cell)).encode()) % int(every) == int(rest or 0)


@pytest.mark.parametrize("task", TASKS, ids=repr)
def test_an_answer_with_one_value_changed_does_not_break_a_task(sandbox, tmp_path, task):
    with MutatingServer(sandbox.url) as server:
        stage = Stage(task, sandbox, server, tmp_path / "folder")
        wrong, count = {}, 0
        for cell in stage.cells():
            if is_chosen(task, cell):
                count += 1
                for fault in stage.faults(*cell):
                    wrong.setdefault(fault, []).append(cell)
    told = "\n".join(f"{fault}: {len(cells)} times, first {cells[0]}" for fault, cells in wrong.items())
    assert not wrong, f"{count} cells of {task}\n{told}"
