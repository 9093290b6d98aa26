# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services an inventory can be made of, and with which options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._core.containers import ContainerSource
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.argspec import ArgumentSpec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import read_arguments, validate_arguments
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import accounts
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.containers import LogGroups
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import projects
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.projects import AtlasProjects
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.projects import LogProjects

_NAME_PATTERN: ArgumentSpec = {"name_pattern": {"type": "str", **SELECTOR}}


@dataclass(frozen=True)
class InventorySource:
    """A service that an inventory can be made of.

    :param owner: what the containers belong to, in one word.
    :param selection: the options that say which containers are wanted.
    :param without: the options of the service's modules that an inventory of many containers does not have.
    :param connect: makes the ContainerSource of checked parameters.
    """

    owner: str
    selection: ArgumentSpec
    without: tuple[str, ...]
    connect: Callable[[Mapping[str, Any], HttpSettings, TaskContext], ContainerSource]

    def spec(self, service: str) -> ArgumentSpec:
        """The argument specification.

        :param service: its name.
        """
        connection = CONNECTIONS[service].options
        own = {option: details for option, details in connection.items() if option not in self.without}
        return {**own, **self.selection, **_NAME_PATTERN, **argspec.HTTP}


SOURCES = {
    "log_collection": InventorySource("organization", projects.OPTIONS, ("project_id",), LogProjects),
    "atlas": InventorySource("organization", projects.OPTIONS, ("project_id", "cluster_name"), AtlasProjects),
    "lts": InventorySource("project", {}, (), LogGroups),
    "cielo24": InventorySource("account", accounts.OPTIONS, (), accounts.Accounts),
}

# All options that some of the services have.
OPTIONS = {option: details for name, source in SOURCES.items() for option, details in source.spec(name).items()}


def is_selector(option: str) -> bool:
    """Whether an empty value of an option must not stand for everything."""
    return bool(OPTIONS[option].get("context", {}).get("selector"))


def read_params(service: str, given: Mapping[str, Any], context: TaskContext) -> dict[str, Any]:
    """The checked parameters of a service, with the environment and the defaults that its modules would use.

    :param service: one of SOURCES.
    :param given: the options that the user gives, in plain types.
    :raises InvalidInput: an option belongs to another service, or is invalid.
    """
    spec = SOURCES[service].spec(service)
    foreign = [option for option in given if option not in spec]
    if foreign:
        instead = " Use project_ids." if "project_id" in foreign and "project_ids" in spec else ""
        raise InvalidInput(f"The service {service} has no option {' or '.join(foreign)}.{instead}")
    arguments = read_arguments(dict(given), spec, context.mark_secret)
    return validate_arguments(arguments, spec, context.mark_secret)
