# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a log collection job is asked to collect, and whether a job is the answer to that.

https://www.mongodb.com/docs/ops-manager/current/reference/api/log-collections/log-collections-submit/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ...._core.errors import InvalidInput
from ...._core.params import validators
from ...._core.params.argspec import ArgumentSpec
from . import api, base_spec
from .base_spec import BaseSpec
from .calls import Job

# Documented in the fragment log_collection.collection.
OPTIONS: ArgumentSpec = {
    **base_spec.OPTIONS,
    "resource_type": {"type": "str", "choices": api.RESOURCE_TYPES},
    "log_types": {"type": "list", "elements": "str", "choices": api.LOG_TYPES},
    "redacted": {"type": "bool"},
    "date_format": {"type": "str", "choices": ["milliseconds", "iso8601"]},
}
LONGEST_NAME = 256
# The documentation of Ops Manager wants milliseconds since the epoch, that of Cloud Manager ISO 8601, as do clients of
# Atlas.
_DATE_FORMS = {"ops_manager": "milliseconds", "cloud_manager": "iso8601", "atlas": "iso8601"}
_REQUIRED = ("resource_type", "log_types", "size_requested_per_file_bytes")
_ONLY_FOR_NEW = (*_REQUIRED, "redacted", "log_from", "log_to", "max_age")


class LogCollectionSpec(BaseSpec):
    """What to collect, the same for every resource.

    :param params: the module's parameters.
    :param product: one of api.PRODUCTS.
    :param now: a function that returns the present moment, see Clock.present().
    :raises InvalidInput: something is missing or invalid.
    """

    def __init__(self, params: Mapping[str, Any], product: str, now: Callable[[], datetime]) -> None:
        missing = [option for option in _REQUIRED if params[option] in (None, [])]
        if missing:
            raise InvalidInput(f"To collect logs, also give {', '.join(missing)}.")
        self._type: str = params["resource_type"]
        self._log_types = list(dict.fromkeys(params["log_types"]))
        self._size = validators.positive("size_requested_per_file_bytes", params["size_requested_per_file_bytes"])
        self._redacted = bool(params["redacted"])
        self._date_form = params["date_format"] or _DATE_FORMS[product]
        super().__init__(params, now)

    def check(self) -> None:
        if self.period.last is not None and self.period.last > self.now():
            raise InvalidInput("log_to must not be in the future.")

    def body(self, name: str) -> dict[str, Any]:
        return {
            "resourceType": self._type,
            "resourceName": name,
            "redacted": self._redacted,
            "sizeRequestedPerFileBytes": self._size,
            "logTypes": self._log_types,
            **self.period.body(in_milliseconds=self._date_form == "milliseconds"),
        }

    def is_met_by(self, name: str, job: Job, *, is_new: bool) -> bool:
        names = [job.get("resourceName"), job.get("rootResourceName") if self._type == "CLUSTER" else None]
        return (name in names or is_new and not any(names)) and self._is_alike(job, is_new=is_new)

    def may_be_called_otherwise(self, job: Job) -> bool:
        # A cluster is named by its name or its id; which of them its job shows is not documented.
        return self._type == "CLUSTER" and self._is_alike(job, is_new=True)

    def _is_alike(self, job: Job, *, is_new: bool) -> bool:
        """Whether a job collects the same, from whatever."""
        return all(
            shown(job.get(field)) == asked or is_new and job.get(field) is None
            for field, shown, asked in (
                ("resourceType", _spelled_alike, _spelled_alike(self._type)),
                ("logTypes", api.shown_texts, set(self._log_types)),
                ("sizeRequestedPerFileBytes", lambda size: size, self._size),
                ("redacted", bool, self._redacted),
            )
        ) and self.period.is_that_of(job, is_new=is_new)


def refuse_for_existing(params: Mapping[str, Any]) -> None:
    """:raises InvalidInput: jobs are named by id, and something is given that is for new ones only."""
    base_spec.refuse_for_existing(params, _ONLY_FOR_NEW)


def _spelled_alike(resource_type: Any) -> str:
    """REPLICASET, REPLICA_SET and replicaset are the same."""
    return str(resource_type).lower().replace("_", "")
