# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role restore_download decides: which job it fetches, which it cancels, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Job = Mapping[str, Any]


def earlier_downloads(found: Any, wanted: Any) -> list[str]:
    """The id of the newest download of the wanted snapshot that is over, see earlier_downloads.yml."""
    missing = [job for job in _jobs(wanted) if job["action"] == "create"]
    snapshots = {str(job.get("snapshotId")).lower() for job in missing}
    over = [job["id"] for job in _jobs(found) if str(job["snapshotId"]).lower() in snapshots and _is_over(job)]
    # An id begins with the time at which its job was started.
    return [max(over)] if over else []


def _is_over(job: Job) -> bool:
    """One that was fetched looks like one that is being prepared, but it expires."""
    return job["status"] == "expired" or bool(job.get("expiresAt"))


def download_progress(started: Any, kept: Any = None) -> dict[str, list[str]]:
    """Which job the role restore_download fetches, and which it has started, see download_progress.yml."""
    jobs = [*_complete(kept), *_jobs(started)]
    return {
        "job_ids": [job["id"] for job in jobs if job["id"]],
        "created_ids": [job["id"] for job in jobs if job["action"] == "create" and job["id"]],
    }


def download_report(started: Any, kept: Any, fetched: Any, cancelled: Any) -> dict[str, Any]:
    """The report of the role restore_download, see download_report.yml."""
    job: Job = next(iter([*_complete(kept), *_jobs(started)]), {})
    complete = [done for done in _jobs(fetched) if "error" not in done]
    return {
        "job_id": job.get("id"),
        "snapshot_id": job.get("snapshotId"),
        "started": bool(download_progress(started)["created_ids"]),
        "fetched": _paths(done for done in complete if done["action"] == "download"),
        "files": _paths(complete),
        "cancelled": any(done["changed"] and "error" not in done for done in _jobs(cancelled)),
    }


def _paths(jobs: Iterable[Job]) -> list[str]:
    return [file["dest"] for job in jobs for file in job["files"]]


def _jobs(result: Any) -> list[Job]:
    """The jobs of the result of a task; none if it did not run, or failed before it reached them."""
    return list(result.get("jobs", ())) if isinstance(result, Mapping) else []


def _complete(kept: Any) -> list[Job]:
    """The jobs whose archives need not be fetched."""
    return [job for job in _jobs(kept) if "error" not in job and job["action"] != "download"]


class FilterModule:
    """The decisions of the role restore_download."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "download_progress": download_progress,
            "download_report": download_report,
            "earlier_downloads": earlier_downloads,
        }
