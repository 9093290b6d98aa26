# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the role job_report: one for each thing that a service has, in the same columns for all services."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.saasops.jobs.plugins.filter import purge
from ansible_collections.saasops.jobs.plugins.filter.cancellation import cancellation_plan
from ansible_collections.saasops.jobs.plugins.filter.retention import is_unwanted
from ansible_collections.saasops.jobs.plugins.filter.sweep import sweep_plan
from ansible_collections.saasops.jobs.plugins.module_utils._core.json_fields import time_field
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.timestamps import iso
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import jobs_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import selection
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.stream_reconcile import (
    FeedingStream,
    deletable_ids,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers import view
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api, snapshot_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api as log_jobs
from ansible_collections.saasops.jobs.plugins.plugin_utils import _loop_results
from ansible_collections.saasops.jobs.plugins.test.fits import fits

# What the tasks of the role have registered for a service, each under a name of its own.
Found = Mapping[str, Any]
# The variables of the role without its prefix.
Variables = Mapping[str, Any]

_UNKNOWN = "not known, as the service did not answer"


@dataclass(frozen=True)
class Row:
    """A thing that a service has.

    parent: the project, cluster, log group or account that it belongs to.
    created, expires: in ISO 8601, or None if the service does not tell.
    age_days: days since it was created, not negative.
    would_delete: whether a sweep would delete or cancel it; None if that could not be found out.
    reason: why, or why it is kept although it is old enough.
    """

    service: str
    kind: str
    id: str
    name: str
    parent: str
    state: str
    created: str | None
    age_days: float | None
    size_bytes: int | None
    expires: str | None
    would_delete: bool | None = False
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a sweep would do, in the words of Row."""

    would_delete: bool | None = False
    reason: str = ""


STAYS = Verdict()


def _row(
    thing: Mapping[str, Any],
    labels: tuple[str, str, str, str, str],
    created: datetime | None,
    now: datetime,
    *,
    size: object = None,
    expires: datetime | None = None,
    verdict: Verdict = STAYS,
) -> Row:
    """:param labels: service, kind, name, parent and state."""
    service, kind, name, parent, state = labels
    return Row(
        service=service,
        kind=kind,
        id=str(thing["id"]),
        name=name,
        parent=parent,
        state=state,
        created=iso(created) if created else None,
        age_days=_age(created, now),
        size_bytes=_size(size),
        expires=iso(expires) if expires else None,
        would_delete=verdict.would_delete,
        reason=verdict.reason,
    )


def _age(created: datetime | None, now: datetime) -> float | None:
    return round(max((now - created) / timedelta(days=1), 0.0), 2) if created else None


def _size(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _has_failed(registered: object) -> bool:
    return isinstance(registered, Mapping) and bool(registered.get("failed"))


def _verdict(key: str, ids: Collection[str] | None, reason: str) -> Verdict:
    """:param ids: what a sweep would delete, or None if that could not be found out."""
    if ids is None:
        return Verdict(None, _UNKNOWN)
    return Verdict(True, reason) if key in ids else STAYS


# ------------------------------------------------------------------------------------------------- log collection jobs


def log_job_rows(found: Found, variables: Variables, now: datetime) -> Iterator[Row]:
    """Log collection jobs.

    :param found: `jobs`, and as `old` those that are old enough for log_collection_sweep.
    """
    statuses = variables.get("log_collection_delete_statuses", [])
    old = found["old"]
    ids = None if _has_failed(old) else sweep_plan({"jobs": []}, old, statuses)["delete"]
    for job in _listed(found["jobs"], "jobs"):
        reason = f"{job.get('status')}, older than {variables.get('log_collection_older_than')}"
        labels = (
            "log_collection",
            "log collection job",
            _text(job.get("resourceName")),
            _text(job.get("groupId")),
            _text(job.get("status")),
        )
        yield _row(
            job,
            labels,
            log_jobs.created(job),
            now,
            size=job.get("uncompressedSizeTotalBytes"),
            expires=log_jobs.expires(job),
            verdict=_verdict(job["id"], ids, reason),
        )


def _listed(registered: object, key: str) -> list[dict[str, Any]]:
    return list(registered.get(key, ())) if isinstance(registered, Mapping) else []


# --------------------------------------------------------------------------------------------------------------- Atlas


def atlas_rows(found: Found, variables: Variables, now: datetime) -> Iterator[Row]:
    """Restore jobs and snapshots.

    :param found: the results of loops over clusters: `jobs`, `snapshots`, and as `old` the downloads that are old
        enough for restore_download_sweep.
    """
    unknown = _clusters_without_answer(found["old"])
    ids = {
        job_id
        for cluster in cancellation_plan(_with_answer(found["old"], "jobs"))["clusters"]
        for job_id in cluster["job_ids"]
    }
    age = variables.get("atlas_older_than")
    for cluster, job in _each(found["jobs"], "jobs"):
        reason = f"{_text(job.get('status'))} and not fetched, older than {age}"
        yield _row(
            job,
            ("atlas", "restore job", _restore_name(job), cluster, _text(job.get("status"))),
            restore_api.created(job, lambda: now),
            now,
            expires=time_field(job, "expiresAt"),
            verdict=_verdict(job["id"], None if cluster in unknown else ids, reason),
        )
    for cluster, snapshot in _each(found["snapshots"], "snapshots"):
        yield _row(
            snapshot,
            ("atlas", "snapshot", _snapshot_name(snapshot), cluster, _text(snapshot.get("status"))),
            snapshot_api.created(snapshot),
            now,
            size=snapshot.get("storageSizeBytes"),
            expires=time_field(snapshot, "expiresAt"),
        )


def _each(registered: object, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for result in _loop_results.results(registered):
        for thing in result.get(key, ()):
            yield str(_loop_results.item(result)), thing


def _with_answer(registered: object, key: str) -> dict[str, Any]:
    return {"results": [result for result in _loop_results.results(registered) if key in result]}


def _clusters_without_answer(registered: object) -> set[str]:
    return {str(_loop_results.item(result)) for result in _loop_results.results(registered) if _has_failed(result)}


def _restore_name(job: Mapping[str, Any]) -> str:
    target = job.get("targetClusterName")
    return f"{job.get('deliveryType')} to {target}" if target else _text(job.get("deliveryType"))


def _snapshot_name(snapshot: Mapping[str, Any]) -> str:
    return _text(snapshot.get("description") or snapshot.get("frequencyType") or snapshot.get("snapshotType"))


# ----------------------------------------------------------------------------------------------------------------- LTS


def log_stream_rows(found: Found, variables: Variables, now: datetime) -> Iterator[Row]:
    """Log streams.

    :param found: `groups`, the results of loops over log groups as `streams` and as `old`, and `transfers`.
    """
    names = {group["id"]: _text(group.get("log_group_name")) for group in _listed(found["groups"], "log_groups")}
    old = {_loop_results.item(result)["label"]: result for result in _loop_results.results(found["old"])}
    for result in _loop_results.results(found["streams"]):
        group, streams = _loop_results.item(result), result.get("log_streams", [])
        verdicts = _retention(group, streams, old.get(group["label"], {}), found["transfers"], variables)
        for stream in streams:
            parent = names.get(stream.get("log_group_id"), group["label"])
            yield _row(
                stream,
                ("lts", "log stream", _text(stream.get("log_stream_name")), parent, ""),
                selection.created(stream),
                now,
                verdict=verdicts.get(stream["id"], STAYS),
            )


def _retention(
    group: Mapping[str, Any], streams: list[dict[str, Any]], old: Found, feeding: object, variables: Variables
) -> dict[str, Verdict]:
    """What lts_retention would do with the log streams of a log group."""
    if not group["is_swept"]:
        return {}
    if _has_failed(old) or _has_failed(feeding):
        return dict.fromkeys((stream["id"] for stream in streams), Verdict(None, _UNKNOWN))
    old_ids = {stream["id"] for stream in old.get("log_streams", ())} if group.get("older_than") else None
    unwanted = [
        FeedingStream({**stream, "log_stream_id": stream["id"]}, _fed(stream, feeding))
        for stream in streams
        if (old_ids is None or stream["id"] in old_ids) and is_unwanted(group, stream["log_stream_name"])
    ]
    if boolean(variables.get("lts_delete_transfers", False), strict=False):
        deletable = deletable_ids(unwanted)
    else:
        deletable = frozenset(stream.stream_id for stream in unwanted if not stream.transfers)
    reason = f"older than {group['older_than']}" if group.get("older_than") else "unwanted by its name"
    feeds = Verdict(False, "kept, as it feeds a log transfer")
    return {s.stream_id: Verdict(True, reason) if s.stream_id in deletable else feeds for s in unwanted}


def _fed(stream: Mapping[str, Any], feeding: object) -> tuple[dict[str, Any], ...]:
    listed = _listed(feeding, "log_transfers")
    return tuple(transfer for transfer in listed if stream["id"] in view.feeder_ids(transfer))


# ------------------------------------------------------------------------------------------------------------- cielo24


def captioning_rows(found: Found, variables: Variables, now: datetime) -> Iterator[Row]:
    """Captioning jobs.

    :param found: `jobs`, and as `old` those that meet the conditions of cielo24_purge.
    """
    given = [word for name, word in purge.CONDITIONS.items() if variables.get(f"cielo24_{name}")]
    # Without a condition, nothing would be deleted.
    old = found["old"] if given else None
    ids = None if _has_failed(old) else {job["id"] for job in _listed(old, "jobs")}
    keep = text_list("job_report_cielo24_keep", variables.get("cielo24_keep") or [], holds_blanks=True)
    for job in _listed(found["jobs"], "jobs"):
        name = _text(job.get("JobName"))
        verdict = _verdict(job["id"], ids, f"meets the conditions for {' and '.join(given)}")
        if verdict.would_delete and fits(name, keep):
            verdict = Verdict(False, "kept by its name")
        yield _row(
            job,
            ("cielo24", "captioning job", name, _text(job.get("Username")), _text(job.get("JobStatus"))),
            jobs_api.created(job),
            now,
            verdict=verdict,
        )


ROWS: Mapping[str, Callable[[Found, Variables, datetime], Iterator[Row]]] = {
    "log_collection": log_job_rows,
    "atlas": atlas_rows,
    "lts": log_stream_rows,
    "cielo24": captioning_rows,
}
