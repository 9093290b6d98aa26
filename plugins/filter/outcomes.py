# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

_DONE = {
    "create": "created",
    "retry": "retried",
    "cancel": "cancelled",
    "delete": "deleted",
    "update": "updated",
    "none": "nothing to do",
}


# Fields of an item that the service does not show, or that all items have.
_NOT_SHOWN = ("action", "changed", "files", "id", "ExternalID")
# Fields of a restore job that say how it has ended.
_FLAGS = ("cancelled", "expired", "failed")


def outcomes(results: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """What happened to each item of the results of several tasks, see outcomes.yml.

    :raises AnsibleFilterError: a result is not as it should be.
    """
    rows = list(results)
    if any(isinstance(row, str) or len(row) != 4 for row in rows):
        raise AnsibleFilterError("saasops.jobs.outcomes: give lists of a service, a kind, a field and items.")
    return [
        {
            "service": service,
            "what": f"{kind} {item[field]}",
            "action": item["action"],
            "changed": item["changed"],
            "reason": _reason(item, field) if item["action"] == "none" else "",
        }
        for service, kind, field, items in rows
        for item in items
    ]


def _reason(item: Mapping[str, Any], field: str) -> str:
    """Why there was nothing to do, as far as the item shows it."""
    shown = {name: value for name, value in item.items() if name not in (field, *_NOT_SHOWN) and value is not None}
    status = shown.get("status") or shown.get("JobStatus") or next((flag for flag in _FLAGS if shown.get(flag)), None)
    if status:
        return f"it is {status}"
    return "it exists already" if shown else "it does not exist"


def outcome_table(rows: Iterable[Mapping[str, Any]], check_mode: bool = False) -> list[str]:
    """Lines of a table of outcomes, see outcome_table.yml."""
    listed = list(rows)
    services, things = (max((len(row[column]) for row in listed), default=0) for column in ("service", "what"))
    return [
        f"{row['service']:<{services}}  {row['what']:<{things}}  {_in_words(row, check_mode)}".rstrip()
        for row in listed
    ]


def _in_words(row: Mapping[str, Any], check_mode: bool) -> str:
    done = _DONE.get(row["action"], str(row["action"]))
    if row.get("reason"):
        return f"{done}: {row['reason']}"
    return f"would be {done}" if check_mode and row["changed"] else done


class FilterModule:
    """Tells in a few words what became of the items of tasks."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"outcome_table": outcome_table, "outcomes": outcomes}
