# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The period whose logs a job collects, and whether a job shows the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import timestamps
from . import api
from .calls import Job

_FIELDS = ("logCollectionFromDate", "logCollectionToDate")


class Period:
    """The first and the last moment of the logs, if the user gives them.

    :param params: with log_from and log_to.
    :raises InvalidInput: they are not in order.
    """

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.first: datetime | None = None
        self.last: datetime | None = None
        if params["log_from"] is None or params["log_to"] is None:
            return
        # Some forms of a date hold no fractions of a second.
        self.first = timestamps.moment("log_from", params["log_from"]).replace(microsecond=0)
        self.last = timestamps.moment("log_to", params["log_to"]).replace(microsecond=0)
        if self.first >= self.last:
            raise InvalidInput("log_from must be before log_to.")

    @property
    def length(self) -> timedelta | None:
        """How long it is, or None if the user gives none."""
        return None if self.first is None or self.last is None else self.last - self.first

    def body(self, *, in_milliseconds: bool) -> dict[str, Any]:
        """What the API wants of it: milliseconds since the epoch, or ISO 8601."""
        if self.first is None or self.last is None:
            return {}
        write = timestamps.milliseconds if in_milliseconds else timestamps.iso
        return dict(zip(_FIELDS, (write(self.first), write(self.last))))

    def is_that_of(self, job: Job, *, is_new: bool) -> bool:
        """Whether a job shows this period.

        :param is_new: the job is known to be new: showing none then does not rule it out.
        """
        shown = tuple(_milliseconds(job.get(field)) for field in _FIELDS)
        wanted = tuple(
            None if moment is None else timestamps.milliseconds(moment) for moment in (self.first, self.last)
        )
        return shown == wanted or is_new and shown == (None, None)

    def may_be_hidden_in(self, job: Job) -> bool:
        """Whether there is a period, and a job shows none."""
        return self.first is not None and not any(job.get(field) for field in _FIELDS)


def _milliseconds(date: Any) -> int | None:
    """A date as a service shows it, in whatever form, in milliseconds since the epoch."""
    moment = api.moment(date)
    return None if moment is None else timestamps.milliseconds(moment)
