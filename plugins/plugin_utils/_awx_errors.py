# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables of the role awx_setup, before anything is sent to AWX."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.util import find_spec

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.plugin_utils._awx_objects import Entry, Setup
from ansible_collections.saasops.jobs.plugins.plugin_utils._role_variables import SERVICES

_SHORTEST_TIMEOUT = 60


def setup_errors(setup: Setup) -> Iterator[str]:
    """A sentence for each error."""
    if not _has_awx_collection():
        yield "The role needs the collection awx.awx; install it with `ansible-galaxy collection install awx.awx`."
    empty = [name for name in ("prefix", "organization") if not str(setup.variables.get(name) or "").strip()]
    if empty:
        # Without a prefix, the role would remove what it has not created.
        yield f"{' and '.join(f'awx_setup_{name}' for name in empty)} must not be empty."
        return
    try:
        errors = [*_unknown(setup), *_credentials(setup), *_timeouts(setup)]
        yield from errors
        if not errors:
            yield from _schedules(setup)
    except InvalidInput as error:
        yield str(error)


def _has_awx_collection() -> bool:
    return _is_installed("ansible_collections.awx.awx")


def _is_installed(collection: str) -> bool:
    try:
        return find_spec(collection) is not None
    except ImportError:
        return False


def _unknown(setup: Setup) -> Iterator[str]:
    templates = [entry["key"] for entry in setup.catalogue.templates if "workflow" not in entry]
    workflows = [entry["key"] for entry in setup.catalogue.workflows]
    if not setup.services:
        yield "awx_setup_services must not be empty."
    for name, known in (("services", SERVICES), ("templates", templates), ("workflows", workflows)):
        yield from _of(f"awx_setup_{name}", setup.listed(name, known), known)


def _of(name: str, words: Collection[str], known: Collection[str]) -> Iterator[str]:
    unknown = [str(word) for word in words if word not in known]
    if unknown:
        yield f"{name}: unknown: {', '.join(unknown)}. There are {', '.join(known)}."


def _credentials(setup: Setup) -> Iterator[str]:
    kinds = {entry["key"]: entry for entry in setup.catalogue.credential_types}
    names: set[str] = set()
    for credential in setup.variables["credentials"]:
        name = str(credential["name"])
        label = f"awx_setup_credentials: {name}"
        if name in names:
            yield f"{label} is there twice."
        names.add(name)
        if credential["type"] not in kinds:
            yield from _of(f"{label}: type", [credential["type"]], kinds)
        elif not setup.is_removal:
            yield from _inputs(label, kinds[credential["type"]], credential.get("inputs") or {})
            if kinds[credential["type"]] not in setup.credential_types():
                yield f"{label} is for a service that awx_setup_services leaves out."


def _inputs(label: str, kind: Entry, inputs: Entry) -> Iterator[str]:
    """What AWX refuses, or accepts and then fails each job for. Values may be secrets, so no sentence shows one."""
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    yield from _of(f"{label}: inputs", list(inputs), fields)
    missing = [name for name in kind["inputs"]["required"] if not inputs.get(name)]
    if missing:
        yield f"{label}: {', '.join(missing)} must not be empty."
    for name, value in inputs.items():
        if not isinstance(value, str):
            yield f"{label}: {name} must be a text."
        elif fields.get(name, {}).get("format") == "url" and "://" not in value:
            yield f"{label}: {name} must begin with https://; leave it out if it is not needed."


def _timeouts(setup: Setup) -> Iterator[str]:
    timeouts = setup.variables["timeouts"]
    yield from _of("awx_setup_timeouts", list(timeouts), [entry["key"] for entry in setup.catalogue.templates])
    short = [key for key, seconds in timeouts.items() if not _is_long_enough(seconds)]
    if short:
        yield f"awx_setup_timeouts: {', '.join(short)}: must be a number of seconds, {_SHORTEST_TIMEOUT} or more."


def _is_long_enough(seconds: object) -> bool:
    try:
        return int(str(seconds)) >= _SHORTEST_TIMEOUT
    except ValueError:
        return False


def _schedules(setup: Setup) -> Iterator[str]:
    entries = {entry["key"]: entry for entry in (*setup.catalogue.templates, *setup.catalogue.workflows)}
    for schedule in setup.variables["schedules"]:
        label = f"awx_setup_schedules: {schedule['template']}"
        if schedule["template"] not in entries:
            yield from _of("awx_setup_schedules: template", [schedule["template"]], entries)
            continue
        entry = entries[schedule["template"]]
        if schedule.get("dry_run") and not entry.get("changes"):
            yield f"{label} has no dry run."
        if not str(schedule["rrule"]).startswith("DTSTART") or " RRULE:" not in str(schedule["rrule"]):
            yield f"{label}: rrule must look like DTSTART;TZID=UTC:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1."
        if not setup.is_removal:
            yield from _answers(setup, label, entry, schedule.get("answers") or {})


def _answers(setup: Setup, label: str, entry: Entry, answers: Entry) -> Iterator[str]:
    """What AWX refuses, and what it would start jobs without."""
    spec = setup.survey(entry)
    yield from _of(f"{label}: answers", list(answers), [question["variable"] for question in spec])
    open_questions = [each["variable"] for each in spec if answers.get(each["variable"], each["default"]) in ("", None)]
    if open_questions and entry in (*setup.templates(), *setup.workflows()):
        yield f"{label}: answers must have {', '.join(open_questions)}."
