# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the MongoDB management APIs.

https://www.mongodb.com/docs/ops-manager/current/core/api/
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint
from ..._core.http.list_bounds import Bounds
from ..._core.http.response import Response
from ..._core.threads import map_concurrently
from .objects import Job, is_job

PAGE_SIZE = 500
# The service's limit today, and the one of years ago.
_FULL_PAGES = (PAGE_SIZE, 100)


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

    def pages(self, *, ahead: bool = False) -> Iterator[Page]:
        """Yields each Page. Each call reads the list anew.

        :param ahead: read several at a time; some may be read in vain if the caller does not want them all.
        :raises JobsError: a page could not be had.
        """
        seen: set[str] = set()
        totals: set[int | None] = set()
        is_repeated = False
        # The page before this one, and how many jobs there were up to its end.
        before: Sequence[Job] = ()
        place = 0
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
                is_plausible = len(totals) == 1 and not is_repeated
                has_two_pages = bool(before) and (bool(fresh) or len(before) in _FULL_PAGES)
                self.fits_together = is_plausible and not (has_two_pages and self._has_shifted(place, before))
                self.is_complete = self.fits_together and totals == {len(seen)}
                self.is_short = bool(more)
                return
            before, place = page.jobs, place + len(page.jobs)

    def _has_shifted(self, place: int, page: Sequence[Job]) -> bool:
        """Whether the last job of a page is somewhere else by now: then another one may have slipped between two pages.

        :param place: where it was in the list, counted from 1.
        """
        if not self._takes_pages:
            return False
        there = self._read(self._request(place, page_size=1)).jobs
        # A service that shows more than asked for, or nothing, has not understood the question.
        return len(there) == 1 and there[0]["id"] != page[-1]["id"]

    def _responses(self, *, ahead: bool) -> Iterator[Response]:
        """Yields the responses to requests for one page after the other, without an end."""
        first = self._request(1)
        yield first
        last = 1
        if ahead:
            page = self._read(first)
            last = max(1, math.ceil((page.total or 0) / max(1, len(page.jobs))))
            at_once, cancel_token = self._client.settings.max_concurrency, self._client.cancel_token
            for begin in range(2, last + 1, at_once):
                numbers = range(begin, min(begin + at_once, last + 1))
                yield from map_concurrently(self._request, numbers, at_once, cancel_token)
        while True:
            last += 1
            yield self._request(last)

    def _request(self, number: int, page_size: int = PAGE_SIZE) -> Response:
        query: dict[str, Any] = {**self._query, "pageNum": number, "itemsPerPage": page_size}
        if not self._takes_pages:
            # As the service's own links to further pages have it.
            query = {**self._query, "pageNum": number} if number > 1 else dict(self._query)
        return self._client.call(self._endpoint, path_params=self._path_params, query=query)

    def _read(self, response: Response) -> _Content:
        body = response.json_object()
        jobs = body.get("results")
        if not isinstance(jobs, list) or not all(is_job(job, self._id_field) for job in jobs):
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
