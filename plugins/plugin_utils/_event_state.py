# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file in which an event source remembers, between two runs, which states of jobs it has told."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.files import atomic_write
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.attributes import Attributes
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Known

# Changes whenever the form of the file does.
_FORMAT = 1
_KIND = "saasops.jobs events"
# Jobs can hold names of hosts.
_PRIVATE = Attributes(0o600, mode_matters=False)
# Seconds that an earlier source may take to end after this one has begun, and between two looks whether it has.
_LONGEST_OVERLAP, _PAUSE = 5.0, 0.1
# What is remembered of a job: the types that each field can have.
_FIELDS = {
    "status": (str, type(None)),
    "run": (str, type(None)),
    "failures": (int,),
    "is_expiring": (bool,),
    "changes": (int,),
    "job": (dict,),
}


@dataclass(frozen=True)
class Identity:
    """What a state file is about. Another source must not use it.

    :param service: its name.
    :param base_url: its address.
    """

    service: str
    base_url: str


# What is remembered of each job, by id, for each place.
State = dict[str, Mapping[str, Known]]


class StateFile:
    """A state file, which one source at a time can use.

    :param path: where it is, or None to remember nothing beyond this run.
    """

    def __init__(self, path: str | None, identity: Identity) -> None:
        self._path = path
        self._identity = identity
        self._lock: int | None = None

    def load(self) -> State:
        """What the file remembers; nothing if there is no file. From now on, no other source can use it.

        :raises InvalidInput: it is not a state file of this source, is in use, or cannot be read.
        :raises JobsError: it cannot be written.
        """
        if self._path is None:
            return {}
        # Better now than after the first event.
        atomic_write.try_to_replace(self._path, _PRIVATE)
        self._acquire(self._path)
        try:
            with open(self._path, encoding="utf-8") as file:
                data = json.load(file)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise InvalidInput(f"state_file: {self._path} cannot be read: {error.strerror}.") from None
        except (ValueError, RecursionError):
            raise self._refusal("is damaged, as it does not hold JSON") from None
        return self._read(data)

    def release(self) -> None:
        """Lets another source use the file."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def save(self, state: Mapping[str, Mapping[str, Known]]) -> None:
        """Replaces the file.

        :raises JobsError: it cannot be written; it is as it was.
        """
        if self._path is None:
            return
        places = {place: {job_id: asdict(known) for job_id, known in jobs.items()} for place, jobs in state.items()}
        document = {"kind": _KIND, "format": _FORMAT, **asdict(self._identity), "places": places}
        content = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode("ascii")

        def write(file: BinaryIO) -> None:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

        # The context of a task would keep something of each writing.
        atomic_write.replace(self._path, _PRIVATE, write, TaskContext())

    def _acquire(self, path: str) -> None:
        """Takes the lock that the system gives back when this process ends. It is a file of its own, as it must stay.

        :raises InvalidInput: another source has it.
        """
        deadline = time.monotonic() + _LONGEST_OVERLAP
        # Not every file system has locks.
        with suppress(OSError):
            self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            while True:
                try:
                    fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        self.release()
                        raise self._refusal("is in use by another source") from None
                time.sleep(_PAUSE)

    def _read(self, data: Any) -> State:
        if not isinstance(data, dict) or data.get("kind") != _KIND:
            raise self._refusal("is not a state file of saasops.jobs.jobs")
        if data.get("format") != _FORMAT:
            raise self._refusal(f"has the format {data.get('format')!r} instead of {_FORMAT}")
        found = Identity(str(data.get("service")), str(data.get("base_url")))
        if found != self._identity:
            raise self._refusal(
                f"is about {found.service} at {found.base_url}, and not about {self._identity.service} at "
                f"{self._identity.base_url}"
            )
        try:
            return {
                place: {job_id: _known(known) for job_id, known in jobs.items()}
                for place, jobs in data["places"].items()
            }
        except (AttributeError, KeyError, TypeError):
            raise self._refusal("is damaged, as it does not hold what it should") from None

    def _refusal(self, why: str) -> InvalidInput:
        return InvalidInput(
            f"state_file: {self._path} {why}. Give each source a file of its own, or remove the file to begin anew."
        )


def _known(data: Mapping[str, Any]) -> Known:
    """What is remembered of one job.

    :raises KeyError: something is missing.
    :raises TypeError: something is of another type.
    """
    for field, types in _FIELDS.items():
        if not isinstance(data[field], types):
            raise TypeError(field)
    return Known(**{field: data[field] for field in _FIELDS})
