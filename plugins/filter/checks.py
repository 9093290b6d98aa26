# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results, _role_variables
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

_VARIABLES = ("services", "connections", "cluster_name", "fail_on")
_FAIL_ON = {"never": (), "error": ("error",), "warning": ("error", "warning")}
_SIGNS = {"ok": "ok", "warning": "WARNING", "error": "ERROR"}


@pass_context
@_role_variables.sees_undefined
def doctor_errors(context: Context, prefix: str) -> list[str]:
    """What is wrong with the variables of the playbook doctor, see doctor_errors.yml."""
    errors = _role_variables.playbook_errors(context, prefix, _VARIABLES)
    if errors:
        return errors
    given = {name: context.resolve_or_missing(f"{prefix}_{name}") for name in _VARIABLES}
    values = {name: value for name, value in given.items() if not _role_variables.is_absent(context, value)}
    connections = values.get("connections", {})
    services = values.get("services", list(connections) if isinstance(connections, Mapping) else [])
    blank = ["doctor_cluster_name must not be empty; leave out what is not needed."]
    return [
        *_errors(services, connections, values.get("fail_on", "error")),
        *(blank if not values.get("cluster_name", "-") else []),
    ]


def _errors(services: Any, connections: Any, fail_on: Any) -> list[str]:
    if not isinstance(connections, Mapping) or not all(isinstance(each, Mapping) for each in connections.values()):
        return ["doctor_connections must be a dictionary with a dictionary of options for each service."]
    try:
        listed = text_list("doctor_services", services)
    except InvalidInput as error:
        return [str(error)]
    # It loads the code of all services, and Ansible loads this file anew for nearly every task of a role.
    from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS

    errors = []
    if not listed:
        errors.append(f"Set doctor_services to what is to be checked: {', '.join(CONNECTIONS)}.")
    unknown = [name for name in dict.fromkeys([*listed, *connections]) if name not in CONNECTIONS]
    if unknown:
        errors.append(f"Unknown services: {', '.join(map(str, unknown))}. There are: {', '.join(CONNECTIONS)}.")
    if not isinstance(fail_on, str) or fail_on not in _FAIL_ON:
        errors.append("doctor_fail_on must be error, warning or never.")
    return errors


def check_table(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Lines of a table of checks, see check_table.yml."""
    rows = [
        (
            str(_loop_results.item(result)),
            check["name"],
            _SIGNS[check["level"]],
            f"{check['detail']} {check['hint']}".rstrip(),
        )
        for result in results
        for check in _checks(result)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3]]).rstrip() for row in rows]


def check_counts(results: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many checks failed or found something, see check_counts.yml."""
    levels = [check["level"] for result in results for check in _checks(result)]
    return {
        "saasops_jobs_doctor_errors": levels.count("error"),
        "saasops_jobs_doctor_warnings": levels.count("warning"),
    }


def check_failures(results: Iterable[Mapping[str, Any]], fail_on: str) -> list[str]:
    """A sentence for each check that makes the playbook fail, see check_failures.yml."""
    return [
        f"{_loop_results.item(result)}, {check['name']}: {check['detail']} {check['hint']}".rstrip()
        for result in results
        for check in _checks(result)
        if check["level"] in _FAIL_ON[fail_on]
    ]


def _checks(result: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The checks of a result; one that stands for the failure of a task that made none."""
    made: Sequence[Mapping[str, Any]] | None = result.get("checks")
    return made or [{"name": "options", "level": "error", "detail": str(result.get("msg", "")), "hint": ""}]


class FilterModule:
    """Tells what checks of connections found."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "check_counts": check_counts,
            "check_failures": check_failures,
            "check_table": check_table,
            "doctor_errors": doctor_errors,
        }
