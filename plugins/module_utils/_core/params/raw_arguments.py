# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of a task before Ansible validates them: lists in all forms, and selectors that are given but empty.

Both have to be seen here. Ansible splits texts at commas only, and does not tell null from what is not given.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import InvalidInput
from .text_lists import text_list

# What a task names its items by. An empty list of these may mean "none".
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
# What narrows down which items a task is about, or where they are. Without them it would be about more, or others.
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


class HoldsBlanks(dict):
    """The specification of a list whose items may hold blanks, which then do not separate them."""


def read(given: Mapping, spec: Mapping, selectors: frozenset[str] = SELECTORS) -> dict:
    """The arguments of a task with a list wherever one is meant.

    :param given: the arguments as the task has them, templates resolved; others than those in `spec` stay as they are.
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
            arguments[name] = text_list(name, value, _may_hold_blanks(details))
            if not arguments[name] and option in selectors - _ITEMS:
                raise _empty(name, "an empty list")
    return arguments


def _known(given: Mapping, spec: Mapping) -> Iterator[tuple[str, str, Mapping]]:
    """(name as given, the option's name, its specification) of each argument that the module knows."""
    for option, details in spec.items():
        for name in (option, *details.get("aliases", ())):
            if name in given:
                yield name, option, details


def _is_empty(value: object) -> bool:
    return value is None or isinstance(value, str) and not value.strip()


def _empty(name: str, what: str) -> InvalidInput:
    return InvalidInput(
        f"{name} is {what}, which is never taken for all there is. Give a value, or leave {name} out, for example with "
        "default(omit, true)."
    )


def _may_hold_blanks(details: Mapping) -> bool:
    return isinstance(details, HoldsBlanks) or any(" " in choice for choice in details.get("choices", ()))
