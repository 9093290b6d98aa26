# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services whose jobs an event source can watch, with which options, and what it sees of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable

from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.json_fields import time_field
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.argspec import ArgumentSpec
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import ListSource
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account, jobs_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import (
    OPTIONS,
    Cluster,
    cluster_name,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs import api
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import OTHER, Sighting

Job = Mapping[str, Any]

_LONGEST_NAME = 64
# What a job has become that is now in one of the documented statuses.
_LOG_KINDS = {
    "IN_PROGRESS": "in_progress",
    "SUCCESS": "ready",
    "FAILURE": "failed",
    "MARKED_FOR_EXPIRY": "expiring",
    "EXPIRED": "expired",
}
_FETCHED = "fetched"
_RESTORE_KINDS = {status: status for status in (*restore_api.STATUSES, _FETCHED)}
_CAPTION_KINDS = {
    "Authorizing": "waiting",
    "Pending": "in_progress",
    "In Process": "in_progress",
    "Reviewing": "in_progress",
    "Complete": "ready",
    "Media Failure": "failed",
}


@dataclass(frozen=True)
class Place:
    """What holds jobs.

    :param name: its name in messages and in the state file.
    :param ids: the options of modules that tell it from others, with their values. Events have them, too.
    """

    name: str
    ids: Mapping[str, str]


@dataclass(frozen=True)
class EventSource:
    """A service whose jobs can be watched.

    :param options: those that say which jobs to watch.
    :param without: the options of the service's modules that these stand for.
    :param places: the places that are watched, of the checked parameters. Raises InvalidInput if there can be none.
    :param connect: makes what lists the jobs of a place, of its parameters.
    :param sight: what is seen of a job.
    """

    options: ArgumentSpec
    without: tuple[str, ...]
    places: Callable[[Mapping[str, Any]], Sequence[Place]]
    connect: Callable[[Mapping[str, Any], HttpSettings, TaskContext], ListSource[Job]]
    sight: Callable[[Job, dict[str, Any]], Sighting]

    def spec(self, service: str) -> ArgumentSpec:
        """The argument specification.

        :param service: its name.
        """
        connection = CONNECTIONS[service].options
        own = {option: details for option, details in connection.items() if option not in self.without}
        return {**own, **self.options, **argspec.HTTP}


def _projects(params: Mapping[str, Any]) -> list[Place]:
    ids = validators.identifiers("project_ids", params["project_ids"], validators.HEX_24)
    return [Place(project, {"project_id": project}) for project in map(str.lower, ids)]


def _log_jobs(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListSource[Job]:
    service, verbose, resource = (
        api.LogCollectionJobs(params, settings, context),
        params["verbose"],
        params["resource_name"],
    )
    return ListSource(
        "jobs",
        lambda ids: service.find(ids, verbose=verbose),
        lambda: service.all(verbose=verbose),
        lambda job: resource in (None, job.get("resourceName"), job.get("rootResourceName")),
        api.fields_with_children,
    )


def _sight_of_log_job(job: Job, fields: dict[str, Any]) -> Sighting:
    finished = api.finished(job)
    run = None if finished is None else finished.isoformat()
    return _sighting(job["id"], _text(job.get("status")), _LOG_KINDS, run, api.expires(job), fields)


def _clusters(params: Mapping[str, Any]) -> list[Place]:
    project = validators.identifier("project_id", params["project_id"], validators.HEX_24).lower()
    names = validators.texts("cluster_names", params["cluster_names"], _LONGEST_NAME)
    checked = [cluster_name("cluster_names", name) for name in names]
    return [Place(f"{project}/{name}", {"project_id": project, "cluster_name": name}) for name in checked]


def _restore_jobs(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListSource[Job]:
    service, types = restore_api.RestoreJobs(Cluster(params, settings, context)), params["delivery_type"]
    return ListSource(
        "jobs",
        service.find,
        service.all_of_existing_cluster,
        lambda job: types is None or job.get("deliveryType") in types,
        service.fields,
    )


def _sight_of_restore_job(job: Job, fields: dict[str, Any]) -> Sighting:
    # The service has no word for that. It takes the address of a download away, which looks like one in preparation.
    status = _FETCHED if restore_api.was_fetched(job) else restore_api.status(job)
    return _sighting(job["id"], status, _RESTORE_KINDS, None, time_field(job, "expiresAt"), fields)


def _account(params: Mapping[str, Any]) -> list[Place]:
    # A token may be one of another account than the environment names.
    own = "" if "api_token" in account.way_to_sign_in(params) else f"{params['username']}"
    if params["sub_account"] is None:
        return [Place(own or "the account of the token", {})]
    name = validators.text("sub_account", params["sub_account"], account.LONGEST_TEXT)
    return [Place(f"{own}/{name}", {"sub_account": name})]


def _captioning_jobs(params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> ListSource[Job]:
    service = jobs_api.CaptioningJobs(account.Account(params, settings, context))
    return ListSource(
        "jobs", service.find, lambda: service.all(username=params["sub_account"]), lambda _job: True, jobs_api.fields
    )


def _sight_of_captioning_job(job: Job, fields: dict[str, Any]) -> Sighting:
    return _sighting(job["JobId"], jobs_api.text_of(job, "JobStatus"), _CAPTION_KINDS, None, None, fields)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _sighting(
    job_id: str,
    status: str | None,
    kinds: Mapping[str, str],
    run: str | None,
    expires: datetime | None,
    fields: dict[str, Any],
) -> Sighting:
    return Sighting(job_id, status, kinds.get(status or "", OTHER), run, expires, fields)


def _several(option: ArgumentSpec, name: str) -> dict[str, Any]:
    """The specification of a list of what modules have one of."""
    details = {key: value for key, value in option[name].items() if key != "aliases"}
    aliases = [name, *option[name].get("aliases", ())]
    return {**details, "type": "list", "elements": "str", "aliases": aliases, **SELECTOR}


SOURCES = {
    "log_collection": EventSource(
        {
            "project_ids": _several(api.OPTIONS, "project_id"),
            "resource_name": {"type": "str", **SELECTOR},
            "verbose": {"type": "bool", "default": False},
        },
        ("project_id",),
        _projects,
        _log_jobs,
        _sight_of_log_job,
    ),
    "atlas": EventSource(
        {
            "cluster_names": _several(OPTIONS, "cluster_name"),
            "delivery_type": {"type": "list", "elements": "str", "choices": restore_api.DELIVERY_TYPES, **SELECTOR},
        },
        ("cluster_name",),
        _clusters,
        _restore_jobs,
        _sight_of_restore_job,
    ),
    "cielo24": EventSource(
        {"sub_account": {"type": "str", **SELECTOR}}, (), _account, _captioning_jobs, _sight_of_captioning_job
    ),
}
