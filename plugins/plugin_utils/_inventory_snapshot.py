# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory is made of: the containers of a service at one moment. A cache keeps it as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.containers import (
    Container,
    Contents,
    Oldest,
    Owner,
    Survey,
    survey,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps, wildcards
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_sources import SOURCES, read_params

# Changes whenever the form of what a cache keeps does.
_FORMAT = 1


@dataclass(frozen=True)
class Request:
    """What is asked for. It holds no secrets, so a cache may keep it beside what was found.

    :param service: one of SOURCES.
    :param counts: whether to look into the containers.
    :param name_pattern: of the names of containers, or None for all.
    :param selection: the options that say which containers are wanted.
    """

    service: str
    counts: bool
    name_pattern: str | None
    selection: Mapping[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """The containers of a service at one moment.

    :param read_at: that moment in ISO 8601, by the service's clock.
    """

    request: Request
    read_at: str
    surveys: Sequence[Survey]

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        # The round trip leaves only plain types: what the environment gives is of another, like FromEnvironment.
        plain: dict[str, Any] = json.loads(json.dumps({"format": _FORMAT, **asdict(self)}))
        return plain

    @classmethod
    def from_json(cls, data: Any, request: Request) -> Snapshot | None:
        """A snapshot that a cache kept, or None if it is not one of what is asked for now."""
        if not isinstance(data, dict) or data.get("format") != _FORMAT or data.get("request") != asdict(request):
            return None
        return cls(request, data["read_at"], [_survey(each) for each in data["surveys"]])


def _survey(data: Mapping[str, Any]) -> Survey:
    container, contents = data["container"], data["contents"]
    owner = container["owner"] and Owner(**container["owner"])
    if contents is not None:
        contents = Contents(**{**contents, "oldest": contents["oldest"] and Oldest(**contents["oldest"])})
    return Survey(Container(**{**container, "owner": owner}), contents, data["problem"])


def take_snapshot(request: Request, options: Mapping[str, Any], context: TaskContext) -> Snapshot:
    """Asks the service.

    :param options: those that the user gives, in plain types.
    :raises JobsError: the containers cannot be listed.
    """
    params = read_params(request.service, options, context)
    settings = HttpSettings.from_params(params)
    source = SOURCES[request.service].connect(params, settings, context)
    fits = wildcards.wildcard(request.name_pattern)
    containers = [each for each in source.containers() if fits(each.name or each.id)]
    if request.counts:
        surveys = survey(source, containers, settings.max_concurrency, context.cancel_token)
    else:
        surveys = [Survey(container) for container in containers]
    moment = datetime.fromtimestamp(context.clock.service_time(), timezone.utc)
    return Snapshot(request, timestamps.iso(moment), surveys)
