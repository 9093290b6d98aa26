# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds jobs or logs, such as a project, a log group or an account; and a summary of what is in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from .cancellation import CancelToken
from .errors import Defect, InvalidInput, JobsError
from .params import timestamps
from .threads import map_concurrently

# So many containers may fail for reasons that might pass before the service counts as unavailable.
_MOST_TRANSIENT_FAILURES = 3


@dataclass(frozen=True)
class Owner:
    """What a container belongs to, such as an organization.

    :param name: None if it is not known.
    """

    id: str
    name: str | None


@dataclass(frozen=True)
class Container:
    """What holds jobs or logs.

    :param name: None if it is not known.
    :param owner: None if it is not known.
    :param ids: the options of modules that tell it from others, with their values.
    """

    id: str
    name: str | None
    owner: Owner | None
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """Something in a container.

    :param state: None if it has none.
    :param created: None if nothing tells.
    """

    id: str
    name: str | None
    state: str | None
    created: datetime | None


@dataclass(frozen=True)
class Oldest:
    """The oldest entry of a container.

    :param created: in ISO 8601.
    """

    id: str
    name: str | None
    created: str


@dataclass(frozen=True)
class Contents:
    """A summary of what is in a container.

    :param states: how many entries are in each state, in the order of the states' names.
    :param oldest: None if there is none, or if nothing tells how old the entries are.
    :param names: those of the entries, if entries have names.
    """

    count: int
    states: Mapping[str, int]
    oldest: Oldest | None
    names: Sequence[str]


@dataclass(frozen=True)
class Survey:
    """A container, and what was found in it.

    :param contents: None if nobody looked, or if it could not be read.
    :param problem: why it could not be read, as a sentence, or None.
    """

    container: Container
    contents: Contents | None = None
    problem: str | None = None


class BelongsElsewhere(JobsError):
    """A container turns out to be one of another service."""


class ContainerSource(Protocol):
    """Lists the containers of a service, and what is in them."""

    def containers(self) -> Sequence[Container]:
        """All containers.

        :raises JobsError: they cannot be listed.
        """

    def entries(self, container: Container) -> Iterable[Entry]:
        """What is in a container. Threads call this at the same time.

        :raises BelongsElsewhere: it is not one of this service.
        :raises JobsError: it cannot be read. An error with `aborts_task` is about all containers.
        """


def summarize(entries: Iterable[Entry]) -> Contents:
    """A summary of the entries of a container."""
    count, states, names = 0, Counter[str](), []
    oldest: tuple[datetime, Entry] | None = None
    for entry in entries:
        count += 1
        if entry.state is not None:
            states[entry.state] += 1
        if entry.name is not None:
            names.append(entry.name)
        if entry.created is not None and (oldest is None or entry.created < oldest[0]):
            oldest = entry.created, entry
    shown = None
    if oldest is not None:
        moment, entry = oldest
        shown = Oldest(entry.id, entry.name, timestamps.iso(moment))
    return Contents(count, dict(sorted(states.items())), shown, names)


def survey(
    source: ContainerSource, containers: Sequence[Container], max_concurrency: int, cancel_token: CancelToken
) -> list[Survey]:
    """Looks into containers, in their order. One that cannot be read costs its own summary only.

    Those that belong elsewhere are left out.

    :param max_concurrency: how many to look into at the same time.
    :raises JobsError: no other could be read either.
    """
    failures = _Failures()

    def look(container: Container) -> Survey | None:
        try:
            return Survey(container, summarize(source.entries(container)))
        except BelongsElsewhere:
            return None
        except JobsError as error:
            failures.note(error)
            return Survey(container, problem=str(error))

    found = map_concurrently(look, containers, max_concurrency, cancel_token)
    return [each for each in found if each is not None]


class _Failures:
    """Tells failures that are about one container from those that are about all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._transient = 0

    def note(self, error: JobsError) -> None:
        """Notes that a container could not be read.

        :raises JobsError: the error itself, if it is about all containers.
        """
        if error.aborts_task or isinstance(error, (Defect, InvalidInput)):
            raise error
        if error.is_transient:
            with self._lock:
                self._transient += 1
                if self._transient > _MOST_TRANSIENT_FAILURES:
                    raise error
