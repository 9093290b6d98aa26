# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the MongoDB management APIs, and looking things up in them with the fewest requests.

https://www.mongodb.com/docs/ops-manager/current/core/api/

Private to this collection.
"""

from __future__ import annotations

import math

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.params import validators
from ..._core.reconcile.listing import Bounds
from ..._core.threads import map_concurrently
from . import conventions

PAGE_SIZE = 500
# The service's limit today, and the one of years ago.
_FULL_PAGES = (PAGE_SIZE, 100)


class Page:
    """One page of a list.

    :param jobs: its items.
    :param left: about how many pages follow, or None if the service does not say.
    """

    def __init__(self, jobs, left):
        self.jobs = jobs
        self.left = left


class Listing:
    """Goes through the pages of a list to the very end, whatever of the documented hints the service sends.

    :param client: a Client.
    :param endpoint: the list's Endpoint.
    :param query: further query parameters.
    :param takes_pages: the endpoint's documentation has parameters for pages. Without them, further pages are asked for
        only if the service says that there are some.
    :param ids: path parameters.
    """

    def __init__(self, client, endpoint, query=None, takes_pages=True, **ids):
        self._client = client
        self._endpoint = endpoint
        self._query = query or {}
        self._takes_pages = takes_pages
        self._ids = ids
        # Whether the pages that were read last can be one list: nobody added or removed anything between them.
        self.fits_together = False
        # Whether they also are as many jobs as the service counts, or fewer.
        self.is_complete = False
        self.is_short = False

    def map_concurrently(self, function, things):
        """Calls function(thing) for every thing, as many at a time as the task may."""
        return map_concurrently(function, things, self._client.settings.max_concurrency, self._client.cancel_token)

    def pages(self, ahead=False):
        """Yields each Page. Each call reads the list anew.

        :param ahead: read several at a time; some may be read in vain if the caller does not want them all.
        :raises JobsError: a page could not be had.
        """
        seen, totals, repeated = set(), set(), False
        bounds = Bounds(f"{self._client.profile.name} did not {self._endpoint.purpose.format(**self._ids)}")
        for response in self._answers(ahead):
            jobs, total, has_next = _read_page(self._client, self._endpoint, response)
            fresh = [job for job in jobs if job["id"] not in seen]
            seen.update(job["id"] for job in fresh)
            bounds.take(len(fresh), len(response.content))
            totals.add(total)
            repeated = repeated or len(fresh) < len(jobs)
            # A count below what was seen says nothing.
            more = None if total is None or total < len(seen) else total - len(seen)
            yield Page(fresh, None if more is None or not jobs else math.ceil(more / len(jobs)))
            # Without parameters for pages, the same would only come again.
            is_all = not (self._takes_pages or has_next or more)
            if is_all or _is_last(jobs, fresh, has_next, more):
                self.fits_together = len(totals) == 1 and not repeated
                self.is_complete = self.fits_together and totals == {len(seen)}
                self.is_short = bool(more)
                return

    def _answers(self, ahead):
        """Yields the answers to requests for one page after the other, without an end."""
        first = self._response(1)
        yield first
        last = 1
        if ahead:
            jobs, total, _has_next = _read_page(self._client, self._endpoint, first)
            last = max(1, math.ceil((total or 0) / max(1, len(jobs))))
            max_concurrency = self._client.settings.max_concurrency
            for begin in range(2, last + 1, max_concurrency):
                yield from self.map_concurrently(self._response, range(begin, min(begin + max_concurrency, last + 1)))
        while True:
            last += 1
            yield self._response(last)

    def _response(self, number):
        query = {**self._query, "pageNum": number, "itemsPerPage": PAGE_SIZE}
        if not self._takes_pages:
            # As the service's own links to further pages have it.
            query = {**self._query, "pageNum": number} if number > 1 else self._query
        return self._client.call(self._endpoint, query=query, **self._ids)

    def all(self):
        """Yields all jobs, in the service's order."""
        seen = set()
        # A job that another one's removal moved to a page already read shows in a second reading.
        for _reading in range(2):
            for page in self.pages(ahead=True):
                yield from (job for job in page.jobs if job["id"] not in seen)
                seen.update(job["id"] for job in page.jobs)
            if self.fits_together:
                return


def _is_last(jobs, fresh, has_next, more):
    """Whether a list ends with a page.

    :param jobs: what is on the page.
    :param fresh: what of that was on no page before.
    :param has_next: whether the page announces another, or None if it says nothing of that.
    :param more: how many more there are by the service's count, which may not be exact, or None.
    """
    if not fresh:
        # Nothing new ends the list even if the service claims that more follows.
        return True
    if has_next is not None:
        return not has_next and not more
    # The count alone is not believed where the page is as full as a page can be.
    return more == 0 and len(jobs) not in _FULL_PAGES


def _read_page(client, endpoint, response):
    """(items, totalCount or None, whether a next page is announced or None if nothing is said)."""
    body = response.data if isinstance(response.data, dict) else {}
    jobs = body.get("results")
    if not isinstance(jobs, list) or not all(isinstance(job, dict) and validators.is_id(job.get("id")) for job in jobs):
        raise client.unexpected_response(endpoint, response)
    total = body.get("totalCount")
    links = body.get("links")
    has_next = None
    if isinstance(links, list) and links:
        has_next = any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
    # Whatever its spelling, an id is the same.
    jobs = [{**job, "id": job["id"].lower()} for job in jobs]
    return jobs, total if isinstance(total, int) and not isinstance(total, bool) else None, has_next


def is_job_missing(error, codes, container_codes=()):
    """Whether a ServiceError says that a job does not exist: True, False, or None if it may mean something else too.

    :param codes: what the documentation calls a missing job.
    :param container_codes: codes for what holds the jobs and is missing itself, beside the project.
    """
    if (
        error.status != 404
        or not error.code
        or error.code in conventions.PROJECT_CODES
        or error.code in container_codes
    ):
        return False
    # Some versions name another code for a job that is gone, so others than the documented ones are unclear.
    return True if error.code in codes else None


def created(client, endpoint, response):
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


def get_job(client, endpoint, query=None, **ids):
    """One job.

    :raises ServiceError: it does not exist, or cannot be had.
    """
    response = client.call(endpoint, query=query, **ids)
    if not isinstance(response.data, dict) or not validators.is_id(response.data.get("id")):
        raise client.unexpected_response(endpoint, response)
    return response.data


def find(ids, get, listing, is_missing):
    """Looks jobs up by single GETs or by list pages, whichever costs fewer requests.

    :param ids: which jobs.
    :param get: a function of an id that returns the job; it raises ServiceError if there is none.
    :param listing: a Listing of all jobs.
    :param is_missing: a function of a ServiceError: True if the job does not exist, False if that cannot be the
        meaning, None if the answer may mean this as well as something else.
    :returns: {id: job} of those that exist.
    :raises JobsError: it cannot be said.
    """

    def get_or_none(job_id):
        try:
            return job_id, get(job_id)
        except ServiceError as error:
            if is_missing(error):
                return job_id, None
            raise

    def get_each(some):
        return {job_id: job for job_id, job in listing.map_concurrently(get_or_none, some) if job is not None}

    if len(ids) == 1:
        try:
            return get_each(ids)
        except ServiceError as error:
            if is_missing(error) is False:
                raise
            # An unclear "not found": the list tells whether the job is gone or the address is wrong.
    wanted, found, pages, gets_are_clear = set(ids), {}, 0, len(ids) > 1

    def look_through_pages():
        for page in listing.pages():
            found.update((job["id"], job) for job in page.jobs if job["id"] in wanted)
            yield page

    for page in look_through_pages():
        pages += 1
        missing = [job_id for job_id in ids if job_id not in found]
        if not missing:
            return found
        if gets_are_clear and page.left is not None and len(missing) <= page.left:
            try:
                return {**found, **get_each(missing)}
            except ServiceError as error:
                if is_missing(error) is False:
                    raise
                gets_are_clear = False
    if listing.is_short or pages > 1 and not listing.is_complete:
        # A job may have slipped from a page that was not read yet to one that was, when another one was removed.
        if gets_are_clear and (len(missing) <= pages or listing.is_short):
            try:
                return {**found, **get_each(missing)}
            except ServiceError as error:
                if is_missing(error) is False:
                    raise
        for _page in look_through_pages():
            if len(found) == len(ids):
                break
    return found
