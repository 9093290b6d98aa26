# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import paging
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.mongodb import LIST, connect


def page(number, *ids, total=None, links=None):
    body = {"results": [{"id": each} for each in ids]}
    if total is not None:
        body["totalCount"] = total
    if links is not None:
        body["links"] = [{"rel": "self", "href": "x"}, *({"rel": rel, "href": "x"} for rel in links)]
    return Call(f"GET /jobs?pageNum={number}&itemsPerPage=500", Reply(200, body))


def at(place, job_id):
    """What is asked at the end of a list of several pages: which job is at this place, counted from 1."""
    return Call(f"GET /jobs?pageNum={place}&itemsPerPage=1", Reply(200, {"results": [{"id": job_id}]}))


# Every combination of the hints that installations send or leave out ends after the last page.
@pytest.mark.parametrize(
    "pages",
    [
        [page(1, total=0, links=[])],
        [page(1)],
        [page(1, "a", "b", total=2, links=[])],
        [page(1, "a", "b", total=2)],
        [page(1, "a", "b", links=[])],
        [page(1, "a", "b"), page(2)],
        [page(1, "a", total=2, links=["next"]), page(2, "b", total=2, links=["previous"]), at(1, "a")],
        [page(1, "a", links=["next"]), page(2, "b", links=["previous"]), at(1, "a")],
        [page(1, "a", total=2), page(2, "b", total=2), at(1, "a")],
        # a total that is wrong in either direction
        [page(1, "a", total=0), page(2, "b", total=0), page(3, total=0)],
        [page(1, "a", "b", total=9, links=[]), page(2, total=9, links=[])],
        [page(1, "a", total=1, links=["next"]), page(2, "b", total=1, links=[]), at(1, "a")],
        # a server that sends its last page again and again
        [page(1, "a", "b", links=["next"]), page(2, "a", "b", links=["next"])],
    ],
)
def test_lists_are_read_to_the_very_end(pages):
    with FakeService(*pages):
        listing = paging.Listing(connect(), LIST, {})
        jobs = [job["id"] for page in listing.pages() for job in page.jobs]
    assert jobs in (["a", "b"], [])


@pytest.mark.parametrize("body", [{}, [], {"results": None}, {"results": [1]}, {"results": [{"id": 1}]}])
def test_other_answers_are_errors_and_not_empty_lists(body):
    with FakeService(Call("GET /jobs?pageNum=1&itemsPerPage=500", Reply(200, body))):
        listing = paging.Listing(connect(), LIST, {})
        with pytest.raises(errors.ServiceError, match="does not have the form that the service documents"):
            list(listing.pages())


def full(number, first, count, total):
    return page(number, *[f"{each:024x}" for each in range(first, first + count)], total=total)


@pytest.mark.parametrize("size", [100, 500])
def test_a_full_page_is_not_the_end_because_of_a_count(size):
    pages = [full(1, 0, size, total=size), full(2, size, 1, total=size), page(3, total=size)]
    with FakeService(*pages):
        assert len(list(paging.Listing(connect(), LIST, {}).all())) == size + 1


def test_pages_that_do_not_fit_together_are_read_again():
    # Between the pages "a" is removed, and "c" slips to the first one.
    pages = [
        page(1, "a", "b", total=4, links=["next"]),
        page(2, "d", total=3, links=[]),
        page(1, "b", "c", total=3, links=["next"]),
        page(2, "d", total=3, links=[]),
        at(2, "c"),
    ]
    with FakeService(*pages):
        found = list(paging.Listing(connect(), LIST, {}).all())
    assert sorted(job["id"] for job in found) == ["a", "b", "c", "d"]


def test_pages_that_a_job_has_slipped_between_are_read_again_although_the_count_has_not_changed():
    # "a" is removed and "e" is added, so "c" slips to the first page.
    pages = [
        page(1, "a", "b", total=4, links=["next"]),
        page(2, "d", "e", total=4, links=[]),
        at(2, "c"),
        page(1, "b", "c", total=4, links=["next"]),
        page(2, "d", "e", total=4, links=[]),
        at(2, "c"),
    ]
    with FakeService(*pages):
        found = list(paging.Listing(connect(), LIST, {}).all())
    assert sorted(job["id"] for job in found) == ["a", "b", "c", "d", "e"]


def test_a_service_that_ignores_the_size_of_a_page_is_not_asked_twice():
    whole = Reply(200, {"results": [{"id": "a"}, {"id": "b"}]})
    pages = [
        page(1, "a", "b", total=3, links=["next"]),
        page(2, "c", total=3, links=[]),
        Call("GET /jobs?pageNum=2&itemsPerPage=1", whole),
    ]
    with FakeService(*pages):
        assert len(list(paging.Listing(connect(), LIST, {}).all())) == 3


def test_ids_are_the_same_in_every_spelling():
    with FakeService(page(1, "AB", total=1, links=[])):
        assert [job["id"] for job in paging.Listing(connect(), LIST, {}).all()] == ["ab"]


@pytest.mark.parametrize("odd", ["", "..", "a/b", "a?b", 5, None, ["a"], {"a": 1}], ids=repr)
def test_a_list_with_an_id_that_cannot_be_one_is_refused(odd):
    first = Call("GET /jobs?pageNum=1&itemsPerPage=500", Reply(200, {"results": [{"id": "a"}, {"id": odd}]}))
    with FakeService(first), pytest.raises(errors.ServiceError, match="not have the form that the service documents"):
        list(paging.Listing(connect(), LIST, {}).all())


@pytest.mark.parametrize(
    "totals, complete",
    [((4, 4), True), ((4, 3), False), ((5, 5), False), ((None, None), False)],
)
def test_a_list_is_complete_if_its_pages_are_what_the_service_counts(totals, complete):
    pages = [page(1, "a", "b", total=totals[0], links=["next"]), page(2, "c", "d", total=totals[1], links=[])]
    if totals[1] == 5:
        # The count says that more follows.
        pages.append(page(3, total=5, links=[]))
    elif totals[0] == totals[1]:
        pages.append(at(2, "b"))
    with FakeService(*pages):
        listing = paging.Listing(connect(), LIST, {})
        list(listing.pages())
    assert listing.is_complete is complete
