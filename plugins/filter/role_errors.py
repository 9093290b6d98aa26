# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables of the collection's roles, before anything is sent.

A survey question that was left blank arrives as null or an empty string, which a module must not take for "everything".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.saasops.jobs.plugins.filter import purge
from ansible_collections.saasops.jobs.plugins.filter.awx_setup import setup_of
from ansible_collections.saasops.jobs.plugins.filter.report_files import FORMATS
from ansible_collections.saasops.jobs.plugins.filter.report_rows import services
from ansible_collections.saasops.jobs.plugins.filter.retention import group_errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from ansible_collections.saasops.jobs.plugins.plugin_utils._awx_errors import setup_errors
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

Variables = dict[str, Any]

_STATUSES = ("IN_PROGRESS", "SUCCESS", "FAILURE", "MARKED_FOR_EXPIRY", "EXPIRED")
_LEAVE_OUT = "must not be empty; leave out what is not needed."
# One line of text without spaces at its ends.
_NAME_PATTERN = re.compile(r"(?!\s)[^\r\n]+(?<!\s)")


@pass_context
@_role_variables.sees_undefined
def role_errors(context: Context, role: str) -> list[str]:
    """What is wrong with the variables of a role, a sentence for each error, see role_errors.yml."""
    if role not in _CHECKS:
        raise AnsibleFilterError(f"saasops.jobs.role_errors: there is no role {role}.")
    overridden = _role_variables.overridden(context, role)
    if overridden:
        names = " and ".join(overridden)
        return [f"{names} must not be set by extra variables or parameters: the role uses these names itself."]
    return [*_undocumented(context, role), *_CHECKS[role](context, _role_variables.given(context, role))]


# --------------------------------------------------------------------------------------------------- what roles share


def _undocumented(context: Context, role: str) -> Iterator[str]:
    unknown = _role_variables.undocumented(context, role)
    if unknown:
        yield f"The role has no variable {' or '.join(unknown)}."


def _empty(role: str, variables: Variables, names: Iterable[str]) -> Iterator[str]:
    empty = [f"{role}_{name}" for name in sorted(names) if name in variables and not variables[name]]
    if empty:
        yield f"{' and '.join(empty)} {_LEAVE_OUT}"


def _no_limit(role: str, variables: Variables, name: str = "max_deletions") -> Iterator[str]:
    if not re.fullmatch("[0-9]+", str(variables.get(name))):
        yield f"{role}_{name} must be a whole number, and not negative."


def _required(role: str, variables: Variables, name: str, advice: str = "") -> Iterator[str]:
    if not variables.get(name):
        yield f"{role}_{name} must not be empty{advice}."


def _unreadable(variable: str, value: object, holds_blanks: bool = False) -> Iterator[str]:
    """What is wrong with a list, or with a text that stands for one."""
    try:
        text_list(variable, value, holds_blanks=holds_blanks)
    except InvalidInput as error:
        yield str(error)


# ----------------------------------------------------------------------------------------------------------- each role


def _awx_setup(context: Context, _variables: Variables) -> Iterator[str]:
    yield from setup_errors(setup_of(context, "awx_setup"))


def _cielo24_purge(context: Context, variables: Variables) -> Iterator[str]:
    role = "cielo24_purge"
    if not variables.keys() & purge.CONDITIONS.keys():
        yield (
            f"Give {role}_older_than, {role}_status or {role}_name_pattern; otherwise, all captioning jobs would be "
            "deleted."
        )
    yield from _no_limit(role, variables)
    yield from _empty(role, variables, (*purge.CONDITIONS, "sub_account", "keep"))
    if variables.get("status"):
        yield from _unreadable(f"{role}_status", variables["status"], holds_blanks=True)
    if variables.get("keep"):
        yield from _unlikely_names(f"{role}_keep", variables["keep"])


def _unlikely_names(variable: str, patterns: Any) -> Iterator[str]:
    """What is wrong with patterns of names that may hold commas and blanks."""
    if isinstance(patterns, str):
        if "," in patterns and not patterns.lstrip().startswith("["):
            yield f"{variable} is a single text with a comma; make it a list."
            return
    elif isinstance(patterns, (list, tuple)):
        texts = ["" if pattern is None else str(pattern) for pattern in patterns]
        unlikely = [text for text in texts if not _NAME_PATTERN.fullmatch(text)]
        if unlikely:
            fault = "these are empty, contain line breaks, or begin or end with spaces"
            yield f"{variable}: {fault}: {json.dumps(unlikely)}."
            return
    yield from _unreadable(variable, patterns, holds_blanks=True)


def _lts_retention(context: Context, variables: Variables) -> Iterator[str]:
    role = "lts_retention"
    yield from _no_limit(role, variables)
    project = ("project_id", "project_name", "agency_name", "agency_domain_name", "delegated_project")
    yield from _empty(role, variables, project)
    groups = variables.get("groups")
    if isinstance(groups, (list, tuple)) and groups:
        yield from group_errors(_role_variables.without_omitted(context, groups))
    elif groups:
        yield f"{role}_groups must be a list of dictionaries."
    else:
        yield f"{role}_groups must not be empty."


def _log_collection(context: Context, variables: Variables) -> Iterator[str]:
    role = "log_collection"
    names = ("resources", "project_id", "dest", "log_types", "log_from", "log_to", "max_age")
    selectors = {f"{role}_{name}": variables[name] for name in names if name in variables}
    empty = [name for name, value in selectors.items() if not value]
    resources = variables.get("resources") or ()
    if not isinstance(resources, (list, tuple)) or not all(isinstance(group, Mapping) for group in resources):
        yield f"{role}_resources must be a list of dictionaries."
        return
    groups = _role_variables.without_omitted(context, resources)
    for group in groups:
        given = {"resource_names": None, **group}
        empty += [f"{role}_resources[].{key}" for key, value in given.items() if key != "redacted" and not value]
    if empty:
        yield f"{' and '.join(dict.fromkeys(empty))} {_LEAVE_OUT}"
        return
    for group in groups:
        yield from _unreadable(f"{role}_resources[].resource_names", group["resource_names"], holds_blanks=True)
        if "log_types" in group:
            yield from _unreadable(f"{role}_resources[].log_types", group["log_types"])
    yield from _unreadable(f"{role}_log_types", variables.get("log_types", []))


def _log_collection_sweep(_context: Context, variables: Variables) -> Iterator[str]:
    role = "log_collection_sweep"
    yield from _empty(role, variables, ("project_id",))
    if boolean(variables.get("delete"), strict=False):
        yield from _required(role, variables, "older_than", f"; {role}_delete: false deletes nothing")
    yield from _required(role, variables, "delete_statuses")
    if variables.get("delete_statuses"):
        yield from _of(f"{role}_delete_statuses", variables["delete_statuses"], _STATUSES)
    yield from _no_limit(role, variables)


def _restore_download(_context: Context, variables: Variables) -> Iterator[str]:
    role = "restore_download"
    yield from _empty(role, variables, ("project_id", "before", "endpoint_id"))
    for name in ("cluster_name", "snapshot", "dest"):
        yield from _required(role, variables, name)


def _restore_download_sweep(_context: Context, variables: Variables) -> Iterator[str]:
    role = "restore_download_sweep"
    yield from _empty(role, variables, ("project_id",))
    yield from _required(role, variables, "cluster_names")
    if variables.get("cluster_names"):
        yield from _unreadable(f"{role}_cluster_names", variables["cluster_names"])
    yield from _required(role, variables, "older_than")
    yield from _no_limit(role, variables, "max_cancellations")


def _job_report(context: Context, variables: Variables) -> Iterator[str]:
    role = "job_report"
    yield from _required(role, variables, "dest")
    yield from _of(f"{role}_formats", variables.get("formats"), FORMATS)
    if "services" in variables:
        yield from _of(f"{role}_services", variables["services"], _role_variables.SERVICES)
    elif not services(variables):
        yield f"Give {role}_services, or how to reach a service, such as {role}_cielo24_username."
    projects = ("log_collection_project_id", "atlas_project_id", "lts_project_id", "lts_project_name")
    conditions = ("lts_groups", *(f"cielo24_{name}" for name in (*purge.CONDITIONS, "keep")))
    yield from _empty(role, variables, (*projects, *conditions, "cielo24_sub_account"))
    yield from _required(role, variables, "log_collection_older_than")
    yield from _required(role, variables, "log_collection_delete_statuses")
    yield from _required(role, variables, "atlas_older_than")
    yield from _job_report_lists(context, variables)


def _job_report_lists(context: Context, variables: Variables) -> Iterator[str]:
    role = "job_report"
    if variables.get("log_collection_delete_statuses"):
        name = "log_collection_delete_statuses"
        yield from _of(f"{role}_{name}", variables[name], _STATUSES)
    if variables.get("atlas_cluster_names"):
        yield from _unreadable(f"{role}_atlas_cluster_names", variables["atlas_cluster_names"])
    elif "atlas_cluster_names" in variables or _reports(variables, "atlas"):
        yield f"{role}_atlas_cluster_names must not be empty."
    groups = variables.get("lts_groups") or ()
    if isinstance(groups, (list, tuple)):
        yield from group_errors(_role_variables.without_omitted(context, groups), needs_condition=False)
    else:
        yield f"{role}_lts_groups must be a list of dictionaries."
    if variables.get("cielo24_status"):
        yield from _unreadable(f"{role}_cielo24_status", variables["cielo24_status"], holds_blanks=True)
    if variables.get("cielo24_keep"):
        yield from _unlikely_names(f"{role}_cielo24_keep", variables["cielo24_keep"])


def _reports(variables: Variables, service: str) -> bool:
    try:
        return service in services(variables)
    except InvalidInput:
        return False


def _of(variable: str, value: object, known: Collection[str]) -> Iterator[str]:
    """What is wrong with a list of words."""
    if not value:
        yield f"{variable} must not be empty."
        return
    try:
        unknown = [word for word in text_list(variable, value) if word not in known]
    except InvalidInput as error:
        yield str(error)
        return
    if unknown:
        yield f"{variable}: unknown: {', '.join(unknown)}. There are {', '.join(known)}."


_CHECKS: Mapping[str, Callable[[Context, Variables], Iterator[str]]] = {
    "awx_setup": _awx_setup,
    "cielo24_purge": _cielo24_purge,
    "job_report": _job_report,
    "log_collection": _log_collection,
    "log_collection_sweep": _log_collection_sweep,
    "lts_retention": _lts_retention,
    "restore_download": _restore_download,
    "restore_download_sweep": _restore_download_sweep,
}


class FilterModule:
    """Checks the variables of the collection's roles."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"role_errors": role_errors}
