# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

_CONNECTION = ("base_url", "public_key", "private_key", "client_id", "client_secret", "project_id", "product")


@dataclass(frozen=True)
class _Playbook:
    """The variables of a playbook that uses modules and no role.

    variables: all that it documents, without its prefix.
    selectors: those that must not be blank.
    """

    variables: tuple[str, ...]
    selectors: tuple[str, ...]


_PLAYBOOKS: Mapping[str, _Playbook] = {
    "delete_logs": _Playbook((*_CONNECTION, "job_ids", "max_deletions"), ("job_ids", "project_id")),
    "fetch_logs": _Playbook((*_CONNECTION, "job_ids", "dest", "mode"), ("job_ids", "dest", "project_id")),
    # Without a value, these would select every failed job, or a project that nobody meant.
    "retry_failed_logs": _Playbook(
        (*_CONNECTION, "job_ids", "resource_name", "newer_than", "wait", "wait_timeout", "wait_interval"),
        ("job_ids", "newer_than", "project_id", "resource_name"),
    ),
}


@pass_context
@_role_variables.sees_undefined
def variable_errors(context: Context, playbook: str) -> list[str]:
    """What is wrong with the variables of a playbook, see variable_errors.yml.

    :raises AnsibleFilterError: the playbook uses roles only, or does not exist.
    """
    if playbook not in _PLAYBOOKS:
        raise AnsibleFilterError(f"saasops.jobs.variable_errors: the playbook must be one of {', '.join(_PLAYBOOKS)}.")
    known = _PLAYBOOKS[playbook]
    errors = _role_variables.playbook_errors(context, playbook, known.variables)
    if errors:
        return errors
    values = {f"{playbook}_{name}": context.resolve_or_missing(f"{playbook}_{name}") for name in known.selectors}
    given = {name: value for name, value in values.items() if not _role_variables.is_absent(context, value)}
    empty = [name for name, value in given.items() if not value and not _is_handed_on(name, value)]
    return [f"{' and '.join(empty)} must not be empty; leave out what is not needed."] if empty else []


def _is_handed_on(name: str, value: object) -> bool:
    """Whether a value is the empty list of an earlier job of a workflow that found nothing to delete."""
    return name == "delete_logs_job_ids" and isinstance(value, list)


class FilterModule:
    """Checks the variables of playbooks that use modules and no role."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"variable_errors": variable_errors}
