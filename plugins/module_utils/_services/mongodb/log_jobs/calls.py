# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of log collection jobs, whether they collect the logs of a project or those of Ops Manager."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ...._core.errors import ServiceError, StateConflict
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint
from ...._core.http.response import Response
from .. import objects, search
from ..objects import NotFound

if TYPE_CHECKING:
    from ..paging import Listing

Job = Mapping[str, Any]

_VERBOSE = {"verbose": "true"}


@dataclass(frozen=True)
class Calls:
    """The endpoints of a family of log collection jobs.

    :param missing: the documented codes for a job that does not exist.
    """

    list: Endpoint
    get: Endpoint
    create: Endpoint
    extend: Endpoint
    retry: Endpoint
    delete: Endpoint
    download: Endpoint
    missing: tuple[str, ...] = ()


class LogJobs(ABC):
    """All log collection jobs of a family that a task can reach.

    :param path_params: the path parameters of all endpoints, but for the id of a job.
    """

    def __init__(self, client: Client, calls: Calls, path_params: Mapping[str, str]) -> None:
        self.client = client
        self.path_params = path_params
        self._calls = calls

    @abstractmethod
    def is_conflict(self, error: ServiceError) -> bool:
        """Whether a refused change may mean that the job has changed since it was looked at."""

    def _listing(self, *, verbose: bool) -> Listing:
        # Loaded only when needed, as Ansible compiles the module anew for each task.
        from ..paging import Listing

        return Listing(self.client, self._calls.list, self.path_params, _VERBOSE if verbose else None)

    def all(self, *, verbose: bool = False) -> Iterator[Job]:
        """Yields all jobs, in the service's order; with their child jobs if verbose."""
        return self._listing(verbose=verbose).all()

    def find(self, ids: Sequence[str], *, verbose: bool = False) -> dict[str, objects.Job]:
        """The jobs that exist, by their ids, in as few requests as possible; with their child jobs if verbose."""
        get, make_listing = partial(self.get, verbose=verbose), partial(self._listing, verbose=verbose)
        return search.find(self.client, ids, get, make_listing, self._existence)

    def get(self, job_id: str, *, verbose: bool = False) -> objects.Job:
        """One job; with its child jobs if verbose.

        :raises ServiceError: it does not exist, or cannot be obtained.
        """
        query = _VERBOSE if verbose else None
        return objects.get_job(self.client, self._calls.get, self._job_params(job_id), query)

    def create(self, body: Mapping[str, Any]) -> str:
        """Starts a collection; returns its id.

        :param body: what to collect, as the API wants it.
        :raises OutcomeUnknown: it may have been started.
        """
        response = self.client.call(self._calls.create, path_params=self.path_params, json=body)
        return str(objects.created(self.client, self._calls.create, response)["id"])

    def extend(self, job_id: str, expires: str) -> None:
        """Sets when the logs of a job will be deleted.

        :param expires: the moment, in ISO 8601.
        :raises StateConflict: the job has expired, or is not there any more.
        """
        try:
            self.client.call(self._calls.extend, path_params=self._job_params(job_id), json={"expirationDate": expires})
        except ServiceError as error:
            if self._existence(error) is not NotFound.OTHER or self.is_conflict(error):
                raise StateConflict(error) from None
            raise

    def delete(self, job_id: str) -> bool:
        """Returns whether the service deleted the job; False if there is none.

        :raises StateConflict: there may be none any more, or it may not be deleted now.
        """
        try:
            self.client.call(self._calls.delete, path_params=self._job_params(job_id))
        except ServiceError as error:
            existence = self._existence(error)
            if existence is NotFound.MISSING:
                return False
            if existence is NotFound.UNCLEAR or self.is_conflict(error):
                raise StateConflict(error) from None
            raise
        return True

    def retry(self, job_id: str) -> None:
        """Starts a failed job again.

        :raises StateConflict: it is not failed, or not there, any more.
        """
        try:
            self.client.call(self._calls.retry, path_params=self._job_params(job_id))
        except ServiceError as error:
            if self._existence(error) is not NotFound.OTHER or self.is_conflict(error):
                raise StateConflict(error) from None
            raise

    def download(self, job_id: str, headers: Mapping[str, str]) -> Response:
        """The archive of a job, a Response whose body is still to be read.

        It is always asked for where the other calls go: the host in a job's `downloadUrl` may be another one, which is
        not to see any credentials.
        """
        return self.client.call(self._calls.download, path_params=self._job_params(job_id), headers=headers)

    def _job_params(self, job_id: str) -> dict[str, str]:
        return {**self.path_params, "job_id": job_id}

    def _existence(self, error: ServiceError) -> NotFound:
        return objects.existence(error, self._calls.missing)
