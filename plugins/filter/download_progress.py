# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role restore_download decides: which job it fetches, which it cancels, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results

Job = Mapping[str, Any]


def earlier_downloads(found: Any, wanted: Any) -> list[str]:
    """The ids of the downloads of the wanted snapshot that are over, see earlier_downloads.yml."""
    missing = [job for job in _loop_results.jobs(wanted) if job["action"] == "create"]
    snapshots = {str(job.get("snapshotId")).lower() for job in missing}
    over = [job for job in _loop_results.jobs(found) if job["status"] == "expired" or _loop_results.was_fetched(job)]
    # An id begins with the time at which its job was started.
    return sorted((job["id"] for job in over if str(job.get("snapshotId", "")).lower() in snapshots), reverse=True)


def download_progress(started: Any, kept: Any = None) -> dict[str, list[str]]:
    """Which job the role restore_download fetches, and which it has started, see download_progress.yml."""
    jobs = [*_complete(kept)[:1], *_loop_results.jobs(started)]
    return {
        "job_ids": [job["id"] for job in jobs if job["id"]],
        "created_ids": [job["id"] for job in jobs if job["action"] == "create" and job["id"]],
    }


def download_report(started: Any, kept: Any, fetched: Any, cancelled: Any) -> dict[str, Any]:
    """The report of the role restore_download, see download_report.yml."""
    job: Job = next(iter([*_complete(kept), *_loop_results.jobs(started)]), {})
    complete = [done for done in _loop_results.jobs(fetched) if "error" not in done]
    return {
        "job_id": job.get("id"),
        "snapshot_id": job.get("snapshotId"),
        "started": bool(download_progress(started)["created_ids"]),
        "fetched": _paths(done for done in complete if done["action"] == "download"),
        "files": _paths(complete),
        "cancelled": any(done["changed"] and "error" not in done for done in _loop_results.jobs(cancelled)),
    }


def _paths(jobs: Iterable[Job]) -> list[str]:
    return [file["dest"] for job in jobs for file in job["files"]]


def _complete(kept: Any) -> list[Job]:
    """The jobs whose archives need not be fetched."""
    return [job for job in _loop_results.jobs(kept) if "error" not in job and job["action"] != "download"]


class FilterModule:
    """The decisions of the role restore_download."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "download_progress": download_progress,
            "download_report": download_report,
            "earlier_downloads": earlier_downloads,
        }
