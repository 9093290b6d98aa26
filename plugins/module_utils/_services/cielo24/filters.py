# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which captioning jobs of cielo24 a user wants to see.

https://cielo24.readthedocs.io/en/latest/job_control/job_list.html

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import InvalidInput
from ..._core.params import timestamps, validators, wildcards
from .jobs_api import STATUSES, created, text_of
from .order import FIDELITIES, PRIORITIES, shown_fidelity

# {beginning of the options' names: the field that they are about}
_DATES = {
    "started": "StartDate",
    "due": "DueDate",
    "completed": "CompletedDate",
    "returned": "ReturnDate",
    "authorized": "AuthorizationDate",
}
_DATE_OPTIONS = [f"{beginning}_{side}" for beginning in _DATES for side in ("after", "before")]


def _list(choices):
    return {"type": "list", "elements": "str", "choices": choices}


OPTIONS = {
    "status": _list(STATUSES),
    "fidelity": _list(FIDELITIES),
    "priority": _list(PRIORITIES),
    "job_difficulty": _list(["Good", "Bad", "Unknown"]),
    "name_pattern": {"type": "str"},
    "external_id": {"type": "str"},
    "sub_account": {"type": "str"},
    "turnaround_hours_from": {"type": "int"},
    "turnaround_hours_to": {"type": "int"},
    **{option: {"type": "str"} for option in _DATE_OPTIONS},
}


def service_filters(params):
    """The filters that the service has to apply, as jobs do not show what they are about.

    :raises InvalidInput: one cannot be right.
    """
    filters = {}
    if params["sub_account"] is not None:
        filters["Username"] = validators.text("sub_account", params["sub_account"], 1000)
    for option, name in (
        ("turnaround_hours_from", "TurnaroundTimeHoursFrom"),
        ("turnaround_hours_to", "TurnaroundTimeHoursTo"),
    ):
        if params[option] is not None:
            if params[option] < 0:
                raise InvalidInput(f"{option} must not be negative.")
            filters[name] = params[option]
    return filters


def filtering(params, now):
    """A function that tells whether a job fits all other filters.

    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: one cannot be right.
    """
    window = timestamps.TimeWindow(params, now)
    fits_name = wildcards.wildcard(params["name_pattern"])
    limits = {
        option: timestamps.moment(option, params[option]) for option in _DATE_OPTIONS if params[option] is not None
    }
    # A list, as what a job shows need not be text.
    fidelities = params["fidelity"] and [*params["fidelity"], *map(shown_fidelity, params["fidelity"])]
    any_of = [
        ("JobStatus", params["status"]),
        ("Fidelity", fidelities),
        ("Priority", params["priority"]),
        ("JobDifficulty", params["job_difficulty"]),
    ]

    def fits(job):
        return (
            all(wanted is None or job.get(field) in wanted for field, wanted in any_of)
            and fits_name(str(job.get("JobName") or ""))
            and params["external_id"] in (None, text_of(job, "ExternalID"))
            and window.holds(job, created)
            and all(_is_within(job, option, limit) for option, limit in limits.items())
        )

    return fits


def _is_within(job, option, limit):
    beginning, _blank, side = option.rpartition("_")
    text = job.get(_DATES[beginning])
    moment = timestamps.parse_time(str(text)) if text else None
    if moment is None:
        return False
    return moment > limit if side == "after" else moment < limit
