# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a log collection job is asked to collect, and whether a job is the answer to that.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-submit/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import timestamps, validators
from . import api

LONGEST_NAME = 256
# The documentation of Ops Manager wants milliseconds since the epoch, that of Cloud Manager ISO 8601, as do clients of
# Atlas.
_DATE_FORMS = {"ops_manager": "milliseconds", "cloud_manager": "iso8601", "atlas": "iso8601"}
_REQUIRED = ("resource_type", "log_types", "size_requested_per_file_bytes")
_ONLY_FOR_NEW = (*_REQUIRED, "redacted", "log_from", "log_to", "max_age")


class LogCollectionSpec:
    """What to collect, the same for every resource.

    :param params: the module's parameters.
    :param product: one of api.PRODUCTS.
    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: something is missing or cannot be right.
    """

    def __init__(self, params: Mapping[str, Any], product: str, now: Callable[[], datetime]) -> None:
        missing = [option for option in _REQUIRED if params[option] in (None, [])]
        if missing:
            raise InvalidInput(f"To collect logs, also give {' and '.join(missing)}.")
        self._type: str = params["resource_type"]
        self._log_types = _distinct(params["log_types"])
        self._size = validators.positive("size_requested_per_file_bytes", params["size_requested_per_file_bytes"])
        self._redacted = bool(params["redacted"])
        self._now = now
        self._from: datetime | None
        self._to: datetime | None
        self._from, self._to = _span(params)
        self._date_form = params["date_format"] or _DATE_FORMS[product]
        self._since = timestamps.ago("max_age", params["max_age"], now)

    def check(self) -> None:
        """Checks what depends on the present moment, so an answer must be there already.

        :raises InvalidInput: the end of the logs is not past.
        """
        if self._to is not None and self._to > self._now():
            raise InvalidInput("log_to must not be in the future.")

    def body(self, name: str) -> dict[str, Any]:
        """What the API wants to start the collection from a resource."""
        body: dict[str, Any] = {
            "resourceType": self._type,
            "resourceName": name,
            "redacted": self._redacted,
            "sizeRequestedPerFileBytes": self._size,
            "logTypes": self._log_types,
        }
        if self._from is not None and self._to is not None:
            body["logCollectionFromDate"] = self._as_sent(self._from)
            body["logCollectionToDate"] = self._as_sent(self._to)
        return body

    def _as_sent(self, moment: datetime) -> int | str:
        return timestamps.milliseconds(moment) if self._date_form == "milliseconds" else timestamps.iso(moment)

    def shown(self, name: str) -> dict[str, Any]:
        """What a job for this will show of it."""
        body = self.body(name)
        return {field: body[field] for field in body if not field.startswith("logCollection")}

    def is_recent(self, job: api.Job) -> bool:
        """Whether a job is not too old for the user."""
        since = self._since()
        if since is None:
            return True
        created = api.created(job)
        return created is not None and created >= since

    def is_met_by(self, name: str, job: api.Job, *, is_new: bool) -> bool:
        """Whether a job collects just this.

        :param is_new: the job is known to be new: what it does not show then does not rule it out.
        """
        names = [job.get("resourceName"), job.get("rootResourceName") if self._type == "CLUSTER" else None]
        return (name in names or is_new and not any(names)) and self._is_alike(job, is_new=is_new)

    def may_have_other_dates(self, name: str, job: api.Job) -> bool:
        """Whether a job collects just this, but for the dates: there are some, and it shows none."""
        is_dated = any(job.get(field) for field in ("logCollectionFromDate", "logCollectionToDate"))
        return self._from is not None and not is_dated and self.is_met_by(name, job, is_new=True)

    def may_be_called_otherwise(self, job: api.Job) -> bool:
        """Whether a new job may collect just this, although it shows another name than the one it was asked for with.

        A cluster is named by its name or its id; which of them its job shows is not documented.
        """
        return self._type == "CLUSTER" and self._is_alike(job, is_new=True)

    def _is_alike(self, job: api.Job, *, is_new: bool) -> bool:
        """Whether a job collects the same, from whatever."""
        dates = (_milliseconds(job.get("logCollectionFromDate")), _milliseconds(job.get("logCollectionToDate")))
        wanted = tuple(None if moment is None else timestamps.milliseconds(moment) for moment in (self._from, self._to))
        return all(
            shown(job.get(field)) == asked or is_new and job.get(field) is None
            for field, shown, asked in (
                ("resourceType", _spelled_alike, _spelled_alike(self._type)),
                ("logTypes", _sorted, sorted(self._log_types)),
                ("sizeRequestedPerFileBytes", lambda size: size, self._size),
                ("redacted", bool, self._redacted),
            )
        ) and (dates == wanted or is_new and dates == (None, None))


def refuse_for_existing(params: Mapping[str, Any]) -> None:
    """:raises InvalidInput: jobs are named by id, and something is given that is for new ones only."""
    given = [option for option in _ONLY_FOR_NEW if params[option] is not None] + ["force"] * params["force"]
    if given:
        raise InvalidInput(f"{' and '.join(given)}: valid only for new jobs, but job_ids selects existing ones.")


def _distinct(log_types: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(log_types))


def _span(params: Mapping[str, Any]) -> tuple[datetime, datetime] | tuple[None, None]:
    """The first and the last moment of the logs, if they are given.

    :raises InvalidInput: they are not in order.
    """
    first, last = params["log_from"], params["log_to"]
    if first is None or last is None:
        return None, None
    # Some forms of a date hold no fractions of a second.
    first = timestamps.moment("log_from", first).replace(microsecond=0)
    last = timestamps.moment("log_to", last).replace(microsecond=0)
    if first >= last:
        raise InvalidInput("log_from must be before log_to.")
    return first, last


def _milliseconds(date: Any) -> int | None:
    """A date as a service shows it, in whatever form, in milliseconds since the epoch."""
    moment = api.moment(date)
    return None if moment is None else timestamps.milliseconds(moment)


def _spelled_alike(resource_type: Any) -> str:
    """REPLICASET, REPLICA_SET and replicaset are the same."""
    return str(resource_type).lower().replace("_", "")


def _sorted(value: Any) -> list[str]:
    return sorted(str(each) for each in value) if isinstance(value, list) else []
