# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which captioning jobs of cielo24 a user wants to see.

https://cielo24.readthedocs.io/en/latest/job_control/job_list.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..._core.errors import InvalidInput
from ..._core.json_fields import time_field
from ..._core.params import timestamps, validators, wildcards
from ..._core.params.raw_arguments import NAMES, SELECTOR
from .account import LONGEST_TEXT
from .external_ids import external_ids
from .jobs_api import STATUSES, created, text_of
from .orders.order import FIDELITIES, PRIORITIES, shown_fidelity

Job = Mapping[str, Any]

# The field that an option with a date is about, by the beginning of the option's name.
_DATES = {
    "started": "StartDate",
    "due": "DueDate",
    "completed": "CompletedDate",
    "returned": "ReturnDate",
    "authorized": "AuthorizationDate",
}
_DATE_OPTIONS = [f"{beginning}_{side}" for beginning in _DATES for side in ("after", "before")]


def _list(choices: Sequence[str]) -> dict[str, Any]:
    return {"type": "list", "elements": "str", "choices": choices, **SELECTOR}


OPTIONS: dict[str, dict[str, Any]] = {
    "status": _list(STATUSES),
    "fidelity": _list(FIDELITIES),
    "priority": _list(PRIORITIES),
    "job_difficulty": _list(["Good", "Bad", "Unknown"]),
    "name_pattern": {"type": "str", **SELECTOR},
    "external_ids": {"type": "list", "elements": "str", "aliases": ["external_id"], **NAMES},
    "sub_account": {"type": "str", **SELECTOR},
    "turnaround_hours_from": {"type": "int", **SELECTOR},
    "turnaround_hours_to": {"type": "int", **SELECTOR},
    **{option: {"type": "str", **SELECTOR} for option in _DATE_OPTIONS},
}


class ExternalIdFilter:
    """Which jobs a user wants to see by the ids in his own system; without such ids, all of them.

    :raises InvalidInput: an id is invalid.
    """

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._wanted: list[str] | None = None if params["external_ids"] is None else external_ids(params)
        self._seen: set[str | None] = set()

    def holds(self, job: Job) -> bool:
        """Whether a job has one of the ids. Each job is to be judged, whether or not it fits the other filters."""
        if self._wanted is None:
            return True
        external_id = text_of(job, "ExternalID")
        self._seen.add(external_id)
        return external_id in self._wanted

    @property
    def missing(self) -> list[str]:
        """The ids that none of the jobs had."""
        return [each for each in self._wanted or () if each not in self._seen]


def service_filters(params: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that the service has to apply, as jobs do not show what they are about.

    :raises InvalidInput: one is invalid.
    """
    filters = {}
    if params["sub_account"] is not None:
        filters["Username"] = validators.text("sub_account", params["sub_account"], LONGEST_TEXT)
    for option, name in (
        ("turnaround_hours_from", "TurnaroundTimeHoursFrom"),
        ("turnaround_hours_to", "TurnaroundTimeHoursTo"),
    ):
        if params[option] is not None:
            if params[option] < 0:
                raise InvalidInput(f"{option} must not be negative.")
            filters[name] = params[option]
    return filters


def filtering(params: dict[str, Any], now: Callable[[], datetime]) -> Callable[[Job], bool]:
    """A function that tells whether a job fits all other filters.

    :param now: returns the present moment, see Clock.present().
    :raises InvalidInput: one of the filters is invalid.
    """
    window = timestamps.TimeWindow(params, now)
    fits_name = wildcards.wildcard(params["name_pattern"])
    limits = {
        option: timestamps.moment(option, params[option]) for option in _DATE_OPTIONS if params[option] is not None
    }
    # Lists rather than sets, as what a job shows need not be text.
    fidelities = params["fidelity"] and [*params["fidelity"], *map(shown_fidelity, params["fidelity"])]
    any_of = [
        ("JobStatus", params["status"]),
        ("Fidelity", fidelities),
        ("Priority", params["priority"]),
        ("JobDifficulty", params["job_difficulty"]),
    ]

    def fits(job: Job) -> bool:
        return bool(
            all(wanted is None or job.get(field) in wanted for field, wanted in any_of)
            and fits_name(str(job.get("JobName") or ""))
            and window.holds(job, created)
            and all(_is_within(job, option, limit) for option, limit in limits.items())
        )

    return fits


def _is_within(job: Job, option: str, limit: datetime) -> bool:
    """Whether a date of a job lies on the right side of a limit; never if the job does not have that date."""
    beginning, _blank, side = option.rpartition("_")
    moment = time_field(job, _DATES[beginning])
    if moment is None:
        return False
    return moment > limit if side == "after" else moment < limit
