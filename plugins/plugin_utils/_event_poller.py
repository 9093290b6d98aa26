# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at the jobs of one place, and turns what has changed into events. This blocks, so it needs a thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timezone
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import CancelToken
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.json_safe import plain
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import timestamps
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import ListSource
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import registry
from ansible_collections.saasops.jobs.plugins.module_utils._core.runner import MaskingContext
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Change, Known, Listing, compare
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_log import logger
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import WatchOptions
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_sources import Job, Place

Event = dict[str, Any]

# Digits of the ids of events.
_ID_LENGTH = 32


@dataclass(frozen=True)
class Look:
    """What a look at a place has found.

    :param events: in the order in which they are to be told.
    :param known: what to remember once they are told.
    """

    events: Sequence[Event]
    known: Mapping[str, Known]


class Poller:
    """Looks at the jobs of one place. One connection serves many looks, as signing in costs requests as well."""

    def __init__(self, options: WatchOptions, place: Place) -> None:
        self.place = place
        self._options = options
        self._cancel_token = CancelToken()
        self._secrets: set[str] = set()
        self._context: TaskContext | None = None
        self._jobs: ListSource[Job] | None = None
        self._said: set[str] = set()

    def look(self, before: Mapping[str, Known] | None) -> Look:
        """Lists the jobs.

        :param before: what is remembered of each job, by id; None at the first look.
        :raises JobsError: it cannot be determined which jobs there are.
        :raises Cancelled: the source is to end.
        """
        jobs, context = self._connected()
        try:
            listing = self._list(jobs, context, before or {})
            comparison = compare(before, listing, self._options.rules)
            events = [_event(change, self._options, self.place, listing.moment) for change in comparison.changes]
        except JobsError:
            self.close()
            raise
        # What is watched for weeks must not end unheard.
        except Exception as cause:
            defect = context.note_defect(cause)
            for text in context.defects:
                logger.debug("%s", context.scrub(text))
            self.close()
            raise defect from None
        self._tell_warnings(context)
        return Look(events, comparison.known)

    def stop(self) -> None:
        """Ends a look in progress, as soon as its request allows."""
        self._cancel_token.request("The event source was stopped.")

    def close(self) -> None:
        """Signs out. The next look signs in again."""
        context, self._context, self._jobs = self._context, None, None
        if context is not None:
            context.clean_up()
            self._tell_warnings(context)

    def _connected(self) -> tuple[ListSource[Job], TaskContext]:
        if self._context is None or self._jobs is None:
            options = self._options
            self._context = MaskingContext(self._secrets, cancel_token=self._cancel_token)
            self._jobs = options.source.connect(options.params_of(self.place), options.settings, self._context)
        return self._jobs, self._context

    def _list(self, source: ListSource[Job], context: TaskContext, before: Mapping[str, Known]) -> Listing:
        found = [(job, source.fields(job)) for job in source.list_all()]
        listed = {fields["id"] for _job, fields in found}
        # A page may have lost a job, so only the service's word that a job does not exist counts.
        doubtful = [job_id for job_id in before if job_id not in listed]
        still_there = source.find(doubtful) if doubtful else {}
        found += [(job, source.fields(job)) for job in still_there.values()]
        shown = self._without_secrets([fields for _job, fields in found])
        return Listing(
            [
                self._options.source.sight(job, fields)
                for (job, _given), fields in zip(found, shown)
                if source.matches(job)
            ],
            [job_id for job_id in doubtful if job_id not in still_there],
            datetime.fromtimestamp(context.clock.service_time(), timezone.utc),
        )

    def _without_secrets(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The jobs as plain data in which no secret is, even if the service repeats one."""
        jobs = plain({"jobs": jobs})["jobs"]
        text = json.dumps(jobs)
        if not any(secret in text for secret in self._secrets):
            return jobs
        cleaned: list[dict[str, Any]] = _scrubbed(jobs, self._secrets)
        return cleaned

    def _tell_warnings(self, context: TaskContext) -> None:
        for warning in context.warnings:
            if warning not in self._said:
                self._said.add(warning)
                logger.warning("%s: %s", self.place.name, context.scrub(warning))
        context.warnings.clear()


def _scrubbed(value: Any, secrets: set[str]) -> Any:
    if isinstance(value, str):
        return registry.scrub(value, secrets)
    if isinstance(value, dict):
        return {name: _scrubbed(part, secrets) for name, part in value.items()}
    return [_scrubbed(part, secrets) for part in value] if isinstance(value, list) else value


def _event(change: Change, options: WatchOptions, place: Place, moment: datetime) -> Event:
    """A change as the event that docs/events.md describes."""
    identity = [*astuple(options.identity), place.name, change.job_id, change.number, change.kind, change.after]
    return {
        "id": hashlib.sha256(json.dumps(identity).encode("ascii")).hexdigest()[:_ID_LENGTH],
        "service": options.identity.service,
        **place.ids,
        "change": change.kind,
        "from": change.before,
        "to": change.after,
        "time": timestamps.iso(moment),
        "failures": change.failures,
        "expires": None if change.expires is None else timestamps.iso(change.expires),
        "job": dict(change.job),
    }
