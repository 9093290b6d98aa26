# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job is asked to collect, whichever family it belongs to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import timestamps
from ...._core.params.argspec import ArgumentSpec
from ...._core.params.raw_arguments import SELECTOR
from . import api
from .calls import Job
from .period import Period

# Documented in the fragments log_collection.collection and ops_manager.collection, with what each family adds.
OPTIONS: ArgumentSpec = {
    "size_requested_per_file_bytes": {"type": "bytes"},
    "log_from": {"type": "str", **SELECTOR},
    "log_to": {"type": "str", **SELECTOR},
    "max_age": {"type": "str", **SELECTOR},
}


class BaseSpec(ABC):
    """What to collect.

    :param params: the module's parameters.
    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: something is missing or invalid.
    """

    def __init__(self, params: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self.period = Period(params)
        self.now = now
        self._since = timestamps.ago("max_age", params["max_age"], now)

    @abstractmethod
    def check(self) -> None:
        """Checks what depends on the present moment, so an answer must be there already.

        :raises InvalidInput: the period is not past.
        """

    @abstractmethod
    def body(self, name: str) -> dict[str, Any]:
        """What the API wants to start a collection.

        :param name: what the user calls it.
        """

    def shown(self, name: str) -> dict[str, Any]:
        """What a job for this will show of it."""
        body = self.body(name)
        return {field: body[field] for field in body if not field.startswith("logCollection")}

    def is_recent(self, job: Job) -> bool:
        """Whether a job is not too old for the user."""
        since = self._since()
        if since is None:
            return True
        created = api.created(job)
        return created is not None and created >= since

    @abstractmethod
    def is_met_by(self, name: str, job: Job, *, is_new: bool) -> bool:
        """Whether a job collects just this.

        :param is_new: the job is known to be new: what it does not show then does not rule it out.
        """

    def may_have_other_dates(self, name: str, job: Job) -> bool:
        """Whether a job collects just this, but for the dates: there are some, and it shows none."""
        return self.period.may_be_hidden_in(job) and self.is_met_by(name, job, is_new=True)

    @abstractmethod
    def may_be_called_otherwise(self, job: Job) -> bool:
        """Whether a new job may collect just this, although it shows another source than it was asked for with."""


def refuse_for_existing(params: Mapping[str, Any], only_for_new: Sequence[str]) -> None:
    """:raises InvalidInput: jobs are named by id, and something is given that is for new ones only.

    :param only_for_new: these options, beside force.
    """
    given = [option for option in only_for_new if params[option] is not None] + ["force"] * params["force"]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: valid only for new jobs, but job_ids selects existing ones.")
