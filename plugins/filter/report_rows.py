# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role job_report decides: which services it reports, and what it says of what they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.filter import purge
from ansible_collections.saasops.jobs.plugins.filter.failure_messages import failure_messages
from ansible_collections.saasops.jobs.plugins.filter.retention import as_group
from ansible_collections.saasops.jobs.plugins.filter.role_connection import CONNECTION_OPTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.timestamps import iso
from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from ansible_collections.saasops.jobs.plugins.plugin_utils._no_template import no_template
from ansible_collections.saasops.jobs.plugins.plugin_utils._role_variables import SERVICES
from jinja2 import pass_context

if TYPE_CHECKING:
    from ansible_collections.saasops.jobs.plugins.plugin_utils._report_rows import Row
    from jinja2.runtime import Context

_ROLE = "job_report"


@pass_context
@_role_variables.sees_undefined
def report_services(context: Context, role: str, swept: bool = False) -> list[str]:
    """The services that the role job_report reports, see report_services.yml."""
    variables = _role_variables.given(context, role)
    return [service for service in services(variables) if not swept or _is_swept(service, variables)]


def services(variables: Mapping[str, Any]) -> list[str]:
    """The same, by the variables of the role without its prefix."""
    if variables.get("services"):
        wanted = text_list(f"{_ROLE}_services", variables["services"])
        return [service for service in SERVICES if service in wanted]
    connected = {name for name, value in variables.items() if value}
    return [service for service in SERVICES if any(f"{service}_{option}" in connected for option in CONNECTION_OPTIONS)]


def _is_swept(service: str, variables: Mapping[str, Any]) -> bool:
    """Whether a sweep could delete anything; for two of the services, that takes a condition."""
    if service == "cielo24":
        return any(variables.get(f"cielo24_{name}") for name in purge.CONDITIONS)
    groups = variables.get("lts_groups") or () if service == "lts" else None
    return groups is None or any(_is_condition_given(entry) for entry in groups)


def _is_condition_given(entry: Mapping[str, Any]) -> bool:
    return bool({"keep", "delete", "older_than"} & entry.keys())


@pass_context
@_role_variables.sees_undefined
def report_log_groups(context: Context, found: Any) -> list[dict[str, Any]]:
    """The log groups whose log streams the role job_report lists, see report_log_groups.yml."""
    entries = _role_variables.given(context, _ROLE).get("lts_groups")
    if entries:
        return [
            {**as_group(entry), "is_swept": _is_condition_given(entry)}
            for entry in _role_variables.without_omitted(context, entries)
        ]
    groups = found.get("log_groups", ()) if isinstance(found, Mapping) else ()
    all_groups = [
        {"log_group_id": group["id"], "label": str(group.get("log_group_name") or group["id"]), "is_swept": False}
        for group in groups
    ]
    return no_template(all_groups)


@pass_context
@_role_variables.sees_undefined
def report_rows(context: Context, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the role job_report says, see report_rows.yml."""
    variables = _role_variables.given(context, _ROLE)
    # Names come from services: nothing of them is a template, whatever is in them.
    return no_template(report(found, variables, datetime.now(timezone.utc)))


def report(found: Mapping[str, Any], variables: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The same.

    :param variables: those of the role, without its prefix.
    :param now: the time of the report.
    """
    # It loads the code of all services, and Ansible loads this file anew for nearly every task of a role.
    from ansible_collections.saasops.jobs.plugins.plugin_utils import _report_rows

    reported = services(variables)
    errors = [
        {"service": service, "message": message}
        for service in reported
        for message in dict.fromkeys(_messages(found[service].values()))
    ]
    rows = [row for service in reported for row in _report_rows.ROWS[service](found[service], variables, now)]
    return {
        "generated_at": iso(now),
        "services": [_summary(service, rows, errors) for service in reported],
        "errors": errors,
        "rows": [asdict(row) for row in rows],
    }


def _messages(registered: Iterable[Any]) -> Iterator[str]:
    for result in registered:
        if isinstance(result, Mapping) and result.get("failed"):
            yield from failure_messages(result)


def _summary(service: str, rows: Iterable[Row], errors: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    own = [row for row in rows if row.service == service]
    sizes = [row.size_bytes for row in own if row.size_bytes is not None]
    return {
        "service": service,
        "rows": len(own),
        "would_delete": sum(row.would_delete is True for row in own),
        "size_bytes": sum(sizes) if sizes else None,
        "kinds": dict(Counter(row.kind for row in own)),
        "states": dict(Counter(row.state for row in own if row.state)),
        "is_complete": not any(error["service"] == service for error in errors),
    }


class FilterModule:
    """The decisions of the role job_report."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "report_log_groups": report_log_groups,
            "report_rows": report_rows,
            "report_services": report_services,
        }
