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


@dataclass(frozen=True)
class _Survey:
    """What a survey asks for, as it cannot answer with a list of dictionaries.

    whole: the variable with such a list.
    name: the variable that stands for one entry.
    details: those that say more of that entry.
    """

    whole: str
    name: str
    details: tuple[str, ...]


_SURVEYS: Mapping[str, _Survey] = {
    "collect_logs": _Survey("log_collection_resources", "collect_logs_resource_names", ("collect_logs_resource_type",)),
    "lts_retention": _Survey(
        "lts_retention_groups", "lts_log_group_name", ("lts_keep", "lts_delete", "lts_older_than")
    ),
}


@pass_context
@_role_variables.sees_undefined
def survey_errors(context: Context, playbook: str) -> list[str]:
    """Which variables of a playbook contradict each other, see survey_errors.yml.

    :raises AnsibleFilterError: the playbook has no such variables.
    """
    if playbook not in _SURVEYS:
        raise AnsibleFilterError(f"saasops.jobs.survey_errors: the playbook must be one of {', '.join(_SURVEYS)}.")
    survey = _SURVEYS[playbook]
    given = {
        name: value
        for name in (survey.whole, survey.name, *survey.details)
        if not _role_variables.is_absent(context, value := context.resolve_or_missing(name))
    }
    if survey.name in given:
        return [f"Give either {survey.whole} or {survey.name}."] if survey.whole in given else []
    # A question that was left blank is no contradiction.
    stray = [name for name in survey.details if given.get(name)]
    return [f"{' and '.join(stray)} can be given only with {survey.name}."] if stray else []


class FilterModule:
    """Finds contradictions in the answers of surveys."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"survey_errors": survey_errors}
