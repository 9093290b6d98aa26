# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import download_progress as filters

CREATED = {"id": "n", "action": "create", "changed": True, "snapshotId": "AB"}
USED = {"id": "u", "action": "none", "changed": False, "snapshotId": "AB"}
NOT_CREATED = {"id": None, "action": "create", "changed": False, "snapshotId": "AB", "error": {}}
NOTHING = ["reserved", None, {"skipped": True}, {"failed": True, "msg": "No access."}]


def result(*jobs):
    return {"jobs": list(jobs)}


def archive(action, **more):
    return {"id": "k", "action": action, "snapshotId": "AB", "files": [{"dest": "/a"}, {"dest": "/b"}], **more}


def over(job_id, snapshot="ab", **more):
    return {"id": job_id, "snapshotId": snapshot, "status": "expired", **more}


def test_earlier_downloads_of_a_snapshot_are_those_that_are_over_with_the_newest_first():
    end = {"expiresAt": "2026-03-01T00:00:00Z"}
    fetched, ready = over("3", status="in_progress", **end), over("6", status="ready", **end)
    found = result(over("1"), fetched, over("2"), over("4", "cd"), over("5", status="in_progress"), ready)
    assert filters.earlier_downloads(found, result(CREATED)) == ["3", "2", "1"]


def test_earlier_downloads_leave_out_a_job_that_does_not_show_its_snapshot():
    unnamed = {"id": "2", "status": "expired"}
    assert filters.earlier_downloads(result(over("1"), unnamed), result(CREATED)) == ["1"]
    without_snapshot = {name: value for name, value in CREATED.items() if name != "snapshotId"}
    assert filters.earlier_downloads(result(unnamed), result(without_snapshot)) == []


@pytest.mark.parametrize("wanted", [*NOTHING, result(USED)])
def test_earlier_downloads_are_none_unless_a_download_would_be_started(wanted):
    assert filters.earlier_downloads(result(over("1")), wanted) == []


@pytest.mark.parametrize("found", NOTHING)
def test_earlier_downloads_of_a_list_that_failed_are_none(found):
    assert filters.earlier_downloads(found, result(CREATED)) == []


@pytest.mark.parametrize("action", ["none", "set_mode"])
def test_download_progress_with_an_archive_that_is_there_uses_its_job(action):
    progress = filters.download_progress({"skipped": True}, result(archive(action)))
    assert progress == {"job_ids": ["k"], "created_ids": []}


def test_download_progress_with_several_archives_that_are_there_uses_the_newest():
    kept = result(archive("download"), archive("none", id="a"), archive("none", id="b"))
    assert filters.download_progress({"skipped": True}, kept)["job_ids"] == ["a"]


@pytest.mark.parametrize("kept", [*NOTHING, result(archive("download")), result(archive("none", error={}))])
def test_download_progress_without_such_an_archive_uses_the_started_job(kept):
    assert filters.download_progress(None, kept)["job_ids"] == []
    assert filters.download_progress(result(CREATED), kept) == {"job_ids": ["n"], "created_ids": ["n"]}
    assert filters.download_progress(result(USED), kept) == {"job_ids": ["u"], "created_ids": []}


@pytest.mark.parametrize("started", [*NOTHING, result(NOT_CREATED)])
def test_download_progress_of_a_job_that_could_not_start_has_no_ids(started):
    assert filters.download_progress(started) == {"job_ids": [], "created_ids": []}


def test_download_report_of_a_fetched_job_lists_its_files():
    report = filters.download_report(result(CREATED), None, result(archive("download")), {"skipped": True})
    expected = {"job_id": "n", "snapshot_id": "AB", "started": True, "cancelled": False}
    assert report == {**expected, "fetched": ["/a", "/b"], "files": ["/a", "/b"]}


def test_download_report_of_an_archive_that_was_there_has_fetched_nothing():
    report = filters.download_report({"skipped": True}, result(archive("none")), result(archive("none")), None)
    expected = {"job_id": "k", "snapshot_id": "AB", "started": False, "cancelled": False}
    assert report == {**expected, "fetched": [], "files": ["/a", "/b"]}


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_download_report_of_a_fetch_that_failed_tells_whether_the_job_was_cancelled(is_cancelled):
    cancelled = {"id": "n", "changed": is_cancelled, "action": "cancel"}
    report = filters.download_report(result(CREATED), None, result(archive("none", error={})), result(cancelled))
    assert (report["files"], report["fetched"], report["cancelled"]) == ([], [], is_cancelled)


@pytest.mark.parametrize("missing", NOTHING)
def test_download_report_without_results_is_empty(missing):
    empty = {"job_id": None, "snapshot_id": None, "started": False, "fetched": [], "files": [], "cancelled": False}
    assert filters.download_report(missing, missing, missing, missing) == empty
