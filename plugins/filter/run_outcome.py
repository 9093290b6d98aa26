# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks of the collection tell of a run: as lines to read, and as statistics for what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter.failure_messages import failure_messages
from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results
from ansible_collections.saasops.jobs.plugins.plugin_utils._role_variables import sees_undefined
from jinja2 import Undefined

Items = Mapping[str, Any]

# Enough for a screen, and few enough for the variables of a workflow.
_MOST_SHOWN = 20
_MOST_HANDED_ON = 100
# What check mode does not predict, and from what it would follow.
_FOLLOWS_FROM = {
    "recovered": "failed_before",
    "still_failed": "failed_before",
    "succeeded": "retried",
    "failed_again": "retried",
    "collected": "started",
    "files": "started",
}
_CHECK_MODE = "Check mode: nothing was changed. What a real run would do:"


@sees_undefined
def run_outcome(report: Any, playbook: str) -> dict[str, Any]:
    """What a run of a playbook came to, see run_outcome.yml.

    :raises AnsibleFilterError: there is no such playbook.
    """
    if playbook not in _OUTCOMES:
        raise AnsibleFilterError(f"saasops.jobs.run_outcome: there is no playbook {playbook}.")
    # Before a role has set its report, this is a text or not defined.
    return _OUTCOMES[playbook](report if isinstance(report, Mapping) else {})


@sees_undefined
def run_summary(outcome: Items, failed: Any = None, check_mode: bool = False) -> list[str]:
    """The outcome of a run as lines of text, see run_summary.yml."""
    names = outcome["names"]
    unknown = _unknown_labels(outcome["lists"]) if check_mode else ()
    rows = [
        (label, "-", "unknown") if label in unknown else (label, *_counted(values, names))
        for label, values in outcome["lists"].items()
    ]
    width = max((len(label) for label, _count, _items in rows), default=0)
    digits = max((len(count) for _label, count, _items in rows), default=0)
    lines = [f"{label.replace('_', ' '):<{width}}  {count:>{digits}}  {items}".rstrip() for label, count, items in rows]
    is_failed = isinstance(failed, Mapping) and not isinstance(failed, Undefined)
    reasons = failure_messages({**failed, "failed": True}) if is_failed else []
    return [*([_CHECK_MODE] if check_mode else []), *lines, *(f"Failed: {reason}" for reason in reasons)]


def run_stats(outcome: Items, playbook: str, check_mode: bool = False) -> dict[str, Any]:
    """The outcome of a run as data for ansible.builtin.set_stats, see run_stats.yml."""
    prefix = f"saasops_jobs_{playbook}"
    stats: dict[str, Any] = {f"{prefix}_check_mode": check_mode}
    for label, values in outcome["lists"].items():
        stats[f"{prefix}_{label}"] = list(values[:_MOST_HANDED_ON])
        stats[f"{prefix}_{label}_count"] = len(values)
    return stats


def _unknown_labels(lists: Mapping[str, list[str]]) -> list[str]:
    """The lists that check mode leaves empty because nobody knows what would be in them."""
    return [label for label, cause in _FOLLOWS_FROM.items() if lists.get(cause) and lists.get(label) == []]


def _counted(values: list[str], names: Mapping[str, str]) -> tuple[str, str]:
    """How many items there are, and which."""
    shown = [f"{names[value]} ({value})" if names.get(value) else value for value in values[:_MOST_SHOWN]]
    more = f" and {len(values) - _MOST_SHOWN} more" if len(values) > _MOST_SHOWN else ""
    return str(len(values)), ", ".join(shown) + more


# ------------------------------------------------------------------------------------------------------- each playbook


def _outcome(lists: Mapping[str, Iterable[str]], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {"lists": {label: list(values) for label, values in lists.items()}, "names": names or {}}


def _retry_failed_logs(report: Items) -> dict[str, Any]:
    found, jobs = report.get("found"), _loop_results.jobs(report.get("retried"))
    retried = [job for job in jobs if job["changed"]]
    lists = {
        "had_failed": [job["id"] for job in _loop_results.jobs(found)],
        "retried": [job["id"] for job in retried],
        "succeeded": [job["id"] for job in retried if job.get("status") == "SUCCESS"],
        "failed_again": [job["id"] for job in retried if job.get("status") == "FAILURE"],
        "not_retried": [job["id"] for job in jobs if "error" in job and not job["changed"]],
        "missing": found.get("missing", ()) if isinstance(found, Mapping) else (),
    }
    return _outcome(lists, _resources([*_loop_results.jobs(found), *jobs]))


def _delete_logs(report: Items) -> dict[str, Any]:
    jobs = _loop_results.jobs(report)
    lists = {
        "deleted": [job["id"] for job in jobs if job["changed"]],
        "already_gone": [job["id"] for job in jobs if not job["changed"] and "error" not in job],
        "failed": [job["id"] for job in jobs if "error" in job],
    }
    return _outcome(lists, _resources(jobs))


def _fetch_logs(report: Items) -> dict[str, Any]:
    jobs = _loop_results.jobs(report)
    fetched = [job for job in jobs if "error" not in job]
    lists = {
        "fetched": [job["id"] for job in fetched if job["changed"]],
        "already_there": [job["id"] for job in fetched if not job["changed"]],
        "failed": [job["id"] for job in jobs if "error" in job],
        "files": [file["dest"] for job in fetched for file in job["files"]],
    }
    return _outcome(lists, _resources(jobs))


def _collect_logs(report: Items) -> dict[str, Any]:
    progress = report.get("progress")
    jobs = [job for job in _loop_results.jobs(progress) if job["id"]]
    created = progress["created_ids"] if isinstance(progress, Mapping) else []
    fetched = [job for job in _loop_results.jobs(report.get("fetched")) if "error" not in job]
    lists = {
        "started": created,
        "reused": [job["id"] for job in jobs if job["id"] not in created],
        "collected": [job["id"] for job in jobs if job.get("status") == "SUCCESS"],
        "failed": [job["id"] for job in jobs if job.get("status") == "FAILURE"],
        "files": [file["dest"] for job in fetched for file in job["files"]],
    }
    return _outcome(lists, _resources(jobs))


def _sweep_logs(report: Items) -> dict[str, Any]:
    return _outcome(_lists(report, "failed_before", "recovered", "still_failed", "deleted"))


def _cancel_downloads(report: Items) -> dict[str, Any]:
    return _outcome({"cancelled": [f"{cluster}/{key}" for cluster, ids in report.items() for key in ids]})


def _restore_download(report: Items) -> dict[str, Any]:
    ids = [report["job_id"]] if report.get("job_id") else []
    lists = {
        "snapshot": [report["snapshot_id"]] if report.get("snapshot_id") else [],
        "started": ids if report.get("started") else [],
        "reused": [] if report.get("started") else ids,
        "cancelled": ids if report.get("cancelled") else [],
    }
    return _outcome({**lists, **_lists(report, "fetched", "files")})


def _lts_retention(report: Items) -> dict[str, Any]:
    labels = ("planned", "deleted", "kept", "kept_for_transfers", "keep_unmatched")
    named = [(label, f"{group}/{name}") for group, lists in report.items() for label in labels for name in lists[label]]
    return _outcome({label: [name for other, name in named if other == label] for label in labels})


def _cielo24_purge(report: Items) -> dict[str, Any]:
    lists = _lists(report, "planned", "deleted", "kept", "failed", "keep_unmatched")
    return _outcome(lists, report.get("names"))


def _lists(report: Items, *labels: str) -> dict[str, list[str]]:
    return {label: list(report.get(label, ())) for label in labels}


def _resources(jobs: Iterable[Items]) -> dict[str, str]:
    """The names of the resources whose logs the jobs collect."""
    return {job["id"]: str(job.get("resourceName") or "") for job in jobs}


_OUTCOMES: Mapping[str, Callable[[Items], dict[str, Any]]] = {
    "cancel_downloads": _cancel_downloads,
    "cielo24_purge": _cielo24_purge,
    "collect_logs": _collect_logs,
    "delete_logs": _delete_logs,
    "fetch_logs": _fetch_logs,
    "lts_retention": _lts_retention,
    "restore_download": _restore_download,
    "retry_failed_logs": _retry_failed_logs,
    "sweep_logs": _sweep_logs,
}


class FilterModule:
    """What the collection's playbooks tell of their runs."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"run_outcome": run_outcome, "run_stats": run_stats, "run_summary": run_summary}
