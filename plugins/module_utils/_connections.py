# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections that can be checked, and the options of all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ._core.checks.run import CheckedService
from ._core.context import TaskContext
from ._core.errors import InvalidInput
from ._core.http.settings import HttpSettings
from ._core.params.argspec import ArgumentSpec
from ._core.runner import validate_arguments
from ._services.cielo24 import account
from ._services.cielo24.check import AccountCheck
from ._services.lts.auth import options
from ._services.lts.check import ProjectCheck
from ._services.mongodb.atlas import cluster
from ._services.mongodb.atlas.check import ClusterCheck
from ._services.mongodb.log_jobs import api as log_jobs
from ._services.mongodb.log_jobs.check import log_collection_check
from ._services.mongodb.server_log_jobs import api as server_log_jobs
from ._services.mongodb.server_log_jobs.check import server_log_collection_check


@dataclass(frozen=True)
class Connection:
    """A connection that can be checked: its options, and what makes the check."""

    options: ArgumentSpec
    check: Callable[[Mapping[str, Any], HttpSettings, TaskContext], CheckedService]


CONNECTIONS = {
    "log_collection": Connection(log_jobs.OPTIONS, log_collection_check),
    "server_log_collection": Connection(server_log_jobs.OPTIONS, server_log_collection_check),
    "atlas": Connection(cluster.OPTIONS, ClusterCheck),
    "lts": Connection(options.OPTIONS, ProjectCheck),
    "cielo24": Connection(account.OPTIONS, AccountCheck),
}

# They depend on the service, so they are applied once it is known.
_DEPENDENT = ("default", "fallback", "required")

# Of options with the same name, the first one's aliases count.
OPTIONS: ArgumentSpec = {
    option: {name: value for name, value in details.items() if name not in _DEPENDENT}
    for connection in reversed(CONNECTIONS.values())
    for option, details in connection.options.items()
}


def params_of(service: str, params: Mapping[str, Any], context: TaskContext) -> dict[str, Any]:
    """The options of a connection, with the environment and the defaults that the other modules would use.

    :param service: one of CONNECTIONS.
    :param params: OPTIONS.
    :raises InvalidInput: an option belongs to another service, or one is missing.
    """
    connection = CONNECTIONS[service]
    foreign = [option for option in OPTIONS if option not in connection.options and params[option] is not None]
    if foreign:
        raise InvalidInput(f"The service {service} has no option {' or '.join(foreign)}.")
    given = {option: params[option] for option in connection.options if params[option] is not None}
    return validate_arguments(given, connection.options, context.mark_secret)
