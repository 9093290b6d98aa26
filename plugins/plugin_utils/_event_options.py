# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an event source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.argspec import ArgumentSpec
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import read_arguments, validate_arguments
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Rules
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_sources import SOURCES, EventSource, Place
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_state import Identity
from ansible_collections.saasops.jobs.plugins.plugin_utils._unknown_options import unknown_option

# What an event source has beside the options of its service.
OWN: ArgumentSpec = {
    "service": {"type": "str", "required": True, "choices": list(SOURCES)},
    "interval": {"type": "str", "default": "60s"},
    "state_file": {"type": "path"},
    "emit_existing": {"type": "bool", "default": False},
    "expires_within": {"type": "str"},
    "feedback": {"type": "bool", "default": False},
}
# Where ansible-rulebook puts the queue of `feedback`.
FEEDBACK_QUEUE = "eda_feedback_queue"
_LONGEST_INTERVAL = 86400


@dataclass(frozen=True)
class WatchOptions:
    """What an event source watches, and how.

    :param source: its service.
    :param params: the checked parameters of the service, without those of the places.
    :param interval: seconds between two looks at a place.
    """

    source: EventSource
    identity: Identity
    places: Sequence[Place]
    params: Mapping[str, Any]
    settings: HttpSettings
    rules: Rules
    interval: float
    state_file: str | None
    waits_for_feedback: bool

    def params_of(self, place: Place) -> dict[str, Any]:
        """The parameters that the modules would have for a place."""
        return {**self.params, **place.ids}


def read_options(given: Mapping[str, Any], context: TaskContext) -> WatchOptions:
    """The options of an event source, with the environment and the defaults that the modules would use.

    :param given: as the rulebook gives them.
    :raises InvalidInput: one is missing, misspelt or invalid.
    """
    given = {name: value for name, value in given.items() if name != FEEDBACK_QUEUE}
    service = _service(given)
    source = SOURCES[service]
    spec = {**OWN, **source.spec(service)}
    _refuse_unknown(service, given, spec)
    params = validate_arguments(read_arguments(_with_text(given), spec, context.mark_secret), spec, context.mark_secret)
    settings = HttpSettings.from_params(params)
    within = params["expires_within"]
    options = WatchOptions(
        source,
        Identity(service, validators.base_url("base_url", params["base_url"])),
        source.places(params),
        params,
        settings,
        Rules(params["emit_existing"], None if within is None else timestamps.span("expires_within", within)),
        _interval(params["interval"]),
        params["state_file"],
        params["feedback"],
    )
    for place in options.places:
        # This sends nothing.
        source.connect(options.params_of(place), settings, context)
    return options


def _service(given: Mapping[str, Any]) -> str:
    service = given.get("service")
    if service not in SOURCES:
        raise InvalidInput(f"service must be one of {', '.join(SOURCES)}; it is {validators.shown(service)}.")
    return str(service)


def _with_text(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options with a bare number of seconds as text, which is what the option for a duration takes."""
    interval = given.get("interval")
    is_number = isinstance(interval, (int, float)) and not isinstance(interval, bool)
    return {**given, "interval": f"{interval}"} if is_number else dict(given)


def _interval(text: str) -> float:
    """Seconds, of a bare number or of a number with a unit."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = timestamps.span("interval", text).total_seconds()
    # The comparison is written so that NaN fails it.
    if not 1 <= seconds <= _LONGEST_INTERVAL:
        raise InvalidInput(f"interval must be from 1 to {_LONGEST_INTERVAL} seconds.")
    return seconds


def _refuse_unknown(service: str, given: Mapping[str, Any], spec: ArgumentSpec) -> None:
    known = {spelling for name, details in spec.items() for spelling in (name, *details.get("aliases", ()))}
    problem = unknown_option(f"saasops.jobs.jobs with service: {service}", given, known)
    if problem is not None:
        raise InvalidInput(problem)
