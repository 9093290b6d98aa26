# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def unexpected_errors(result: Mapping[str, Any], retried: bool = False) -> list[str]:
    """Why a task failed, other than by jobs that ended with FAILURE, see unexpected_errors.yml."""
    if result.get("results"):
        # A loop ends with the item that failed.
        result = result["results"][-1]
    if not result.get("failed"):
        return []
    errors = [job for job in result.get("jobs", ()) if "error" in job]
    unexpected = [job for job in errors if not _ended_with_failure(job, retried)]
    if result.get("summary", {}).get("failed", 1) <= len(errors) - len(unexpected):
        return []
    return [str(job["error"]["message"]) for job in unexpected] or [str(result.get("msg", ""))]


def _ended_with_failure(job: Mapping[str, Any], retried: bool) -> bool:
    """Of a job that was not retried after all, FAILURE is the status that it had before."""
    return job.get("status") == "FAILURE" and (bool(job["changed"]) or not retried)


class FilterModule:
    """Tells jobs that failed from tasks that did."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"unexpected_errors": unexpected_errors}
