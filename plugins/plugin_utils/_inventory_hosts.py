# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of an inventory: their names, variables and groups."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.containers import Container, Contents, Survey
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_snapshot import Snapshot
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_sources import SOURCES

# What the names of the variables begin with.
VARIABLES = "saasops_jobs_"
# The variables that tell what a host stands for.
_IDENTITY = (f"{VARIABLES}service", f"{VARIABLES}id")
# Names of hosts that have a meaning of their own for Ansible.
_RESERVED = ("all", "ungrouped", "localhost")
# How many characters of a hash tell two names from each other.
_HASH = 8


@dataclass(frozen=True)
class Naming:
    """How hosts and groups are named.

    :param by_id: hosts are named by ids instead of names.
    """

    by_id: bool
    host_prefix: str
    group_prefix: str


@dataclass(frozen=True)
class InventoryHost:
    """A host of an inventory.

    :param name: its name, as long as no other file has a host with this name for something else.
    :param other_name: its name otherwise.
    """

    name: str
    other_name: str
    variables: Mapping[str, Any]
    groups: Sequence[str]


def make_hosts(snapshot: Snapshot, naming: Naming) -> list[InventoryHost]:
    """The hosts of an inventory, in the order of their names."""
    service, owners = snapshot.request.service, _owner_slugs(snapshot.surveys)
    groups = [[naming.group_prefix + name for name in _groups(survey, service, owners)] for survey in snapshot.surveys]
    containers = [survey.container for survey in snapshot.surveys]
    names = _host_names(containers, naming, {name for each in groups for name in each})
    hosts = [
        InventoryHost(name, f"{name}-{_distinct_id(survey.container)}", _variables(survey, snapshot), own)
        for name, survey, own in zip(names, snapshot.surveys, groups)
    ]
    return sorted(hosts, key=lambda host: host.name)


def is_same(variables: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether two hosts with the same name are one: they stand for the same thing, or one of them for nothing."""
    return all(variables.get(name) == others.get(name, variables.get(name)) for name in _IDENTITY)


def _host_names(containers: Sequence[Container], naming: Naming, taken: Collection[str]) -> list[str]:
    """A name for each container. Where two would get the same name, both get their ids as well.

    :param taken: names that hosts may not have.
    """
    own = [_safe(each.id if naming.by_id else each.name or each.id) for each in containers]
    names = [naming.host_prefix + name for name in own]
    # Whoever selects hosts may not see a difference in case only.
    counts = Counter(name.lower() for name in names)
    avoided = {name.lower() for name in (*_RESERVED, *taken)}
    return [
        name if counts[name.lower()] == 1 and name.lower() not in avoided else f"{name}-{_distinct_id(container)}"
        for name, container in zip(names, containers)
    ]


def _safe(text: str) -> str:
    """A text with an underscore for each character that means something in a pattern of hosts, or in a path."""
    safe = re.sub(r"[^\w.-]", "_", text)
    return f"_{safe}" if safe[:1] in ("", "-", ".") else safe


def _distinct_id(container: Container) -> str:
    """What no other container has."""
    return container.id if _safe(container.id) == container.id else _hash(container.id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


def _groups(survey: Survey, service: str, owners: Mapping[str, str]) -> list[str]:
    """The groups of a container: of its service, of its owner, and of what is in it."""
    owner, contents = survey.container.owner, survey.contents
    found = [service]
    if owner is not None:
        found.append(f"{SOURCES[service].owner}_{owners[owner.id]}")
    if contents is not None:
        found += [f"has_{_slug(state).lower()}" for state in contents.states]
        found += [] if contents.count else ["empty"]
    if survey.problem is not None:
        found.append("unreadable")
    return list(dict.fromkeys(found))


def _owner_slugs(surveys: Iterable[Survey]) -> dict[str, str]:
    """What the group of each owner is called, by its id; with the id if another's name looks the same."""
    owners = {survey.container.owner for survey in surveys}
    slugs = {owner.id: _slug(owner.name or owner.id) for owner in owners if owner is not None}
    counts = Counter(slugs.values())
    return {owner_id: slug if counts[slug] == 1 else f"{slug}_{_slug(owner_id)}" for owner_id, slug in slugs.items()}


def _slug(text: str) -> str:
    return re.sub(r"\W", "_", text)


def _variables(survey: Survey, snapshot: Snapshot) -> dict[str, Any]:
    container, owner = survey.container, survey.container.owner
    found: dict[str, Any] = {
        "service": snapshot.request.service,
        "id": container.id,
        "name": container.name,
        "organization_id": owner.id if owner else None,
        "organization_name": owner.name if owner else None,
        "read_at": snapshot.read_at,
    }
    if survey.contents is not None or survey.problem is not None:
        found |= {"readable": survey.problem is None, "problem": survey.problem or ""}
    if survey.contents is not None:
        found |= _contents(survey.contents, snapshot.read_at)
    return {**container.ids, **{VARIABLES + name: value for name, value in found.items()}}


def _contents(contents: Contents, read_at: str) -> dict[str, Any]:
    oldest = asdict(contents.oldest) if contents.oldest is not None else None
    if oldest is not None:
        now, created = timestamps.parse_time(read_at), timestamps.parse_time(oldest["created"])
        age = now - created if now and created else None
        oldest["age_days"] = None if age is None else max(age, timedelta()).days
    return {
        "count": contents.count,
        "states": dict(contents.states),
        "oldest": oldest,
        "names": list(contents.names),
    }
