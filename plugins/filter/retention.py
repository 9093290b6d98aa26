# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role lts_retention decides: which log streams of its log groups are deleted, and what became of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results, _role_variables
from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited
from ansible_collections.saasops.jobs.plugins.test.fits import fits
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

# A log group on its way through the role: what is wanted of it, and then what each task has found.
Group = dict[str, Any]

_GROUP_KEYS = ("log_group_name", "log_group_id")
_CONDITIONS = ("keep", "delete", "older_than")
_PATTERN = re.compile(r"[A-Za-z0-9_.*?-]+")
_REPEATED = "lts_retention_groups has a log group twice. Merge its entries into one. Nothing was changed."


# --------------------------------------------------------------------------------------------------- what is asked for


@pass_context
@_role_variables.sees_undefined
def retention_groups(context: Context, entries: Any) -> list[Group]:
    """The log groups of the role lts_retention with all that is known of them, see retention_groups.yml."""
    if isinstance(entries, Mapping):
        return [_with_answer(result) for result in _loop_results.results(entries)]
    return [as_group(entry) for entry in _role_variables.without_omitted(context, entries)]


def _label(entry: Mapping[str, Any]) -> str:
    return str(entry.get("log_group_name") or entry.get("log_group_id") or "?")


def as_group(entry: Mapping[str, Any]) -> Group:
    """A log group by its entry in lts_retention_groups, or in a variable of the same form.

    :raises InvalidInput: its patterns are no list of texts.
    """
    return {
        **entry,
        "label": _label(entry),
        "keep": _patterns(entry, "keep", []),
        "delete": _patterns(entry, "delete", ["*"]),
    }


def _patterns(entry: Mapping[str, Any], key: str, default: list[str]) -> list[str]:
    """:raises InvalidInput: they are no list of texts."""
    return text_list(f"{key} of log group {_label(entry)}", entry[key]) if entry.get(key) else default


def group_errors(entries: Iterable[Any], needs_condition: bool = True) -> list[str]:
    """What is wrong with the entries of lts_retention_groups, a sentence for each that is wrong.

    :param needs_condition: whether each must say what to delete or to keep.
    """
    errors = [(entry, _entry_error(entry, needs_condition)) for entry in entries]
    return [
        f"Log group {_label(entry) if isinstance(entry, Mapping) else '?'}: {error}" for entry, error in errors if error
    ]


def _entry_error(entry: Any, needs_condition: bool) -> str:
    if not isinstance(entry, Mapping):
        return "an entry must be a dictionary."
    unknown = sorted(str(key) for key in entry if key not in (*_GROUP_KEYS, *_CONDITIONS))
    empty = sorted(key for key, value in entry.items() if not value)
    if unknown:
        return f"unknown {'key' if len(unknown) == 1 else 'keys'}: {', '.join(unknown)}."
    if needs_condition and not any(key in entry for key in _CONDITIONS):
        return "give keep, delete or older_than; otherwise, all its log streams would be deleted."
    if empty:
        return f"{' and '.join(empty)} must not be empty; leave out what is not needed."
    try:
        patterns = _patterns(entry, "keep", []) + _patterns(entry, "delete", [])
    except InvalidInput as error:
        return str(error)
    invalid = [pattern for pattern in patterns if not _PATTERN.fullmatch(pattern)]
    if invalid:
        return f"these are not patterns of letters, digits, _, -, ., * and ?: {json.dumps(invalid)}."
    return ""


# ---------------------------------------------------------------------------------------------------- what tasks found


def _with_answer(result: Mapping[str, Any]) -> Group:
    """The log group of an item of a loop, with what its task found."""
    group = dict(_loop_results.item(result))
    if "log_streams" not in result:
        # Skipped.
        return group
    if "total" not in result:
        return {**group, "checked": result["log_streams"]}
    streams = result["log_streams"]
    if "log_stream_ids" in group:
        return {**group, "log_streams": streams}
    # The next time, it is listed whatever the ages.
    group.pop("older_than", None)
    condemned = [stream for stream in streams if is_unwanted(group, stream["log_stream_name"])]
    return {
        **group,
        "log_streams": streams,
        "log_stream_ids": [stream["id"] for stream in condemned],
        "found_id": _id_of(streams),
        "has_younger": result["total"] > len(streams),
    }


def is_unwanted(group: Mapping[str, Any], name: str) -> bool:
    """Whether a log stream of this name may be deleted from a log group, whatever its age."""
    return fits(name, group["delete"]) and not fits(name, group["keep"])


# ------------------------------------------------------------------------------------------------------------ the plan


@pass_context
def retention_plan(context: Context, found: Mapping[str, Any], limit: object) -> dict[str, Any]:
    """What the role lts_retention is going to delete, see retention_plan.yml."""
    groups = retention_groups(context, found)
    # The second list finds the id even if no log stream is old enough. Without log streams, there is nothing to delete.
    ids = [group_id for group in groups if (group_id := _id_of(group["log_streams"]))]
    if len(set(ids)) < len(ids):
        return {"groups": {}, "deletions": [], "warnings": [], "refusal": _REPEATED}
    lists = {group["label"]: _lists(group) for group in groups}
    unmatched = {label: entry["keep_unmatched"] for label, entry in lists.items() if entry["keep_unmatched"]}
    labels = [f"{label}/{name}" for label, entry in lists.items() for name in entry["planned"]]
    refusal = Limited(labels, "log stream", "lts_retention_max_deletions").refusal(limit)
    return {
        "groups": lists,
        "deletions": [] if refusal else [_deletion(group, limit) for group in groups if _deletable(group)],
        "warnings": [_warning(label, patterns) for label, patterns in unmatched.items()],
        "refusal": refusal,
    }


def _id_of(streams: Iterable[Mapping[str, Any]]) -> str | None:
    """The id of the log group that has these log streams."""
    return next((stream["log_group_id"] for stream in streams), None)


def _deletable(group: Group) -> list[Mapping[str, Any]]:
    return [stream for stream in group.get("checked", ()) if stream["action"] == "delete"]


def _lists(group: Group) -> dict[str, list[str]]:
    """The entry of a log group in the report, before anything is deleted."""
    checked = group.get("checked", [])
    checked_ids = {stream["id"] for stream in checked}
    names = [stream["log_stream_name"] for stream in group["log_streams"]]
    unmatched = [pattern for pattern in group["keep"] if not any(fits(name, pattern) for name in names)]
    return {
        "planned": [stream["log_stream_name"] for stream in _deletable(group)],
        "kept": [stream["log_stream_name"] for stream in group["log_streams"] if stream["id"] not in checked_ids],
        "kept_for_transfers": [stream["log_stream_name"] for stream in checked if "error" in stream],
        # Where there is nothing, no pattern can be wrong.
        "keep_unmatched": unmatched if names else [],
    }


def _deletion(group: Group, limit: object) -> dict[str, Any]:
    return {
        "label": group["label"],
        "found_id": group["found_id"],
        "log_stream_ids": [stream["id"] for stream in _deletable(group)],
        "keep": group["keep"],
        "max_deletions": limit,
    }


def _warning(label: str, unmatched: list[str]) -> str:
    return (
        f"Log group {label}: these patterns of keep match none of its log streams: {json.dumps(unmatched)}. They are "
        "case-sensitive."
    )


# ---------------------------------------------------------------------------------------------------------- the report


def retention_report(plan: Any, deleted: Any) -> dict[str, dict[str, list[str]]]:
    """The report of the role lts_retention, see retention_report.yml."""
    done: dict[str, list[str]] = {}
    for result in _loop_results.results(deleted):
        streams = result.get("log_streams", ())
        names = [stream["log_stream_name"] for stream in streams if stream["action"] == "delete"]
        done[_loop_results.item(result)["label"]] = names
    groups = plan["groups"] if isinstance(plan, Mapping) else {}
    return {label: {**lists, "deleted": done.get(label, [])} for label, lists in groups.items()}


class FilterModule:
    """The decisions of the role lts_retention."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "retention_groups": retention_groups,
            "retention_plan": retention_plan,
            "retention_report": retention_report,
        }
