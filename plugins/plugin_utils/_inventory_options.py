# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options in the file of an inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_snapshot import Request
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_sources import (
    OPTIONS,
    SOURCES,
    is_selector,
)
from ansible_collections.saasops.jobs.plugins.plugin_utils._module_arguments import as_module_receives
from ansible_collections.saasops.jobs.plugins.plugin_utils._unknown_options import unknown_option


def read_options(plugin: Any, config: Mapping[str, Any]) -> tuple[Request, dict[str, Any]]:
    """What is asked for, and the options for the service in plain types.

    :param plugin: the inventory plugin, after it has read its file.
    :param config: the content of the file.
    :raises AnsibleParserError: an option is misspelt, or a template in it fails.
    """
    _refuse_unknown(plugin, config)
    # What the plugin documents a default for, but the file does not give, has the default of the modules.
    names = [name for name in OPTIONS if _is_given(plugin, name, config)]
    given = {name: _templated(plugin, name, plugin.get_option(name)) for name in names}
    options = {
        name: value for name, value in as_module_receives(given).items() if value is not None or is_selector(name)
    }
    service = plugin.get_option("service")
    selection = {name: options.get(name) for name in SOURCES[service].selection}
    request = as_module_receives(
        {
            "service": service,
            "counts": plugin.get_option("counts"),
            "name_pattern": options.get("name_pattern"),
            "selection": selection,
        }
    )
    return Request(**request), options


def _spellings(plugin: Any, name: str) -> list[str]:
    return [name, *(plugin.option_definitions[name].get("aliases") or ())]


def _is_given(plugin: Any, name: str, config: Mapping[str, Any]) -> bool:
    return any(spelling in config for spelling in _spellings(plugin, name))


def _refuse_unknown(plugin: Any, config: Mapping[str, Any]) -> None:
    known = {spelling for name in plugin.option_definitions for spelling in _spellings(plugin, name)}
    problem = unknown_option("saasops.jobs.projects", config, known)
    if problem is not None:
        raise AnsibleParserError(problem)


def _templated(plugin: Any, name: str, value: Any) -> Any:
    """The value of an option with its templates resolved."""
    if not isinstance(value, (str, list)):
        return value
    plugin.templar.available_variables = plugin._vars or {}
    try:
        return plugin.templar.template(value)
    except AnsibleError as error:
        # Ansible would show lines of the file beside the cause, which may hold secrets.
        raise AnsibleParserError(f"The option {name} cannot be read: {error}") from None
