# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.filter.collection_progress import collection_progress

NEW = {"id": "n", "action": "create", "status": "IN_PROGRESS", "resourceName": "rsBlue"}
USED = {"id": "u", "action": "none", "status": "IN_PROGRESS", "resourceName": "rsRed"}
FAILED = {"id": None, "action": "none", "error": {}, "status": "FAILURE", "resourceName": "nowhere"}


def started(*jobs):
    return {"results": [{"jobs": [job]} for job in jobs]}


def test_collection_progress_of_started_jobs_collects_from_all():
    progress = collection_progress(started(NEW, USED))
    assert (progress["jobs"], progress["ids"], progress["finished_ids"]) == ([NEW, USED], ["n", "u"], [])
    assert (progress["collecting"], progress["created_ids"]) == (["rsBlue", "rsRed"], ["n"])


def test_collection_progress_of_jobs_that_ended_has_them_as_they_were_seen_last():
    ended = {"jobs": [{"id": "n", "action": "none", "status": "SUCCESS"}, {"id": "u", "status": "IN_PROGRESS"}]}
    progress = collection_progress(started(NEW, USED), ended)
    assert progress["jobs"] == [{**NEW, "action": "none", "status": "SUCCESS"}, USED]
    assert (progress["finished_ids"], progress["collecting"]) == (["n"], ["rsRed"])
    # Whether a job is new is known from its start.
    assert (progress["created_ids"], progress["unneeded_ids"]) == (["n"], ["n"])


def test_collection_progress_with_delete_reused_needs_no_job_any_more():
    assert collection_progress(started(NEW, USED), {"skipped": True}, delete_reused=True)["unneeded_ids"] == ["n", "u"]


def test_collection_progress_of_a_job_for_two_resources_has_it_once():
    progress = collection_progress(started(NEW, NEW), {"jobs": [{"id": "n", "status": "SUCCESS"}]})
    assert (len(progress["jobs"]), progress["ids"], progress["created_ids"]) == (1, ["n"], ["n"])


def test_collection_progress_of_jobs_that_could_not_start_has_no_ids():
    progress = collection_progress(started(FAILED))
    assert (progress["ids"], progress["finished_ids"], progress["created_ids"]) == ([], [], [])


def test_collection_progress_without_results_is_empty():
    nothing = {"failed": True, "msg": "The loop could not be read."}
    for result in ("reserved", nothing, {"results": [nothing]}):
        assert collection_progress(result)["created_ids"] == []
