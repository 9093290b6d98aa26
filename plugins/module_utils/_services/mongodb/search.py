# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking things up by their ids with the fewest requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..._core.errors import ServiceError
from ..._core.http.client import Client
from ..._core.threads import map_concurrently
from .objects import Job, NotFound

if TYPE_CHECKING:
    from .paging import Listing, Page


def find(
    client: Client,
    ids: Sequence[str],
    get: Callable[[str], Job],
    make_listing: Callable[[], Listing],
    existence: Callable[[ServiceError], NotFound],
) -> dict[str, Job]:
    """Looks jobs up by single requests or by list pages, whichever costs fewer requests.

    :param ids: which jobs.
    :param get: returns one job by its id; raises ServiceError if there is none.
    :param make_listing: returns a list of all jobs. It is called only if a list is needed.
    :param existence: says what an error of `get` means.
    :returns: those that exist, by their ids.
    :raises JobsError: it cannot be determined.
    """
    return _Search(client, ids, get, make_listing, existence).run()


class _Search:
    """Some jobs that are looked for; see find()."""

    def __init__(
        self,
        client: Client,
        ids: Sequence[str],
        get: Callable[[str], Job],
        make_listing: Callable[[], Listing],
        existence: Callable[[ServiceError], NotFound],
    ) -> None:
        self._client = client
        self._ids = ids
        self._wanted = set(ids)
        self._get = get
        self._make_listing = make_listing
        self._existence = existence
        self._found: dict[str, Job] = {}
        # Whether single requests tell clearly what does not exist.
        self._gets_are_clear = len(ids) > 1

    @cached_property
    def _listing(self) -> Listing:
        return self._make_listing()

    def run(self) -> dict[str, Job]:
        if len(self._ids) == 1 and self._look_up_singly(self._ids):
            return self._found
        # An unclear "not found" of a single job: the list tells whether the job is gone or the address is wrong.
        pages = 0
        for page in self._look_through_pages():
            pages += 1
            missing = self._missing()
            if not missing:
                return self._found
            is_cheaper = page.left is not None and len(missing) <= page.left
            if self._gets_are_clear and is_cheaper and self._look_up_singly(missing):
                return self._found
        if self._listing.is_short or pages > 1 and not self._listing.is_complete:
            self._look_again(pages)
        return self._found

    def _look_again(self, pages: int) -> None:
        """A job may have slipped from a page that was not read yet to one that was, when another one was removed."""
        missing = self._missing()
        if self._gets_are_clear and (len(missing) <= pages or self._listing.is_short) and self._look_up_singly(missing):
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

    def _look_up_singly(self, ids: Sequence[str]) -> bool:
        """Looks up each of some jobs; returns whether that has told which of them exist.

        :raises ServiceError: it certainly means something else.
        """
        try:
            found = map_concurrently(
                self._get_or_none, ids, self._client.settings.max_concurrency, self._client.cancel_token
            )
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
