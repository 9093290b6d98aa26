# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role log_collection_sweep decides: which jobs are retried and deleted, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results
from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited


def sweep_plan(failed: Mapping[str, Any], old: Mapping[str, Any], statuses: object) -> dict[str, Any]:
    """What the role log_collection_sweep is going to retry and to delete, see sweep_plan.yml."""
    deleted_statuses = text_list("log_collection_sweep_delete_statuses", statuses)
    failed_ids = [job["id"] for job in failed["jobs"]]
    old_jobs = old.get("jobs", [])
    delete = [job["id"] for job in old_jobs if job.get("status") in deleted_statuses]
    # What is deleted, now or once it has succeeded, is not worth another try.
    given_up = {job["id"] for job in old_jobs} if {"FAILURE", "SUCCESS"} & set(deleted_statuses) else set()
    return {
        "failed": failed_ids,
        "retry": [job_id for job_id in failed_ids if job_id not in given_up],
        "delete": delete,
        "limited": Limited(delete, "log collection job", "log_collection_sweep_max_deletions").as_dict(),
    }


def sweep_report(plan: Mapping[str, Any], retried: Any, deleted: Any) -> dict[str, list[str]]:
    """The report of the role log_collection_sweep, see sweep_report.yml."""
    rounds = [_loop_results.jobs(result) for result in _loop_results.results(retried) if "skipped" not in result]
    deleted_ids = [job["id"] for job in _loop_results.jobs(deleted) if job["changed"]]
    recovered = [job["id"] for jobs in rounds for job in jobs if job.get("status") == "SUCCESS"]
    # In check mode, retried jobs are IN_PROGRESS: how they would end is not known.
    failing = [job["id"] for job in rounds[-1] if job.get("status") == "FAILURE"] if rounds else plan["retry"]
    others = [job_id for job_id in plan["failed"] if job_id not in {*plan["retry"], *deleted_ids}]
    return {
        "failed_before": plan["failed"],
        "recovered": list(dict.fromkeys(recovered)),
        "still_failed": [*failing, *others],
        "deleted": deleted_ids,
    }


class FilterModule:
    """The decisions of the role log_collection_sweep."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"sweep_plan": sweep_plan, "sweep_report": sweep_report}
