# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results

Job = Mapping[str, Any]


def collection_progress(started: Any, ended: Any = None, delete_reused: bool = False) -> dict[str, Any]:
    """The progress of the jobs of the role log_collection, see collection_progress.yml."""
    jobs: list[Job] = [job for result in _loop_results.results(started) for job in result.get("jobs", ())]
    created_ids = _ids(job for job in jobs if job["action"] == "create")
    if isinstance(ended, Mapping) and "jobs" in ended:
        jobs = _unique({**job, **_last_seen(job, ended["jobs"])} for job in jobs)
    return {
        "jobs": jobs,
        "ids": _ids(jobs),
        "finished_ids": _ids(job for job in jobs if not _is_collecting(job)),
        "collecting": [job.get("resourceName") for job in jobs if _is_collecting(job)],
        "created_ids": created_ids,
        "unneeded_ids": _ids(jobs) if delete_reused else created_ids,
    }


def _ids(jobs: Iterable[Job]) -> list[str]:
    """The ids of those that have one, each once."""
    return list(dict.fromkeys(job["id"] for job in jobs if job["id"]))


def _last_seen(job: Job, ended: Iterable[Job]) -> Job:
    return next((other for other in ended if other["id"] == job["id"]), {})


def _unique(jobs: Iterable[Job]) -> list[Job]:
    unique: list[Job] = []
    for job in jobs:
        if job not in unique:
            unique.append(job)
    return unique


def _is_collecting(job: Job) -> bool:
    return job.get("status") == "IN_PROGRESS"


class FilterModule:
    """What the role log_collection waits for, fetches and deletes."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"collection_progress": collection_progress}
