# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role cielo24_purge decides: which captioning jobs are deleted, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited
from ansible_collections.saasops.jobs.plugins.test.fits import fits
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

# The variables of which the role needs at least one, and what each is about.
CONDITIONS = {"older_than": "age", "status": "status", "name_pattern": "name"}

_NOTHING: dict[str, Any] = {"planned": [], "kept": [], "names": {}, "keep_unmatched": []}


@pass_context
@_role_variables.sees_undefined
def purge_plan(context: Context, found: Mapping[str, Any], keep: Any) -> dict[str, Any]:
    """What the role cielo24_purge is going to delete, see purge_plan.yml."""
    patterns = (
        [] if _role_variables.is_absent(context, keep) else text_list("cielo24_purge_keep", keep, holds_blanks=True)
    )
    names = {job["id"]: str(job.get("JobName") or "") for job in found["jobs"]}
    planned = [key for key, name in names.items() if not fits(name, patterns)]
    labels = [f"{names[key]} ({key})".strip() for key in planned]
    return {
        "planned": planned,
        "kept": [key for key, name in names.items() if fits(name, patterns)],
        "names": names,
        # Where there is nothing, no pattern can be wrong.
        "keep_unmatched": [
            pattern for pattern in patterns if names and not any(fits(name, pattern) for name in names.values())
        ],
        "limited": Limited(labels, "captioning job", "cielo24_purge_max_deletions").as_dict(),
    }


def purge_report(plan: Any, deleted: Any) -> dict[str, Any]:
    """The report of the role cielo24_purge, see purge_report.yml."""
    planned = plan if isinstance(plan, Mapping) else _NOTHING
    report = {key: planned[key] for key in _NOTHING}
    if not isinstance(deleted, Mapping):
        return {**report, "deleted": [], "failed": []}
    if "jobs" not in deleted:
        # The module failed before it reached the jobs.
        return {**report, "deleted": [], "failed": planned["planned"]}
    failed = [job["id"] for job in deleted["jobs"] if "error" in job]
    done = [job["id"] for job in deleted["jobs"] if job["changed"] and "error" not in job]
    return {**report, "deleted": done, "failed": failed}


class FilterModule:
    """The decisions of the role cielo24_purge."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"purge_plan": purge_plan, "purge_report": purge_report}
