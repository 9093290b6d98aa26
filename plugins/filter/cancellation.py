# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role restore_download_sweep decides: which downloads are cancelled, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results
from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited


def cancellation_plan(found: Mapping[str, Any]) -> dict[str, Any]:
    """Which downloads the role restore_download_sweep is going to cancel, see cancellation_plan.yml."""
    clusters = [
        {
            "cluster_name": _loop_results.item(result),
            "job_ids": [job["id"] for job in result["jobs"] if not _loop_results.was_fetched(job)],
        }
        for result in _loop_results.results(found)
    ]
    job_ids = [job_id for cluster in clusters for job_id in cluster["job_ids"]]
    variable = "restore_download_sweep_max_cancellations"
    return {"clusters": clusters, "limited": Limited(job_ids, "download", variable, "cancelled").as_dict()}


def cancellation_report(plan: Mapping[str, Any], cancelled: Any) -> dict[str, list[str]]:
    """The report of the role restore_download_sweep, see cancellation_report.yml."""
    done = {
        _loop_results.item(result)["cluster_name"]: [job["id"] for job in result["jobs"] if job["changed"]]
        for result in _loop_results.results(cancelled)
        if "jobs" in result
    }
    return {cluster["cluster_name"]: done.get(cluster["cluster_name"], []) for cluster in plan["clusters"]}


class FilterModule:
    """The decisions of the role restore_download_sweep."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cancellation_plan": cancellation_plan, "cancellation_report": cancellation_report}
