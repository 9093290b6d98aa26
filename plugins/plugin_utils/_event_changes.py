# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has become of jobs between two looks at them: a pure function of what is known and what is there now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# What a job can become, beside the words of a service's own table of statuses.
CREATED, EXPIRING, DELETED = "created", "expiring", "deleted"
FAILED = "failed"
# A status that the service does not document.
OTHER = "other"
# Jobs that have become this hold nothing any more that could expire.
_HOLD_NOTHING = ("cancelled", "expired", "fetched", "finished")


@dataclass(frozen=True)
class Sighting:
    """A job as it is now.

    :param status: the service's word for its state, or None.
    :param kind: what a job with this status has become, such as FAILED.
    :param run: differs between two runs of the same job; None if nothing tells them apart.
    :param expires: when what it holds expires, or None.
    :param job: its fields as the modules return them.
    """

    id: str
    status: str | None
    kind: str
    run: str | None
    expires: datetime | None
    job: Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """What is remembered of a job.

    :param status: see Sighting.
    :param run: see Sighting.
    :param failures: how many times it was seen to have failed.
    :param is_expiring: its EXPIRING has been told.
    :param changes: how many of its changes have been told.
    :param job: see Sighting.
    """

    status: str | None
    run: str | None
    failures: int
    is_expiring: bool
    changes: int
    job: Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """All jobs of a place at one moment.

    :param present: those that are there.
    :param gone: ids of those that the service says are not there any more. A job that is in neither is forgotten.
    :param moment: by the service's clock.
    """

    present: Sequence[Sighting]
    gone: Collection[str]
    moment: datetime


@dataclass(frozen=True)
class Change:
    """A change of a job.

    :param kind: what it has become.
    :param before: its status before, or None.
    :param after: its status now, or None.
    :param number: how many changes of this job were told before.
    :param failures: see Known.
    :param expires: see Sighting.
    :param job: its fields; of a job that is gone, the last ones known.
    """

    job_id: str
    kind: str
    before: str | None
    after: str | None
    number: int
    failures: int
    expires: datetime | None
    job: Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """What is told.

    :param emit_existing: whether the states that jobs are in at the first look are told.
    :param expires_within: how long before its end a job is EXPIRING, or None if only its status counts.
    """

    emit_existing: bool = False
    expires_within: timedelta | None = None


@dataclass(frozen=True)
class Comparison:
    """The changes between two looks, and what to remember for the next one."""

    changes: Sequence[Change]
    known: Mapping[str, Known]


def compare(before: Mapping[str, Known] | None, listing: Listing, rules: Rules) -> Comparison:
    """The changes since the last look.

    :param before: what is remembered of each job, by id; None at the first look.
    """
    changes: list[Change] = []
    known: dict[str, Known] = {}
    is_first_look = before is None
    remembered = before or {}
    for seen in listing.present:
        last = remembered.get(seen.id)
        is_expiring = _is_expiring(seen, listing.moment, rules.expires_within)
        kinds = _kinds(last, seen, is_expiring=is_expiring, is_first_look=is_first_look)
        if is_first_look and not rules.emit_existing:
            kinds = []
        found, known[seen.id] = _of_one(last, seen, kinds, is_expiring=is_expiring)
        changes += found
    for job_id in listing.gone:
        if job_id in remembered:
            last = remembered[job_id]
            changes.append(Change(job_id, DELETED, last.status, None, last.changes, last.failures, None, last.job))
    return Comparison(changes, known)


def _kinds(last: Known | None, seen: Sighting, *, is_expiring: bool, is_first_look: bool) -> list[str]:
    """What a job that is there has become.

    :param last: what was remembered of it, or None if it was not known.
    """
    if last is None:
        kinds = [seen.kind] if is_first_look else [CREATED, seen.kind]
    else:
        kinds = [seen.kind] if _has_changed(last, seen) else []
    if is_expiring and EXPIRING not in kinds:
        kinds.append(EXPIRING)
    was_expiring = last is not None and last.is_expiring
    return [kind for kind in kinds if not (kind == EXPIRING and was_expiring)]


def _of_one(
    last: Known | None, seen: Sighting, kinds: Sequence[str], *, is_expiring: bool
) -> tuple[list[Change], Known]:
    """The changes of a job that is there, and what to remember of it."""
    number, before, failures = (last.changes, last.status, last.failures) if last else (0, None, 0)
    if seen.kind == FAILED and (last is None or _has_changed(last, seen)):
        failures += 1
    changes: list[Change] = []
    for kind in kinds:
        # A date that comes near is no change of the status.
        origin = seen.status if kind == EXPIRING and seen.kind != EXPIRING else before
        changes.append(
            Change(seen.id, kind, origin, seen.status, number + len(changes), failures, seen.expires, seen.job)
        )
    return changes, Known(seen.status, seen.run, failures, is_expiring, number + len(changes), seen.job)


def _has_changed(last: Known, seen: Sighting) -> bool:
    """Whether a job is in another state, or has failed once more, so quickly that nobody saw it run."""
    both_tell = last.run is not None and seen.run is not None
    return last.status != seen.status or seen.kind == FAILED and both_tell and last.run != seen.run


def _is_expiring(seen: Sighting, moment: datetime, within: timedelta | None) -> bool:
    if seen.kind == EXPIRING or within is None or seen.expires is None or seen.kind in _HOLD_NOTHING:
        return seen.kind == EXPIRING
    return seen.expires - moment <= within
