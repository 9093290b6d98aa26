# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the arguments of a task before Ansible validates them: lists in all forms, and selectors given but empty.

Only the raw arguments show both. Ansible splits text at commas only, and treats null like an option left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidInput
from .text_lists import text_list

# Options that name the items of a task. An empty list of these may mean "none".
_ITEMS = frozenset(
    (
        "job_ids",
        "external_ids",
        "snapshot_ids",
        "resource_names",
        "log_group_ids",
        "log_group_names",
        "log_stream_ids",
        "log_stream_names",
        "log_transfer_ids",
    )
)
# Options that narrow down which items a task is about, or where they are. Without one, the task would affect others.
SELECTORS = _ITEMS | {
    "account_id",
    "agency_domain_name",
    "agency_name",
    "before",
    "completed_after",
    "completed_before",
    "created_after",
    "created_before",
    "authorized_after",
    "authorized_before",
    "delegated_project",
    "delivery_type",
    "description",
    "due_after",
    "due_before",
    "end_date",
    "external_id",
    "fidelity",
    "job_difficulty",
    "keep",
    "log_from",
    "log_group_id",
    "log_group_name",
    "log_to",
    "max_age",
    "max_deletions",
    "metrics",
    "name_pattern",
    "newer_than",
    "older_than",
    "priority",
    "project_id",
    "project_name",
    "resource_name",
    "returned_after",
    "returned_before",
    "snapshot_id",
    "start_date",
    "started_after",
    "started_before",
    "status",
    "statuses",
    "sub_account",
    "target_cluster_name",
    "target_project_id",
    "turnaround_hours_from",
    "turnaround_hours_to",
}


# Declares a list whose items may hold blanks, which then do not separate items. Ansible ignores `context`.
BLANKS_IN_ITEMS = {"context": {"blanks_in_items": True}}


def read(
    given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]], selectors: frozenset[str] = SELECTORS
) -> dict[str, Any]:
    """Return the arguments of a task, with text turned into a list wherever an option is a list.

    :param given: the arguments as the task gives them, with templates resolved. Unknown ones stay as they are.
    :param spec: the argument specification of the module.
    :param selectors: the options that must not be empty.
    :raises InvalidInput: a selector is given but empty, or a list has an empty item.
    """
    arguments = dict(given)
    for name, option, details in _known(given, spec):
        value = given[name]
        if option in selectors and _is_empty(value):
            raise _empty(name, "null" if value is None else "an empty text")
        if details.get("type") == "dict" and "options" in details and isinstance(value, Mapping):
            arguments[name] = read(value, details["options"], selectors=frozenset())
        if details.get("type") == "list" and details.get("elements") == "str" and value is not None:
            arguments[name] = text_list(name, value, holds_blanks=_may_hold_blanks(details))
            if not arguments[name] and option in selectors - _ITEMS:
                raise _empty(name, "an empty list")
    return arguments


def _known(
    given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield (name as given, name of the option, its specification) for each argument that the module knows."""
    for option, details in spec.items():
        for name in (option, *details.get("aliases", ())):
            if name in given:
                yield name, option, details


def _is_empty(value: object) -> bool:
    return value is None or isinstance(value, str) and not value.strip()


def _empty(name: str, what: str) -> InvalidInput:
    return InvalidInput(
        f"{name} is {what}, which never stands for everything. Give a value, or leave {name} out, for example with "
        "default(omit, true)."
    )


def _may_hold_blanks(details: Mapping[str, Any]) -> bool:
    return details.get("context", {}).get("blanks_in_items", False) or any(
        " " in choice for choice in details.get("choices", ())
    )
