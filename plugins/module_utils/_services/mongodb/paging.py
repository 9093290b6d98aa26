# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the MongoDB management APIs, and looking things up in them with the fewest requests.

https://www.mongodb.com/docs/ops-manager/current/core/api/
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint
from ..._core.http.list_bounds import Bounds
from ..._core.http.response import Response
from ..._core.params import validators
from ..._core.threads import map_concurrently
from . import conventions

PAGE_SIZE = 500
# The service's limit today, and the one of years ago.
_FULL_PAGES = (PAGE_SIZE, 100)

Job = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")


class NotFound(Enum):
    """What an error says about the existence of an object."""

    MISSING = "it does not exist"
    OTHER = "something else"
    UNCLEAR = "it may not exist, or something else is wrong"


@dataclass(frozen=True)
class Page:
    """One page of a list.

    :param jobs: its items.
    :param left: about how many pages follow, or None if the service does not say.
    """

    jobs: list[Job]
    left: int | None


@dataclass(frozen=True)
class _Content:
    """What a page holds.

    :param jobs: its items.
    :param total: how many there are on all pages by the service's count, which may not be exact, or None.
    :param has_next: whether it announces another page; None if it says nothing of that.
    """

    jobs: list[Job]
    total: int | None
    has_next: bool | None


class Listing:
    """Goes through the pages of a list to the very end, whichever of the documented hints the service sends.

    :param query: further query parameters.
    :param id_field: the field of an item that holds its id. Items are yielded with it as their `id`, too.
    :param takes_pages: the endpoint's documentation has parameters for pages. Without them, further pages are asked for
        only if the service says that there are some.
    """

    def __init__(
        self,
        client: Client,
        endpoint: Endpoint,
        path_params: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        *,
        id_field: str = "id",
        takes_pages: bool = True,
    ) -> None:
        self._client = client
        self._id_field = id_field
        self._endpoint = endpoint
        self._query = query or {}
        self._takes_pages = takes_pages
        self._path_params = path_params
        # Whether the pages that were read last can be one list: nobody added or removed anything between them.
        self.fits_together = False
        # Whether they also are as many jobs as the service counts, or fewer.
        self.is_complete = False
        self.is_short = False

    def map_concurrently(self, function: Callable[[T], R], things: Iterable[T]) -> list[R]:
        """Calls function(thing) for every thing, as many at a time as the task may."""
        return map_concurrently(function, things, self._client.settings.max_concurrency, self._client.cancel_token)

    def pages(self, *, ahead: bool = False) -> Iterator[Page]:
        """Yields each Page. Each call reads the list anew.

        :param ahead: read several at a time; some may be read in vain if the caller does not want them all.
        :raises JobsError: a page could not be had.
        """
        seen: set[str] = set()
        totals: set[int | None] = set()
        is_repeated = False
        bounds = Bounds(f"{self._client.profile.name} did not {self._endpoint.purpose.format(**self._path_params)}")
        for response in self._responses(ahead=ahead):
            page = self._read(response)
            fresh = [job for job in page.jobs if job["id"] not in seen]
            seen.update(job["id"] for job in fresh)
            bounds.take(len(fresh), len(response.content))
            totals.add(page.total)
            is_repeated = is_repeated or len(fresh) < len(page.jobs)
            # A count below what was seen says nothing.
            more = None if page.total is None or page.total < len(seen) else page.total - len(seen)
            yield Page(fresh, None if more is None or not page.jobs else math.ceil(more / len(page.jobs)))
            # Without parameters for pages, the same would only come again.
            is_all = not (self._takes_pages or page.has_next or more)
            if is_all or _is_last(page, fresh, more):
                self.fits_together = len(totals) == 1 and not is_repeated
                self.is_complete = self.fits_together and totals == {len(seen)}
                self.is_short = bool(more)
                return

    def _responses(self, *, ahead: bool) -> Iterator[Response]:
        """Yields the responses to requests for one page after the other, without an end."""
        first = self._request(1)
        yield first
        last = 1
        if ahead:
            page = self._read(first)
            last = max(1, math.ceil((page.total or 0) / max(1, len(page.jobs))))
            at_once = self._client.settings.max_concurrency
            for begin in range(2, last + 1, at_once):
                yield from self.map_concurrently(self._request, range(begin, min(begin + at_once, last + 1)))
        while True:
            last += 1
            yield self._request(last)

    def _request(self, number: int) -> Response:
        query: dict[str, Any] = {**self._query, "pageNum": number, "itemsPerPage": PAGE_SIZE}
        if not self._takes_pages:
            # As the service's own links to further pages have it.
            query = {**self._query, "pageNum": number} if number > 1 else dict(self._query)
        return self._client.call(self._endpoint, path_params=self._path_params, query=query)

    def _read(self, response: Response) -> _Content:
        body = response.json_object()
        jobs = body.get("results")
        if not isinstance(jobs, list) or not all(_is_job(job, self._id_field) for job in jobs):
            raise self._client.unexpected_response(self._endpoint, response)
        total, links = body.get("totalCount"), body.get("links")
        has_next = None
        if isinstance(links, list) and links:
            has_next = any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
        return _Content(
            # Whatever its spelling, an id is the same.
            [{**job, "id": job[self._id_field].lower()} for job in jobs],
            total if isinstance(total, int) and not isinstance(total, bool) else None,
            has_next,
        )

    def all(self) -> Iterator[Job]:
        """Yields all jobs, in the service's order."""
        seen: set[str] = set()
        # A job that another one's removal moved to a page already read shows in a second reading.
        for _reading in range(2):
            for page in self.pages(ahead=True):
                yield from (job for job in page.jobs if job["id"] not in seen)
                seen.update(job["id"] for job in page.jobs)
            if self.fits_together:
                return


def _is_last(page: _Content, fresh: Sequence[Job], more: int | None) -> bool:
    """Whether a list ends with a page.

    :param fresh: the items that were on no page before.
    :param more: how many more there are by the service's count, or None.
    """
    if not fresh:
        # Nothing new ends the list even if the service claims that more follows.
        return True
    if page.has_next is not None:
        return not page.has_next and not more
    # The count alone is not believed where the page is as full as a page can be.
    return more == 0 and len(page.jobs) not in _FULL_PAGES


def job_existence(error: ServiceError, codes: Container[str], container_codes: Container[str] = ()) -> NotFound:
    """What an error says about the existence of a job.

    :param codes: what the documentation calls a missing job.
    :param container_codes: codes for what holds the jobs and is missing itself, beside the project.
    """
    code = error.code
    if error.status != 404 or not code or code in conventions.PROJECT_CODES or code in container_codes:
        return NotFound.OTHER
    # Some versions name another code for a job that is gone, so others than the documented ones are unclear.
    return NotFound.MISSING if code in codes else NotFound.UNCLEAR


def _is_job(value: Any, id_field: str = "id") -> bool:
    return isinstance(value, dict) and validators.is_id(value.get(id_field))


def created(client: Client, endpoint: Endpoint, response: Response) -> Job:
    """What the answer to a creation holds, with at least its `id`.

    :raises OutcomeUnknown: there is none, although something was created.
    """
    made = response.data
    # In its first years, API v1.0 of Atlas answered with a list.
    if isinstance(made, dict) and isinstance(made.get("results"), list):
        made = made["results"]
    if isinstance(made, list) and len(made) == 1:
        made = made[0]
    if not isinstance(made, dict) or not validators.HEX_24.pattern.fullmatch(str(made.get("id"))):
        raise OutcomeUnknown(client.unexpected_response(endpoint, response))
    return {**made, "id": str(made["id"]).lower()}


def get_job(
    client: Client, endpoint: Endpoint, path_params: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Job:
    """One job.

    :raises ServiceError: it does not exist, or cannot be had.
    """
    response = client.call(endpoint, path_params=path_params, query=query)
    job: Any = response.data
    if not _is_job(job):
        raise client.unexpected_response(endpoint, response)
    return dict(job)


def find(
    ids: Sequence[str],
    get: Callable[[str], Job],
    listing: Listing,
    existence: Callable[[ServiceError], NotFound],
) -> dict[str, Job]:
    """Looks jobs up by single requests or by list pages, whichever costs fewer requests.

    :param ids: which jobs.
    :param get: returns one job by its id; raises ServiceError if there is none.
    :param listing: lists all jobs.
    :param existence: says what an error of `get` means.
    :returns: those that exist, by their ids.
    :raises JobsError: it cannot be said.
    """
    return _Search(ids, get, listing, existence).run()


class _Search:
    """Some jobs that are looked for; see find()."""

    def __init__(
        self,
        ids: Sequence[str],
        get: Callable[[str], Job],
        listing: Listing,
        existence: Callable[[ServiceError], NotFound],
    ) -> None:
        self._ids = ids
        self._wanted = set(ids)
        self._get = get
        self._listing = listing
        self._existence = existence
        self._found: dict[str, Job] = {}
        # Whether single requests tell clearly what does not exist.
        self._gets_are_clear = len(ids) > 1

    def run(self) -> dict[str, Job]:
        if len(self._ids) == 1 and self._found_singly(self._ids):
            return self._found
        # An unclear "not found" of a single job: the list tells whether the job is gone or the address is wrong.
        pages = 0
        for page in self._look_through_pages():
            pages += 1
            missing = self._missing()
            if not missing:
                return self._found
            is_cheaper = page.left is not None and len(missing) <= page.left
            if self._gets_are_clear and is_cheaper and self._found_singly(missing):
                return self._found
        if self._listing.is_short or pages > 1 and not self._listing.is_complete:
            self._look_again(pages)
        return self._found

    def _look_again(self, pages: int) -> None:
        """A job may have slipped from a page that was not read yet to one that was, when another one was removed."""
        missing = self._missing()
        if self._gets_are_clear and (len(missing) <= pages or self._listing.is_short) and self._found_singly(missing):
            return
        for _page in self._look_through_pages():
            if not self._missing():
                return

    def _missing(self) -> list[str]:
        return [job_id for job_id in self._ids if job_id not in self._found]

    def _look_through_pages(self) -> Iterator[Page]:
        for page in self._listing.pages():
            self._found.update((job["id"], job) for job in page.jobs if job["id"] in self._wanted)
            yield page

    def _found_singly(self, ids: Sequence[str]) -> bool:
        """Looks up each of some jobs; returns whether that has told which of them exist.

        :raises ServiceError: it certainly means something else.
        """
        try:
            found = self._listing.map_concurrently(self._get_or_none, ids)
        except ServiceError as error:
            if self._existence(error) is NotFound.OTHER:
                raise
            self._gets_are_clear = False
            return False
        self._found.update((job_id, job) for job_id, job in zip(ids, found) if job is not None)
        return True

    def _get_or_none(self, job_id: str) -> Job | None:
        try:
            return self._get(job_id)
        except ServiceError as error:
            if self._existence(error) is NotFound.MISSING:
                return None
            raise
