# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role registers for its tasks, with a loop or without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def results(registered: Any) -> list[Result]:
    """The results of a task with a loop, one for each item; none if the task did not run or failed before its loop."""
    return list(registered.get("results", ())) if isinstance(registered, Mapping) else []


def jobs(result: Any) -> list[Result]:
    """The jobs of the result of a task; none if it did not run, or failed before it reached them."""
    return list(result.get("jobs", ())) if isinstance(result, Mapping) else []


def was_fetched(download: Result) -> bool:
    """Whether a download was fetched: it looks like one that is being prepared, but it expires."""
    return download["status"] == "in_progress" and bool(download.get("expiresAt"))


def item(result: Result) -> Any:
    """The item of the loop that a result belongs to."""
    return result[result["ansible_loop_var"]]
