# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server log collection job is asked to collect, and whether a job is the answer to that.

https://www.mongodb.com/docs/ops-manager/current/reference/api/om-log-collections/om-log-collections-submit/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import validators
from ...._core.params.argspec import ArgumentSpec
from ..log_jobs import base_spec
from ..log_jobs.api import shown_texts
from ..log_jobs.base_spec import BaseSpec
from ..log_jobs.calls import Job
from . import api

# Documented in the fragment ops_manager.collection.
OPTIONS: ArgumentSpec = {
    **base_spec.OPTIONS,
    "log_types": {"type": "list", "elements": "str", "choices": api.LOG_TYPES},
}
LONGEST_NAME = 256
# The service takes no longer period.
_LONGEST_PERIOD = timedelta(days=7)


class ServerLogSpec(BaseSpec):
    """What to collect, all in one job.

    What the user leaves to the service - the types of logs, and their size - is not compared in detail.

    :param params: the module's parameters.
    :param active: returns the ids of all servers whose logs can be collected, in lower case. It is called only if the
        user wants the logs of all of them and there is a job that may hold them.
    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: something is missing or invalid.
    """

    def __init__(self, params: Mapping[str, Any], active: Callable[[], Set[str]], now: Callable[[], datetime]) -> None:
        self._servers = _servers(params)
        self._active = active
        self._log_types = _log_types(params)
        self._size: int | None = params["size_requested_per_file_bytes"]
        if self._size is not None:
            validators.positive("size_requested_per_file_bytes", self._size)
        super().__init__(params, now)
        if self.period.length is not None and self.period.length > _LONGEST_PERIOD:
            raise InvalidInput(
                f"log_from and log_to: a job collects the logs of {_LONGEST_PERIOD.days} days at most. Start several."
            )

    @property
    def name(self) -> str:
        """What the job is called in the result."""
        return "all servers" if self._servers is None else ", ".join(self._servers)

    def check(self) -> None:
        if self.period.first is not None and self.period.first > self.now():
            raise InvalidInput("log_from must not be in the future.")

    def body(self, name: str) -> dict[str, Any]:
        wanted = {
            "servers": self._servers,
            "logTypes": self._log_types,
            "sizeRequestedPerFileBytes": self._size,
            **self.period.body(in_milliseconds=False),
        }
        # What is left out is left to the service.
        return {field: value for field, value in wanted.items() if value is not None}

    def is_met_by(self, name: str, job: Job, *, is_new: bool) -> bool:
        return self._is_alike(job, is_new=is_new) and self._is_of_servers(job, is_new=is_new)

    def may_be_called_otherwise(self, job: Job) -> bool:
        # A server may have come or gone meanwhile.
        return self._servers is None and self._is_alike(job, is_new=True)

    def _is_alike(self, job: Job, *, is_new: bool) -> bool:
        """Whether a job collects the same, from whichever servers."""
        size = job.get("sizeRequestedPerFileBytes")
        has_size = self._size is None or size == self._size or is_new and size is None
        return has_size and self._has_log_types(job, is_new=is_new) and self.period.is_that_of(job, is_new=is_new)

    def _has_log_types(self, job: Job, *, is_new: bool) -> bool:
        shown = shown_texts(job.get("logTypes"))
        if self._log_types is not None:
            return shown == set(self._log_types) or is_new and not shown
        # All types of logs: either none is named, or those of one kind of server at least.
        return not shown or shown >= set(api.SERVER_LOG_TYPES) or shown == {api.DAEMON_LOG_TYPE}

    def _is_of_servers(self, job: Job, *, is_new: bool) -> bool:
        shown = {server.lower() for server in shown_texts(job.get("servers"))}
        if self._servers is not None:
            return shown == {server.lower() for server in self._servers} or is_new and not shown
        # Of all servers: none is named, or each that is active.
        return not shown or self._active() <= shown


def _servers(params: Mapping[str, Any]) -> list[str] | None:
    """The servers that the user names, or None for all that are active.

    :raises InvalidInput: a name is invalid, or there is none.
    """
    if params["servers"] is not None:
        return validators.texts("servers", params["servers"], LONGEST_NAME)
    if not params["all_servers"]:
        raise InvalidInput("To collect logs, give servers, or all_servers: true.")
    return None


def _log_types(params: Mapping[str, Any]) -> list[str] | None:
    """The types of logs that the user names, each once, or None for all.

    :raises InvalidInput: the user names none.
    """
    if params["log_types"] is None:
        return None
    if not params["log_types"]:
        raise InvalidInput("log_types is empty; give at least one, or leave log_types out for all types.")
    return list(dict.fromkeys(params["log_types"]))
