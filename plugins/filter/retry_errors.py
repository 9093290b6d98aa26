# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

# All that the playbook documents.
_VARIABLES = (
    "base_url",
    "public_key",
    "private_key",
    "client_id",
    "client_secret",
    "project_id",
    "product",
    "job_ids",
    "resource_name",
    "newer_than",
    "wait",
    "wait_timeout",
    "wait_interval",
)
# Without a value, these would select every failed job, or a project that nobody meant.
_SELECTORS = ("job_ids", "newer_than", "project_id", "resource_name")


@pass_context
@_role_variables.sees_undefined
def retry_errors(context: Context, prefix: str) -> list[str]:
    """What is wrong with the variables of the playbook retry_failed_logs, see retry_errors.yml."""
    errors = _role_variables.playbook_errors(context, prefix, _VARIABLES)
    if errors:
        return errors
    values = {f"{prefix}_{name}": context.resolve_or_missing(f"{prefix}_{name}") for name in _SELECTORS}
    empty = [name for name, value in values.items() if not (_role_variables.is_absent(context, value) or value)]
    return [f"{' and '.join(empty)} must not be empty; leave out what is not needed."] if empty else []


class FilterModule:
    """Checks the variables of the playbook retry_failed_logs."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"retry_errors": retry_errors}
