# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import paging, search
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.objects import NotFound
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.mongodb import LIST, connect


def test_an_empty_page_of_a_list_that_is_said_to_hold_something_proves_nothing():
    """What is asked for by its id is there."""
    empty_page = Call("GET /jobs?pageNum=1&itemsPerPage=500", Reply(200, {"results": [], "totalCount": 2}))
    calls = [empty_page, Call("GET /jobs/a", Reply(200, {"id": "a"})), Call("GET /jobs/b", Reply(404, {}))]
    with FakeService(*calls):
        client = connect()
        get = endpoint.Endpoint("show", "GET", "/jobs/{job_id}", Effect.READ)
        found = search.find(
            client,
            ["a", "b"],
            lambda job_id: client.call(get, path_params={"job_id": job_id}).data,
            lambda: paging.Listing(client, LIST, {}),
            lambda error: NotFound.MISSING if error.status == 404 else NotFound.OTHER,
        )
    assert found == {"a": {"id": "a"}}


class FakeListing:
    def __init__(self, *pages, is_complete=False):
        self._pages = pages
        self.is_complete = is_complete
        self.is_short = False
        self.read = 0

    def pages(self):
        for jobs, left in self._pages:
            self.read += 1
            yield paging.Page([{"id": each} for each in jobs], left)


def missing(code="MISSING", status=404):
    return errors.ServiceError("gone", status, code, "gone", None, "GET", "/")


def find(ids, listing, there="", error=None):
    gets = []

    def get(job_id):
        gets.append(job_id)
        if job_id not in there:
            raise error or missing()
        return {"id": job_id}

    def existence(error):
        return {"MISSING": NotFound.MISSING, "UNCLEAR": NotFound.UNCLEAR}.get(error.code, NotFound.OTHER)

    return sorted(search.find(connect(), ids, get, lambda: listing, existence)), len(gets), listing.read


@pytest.mark.parametrize(
    "ids, pages, there, expected",
    [
        # (found, single GETs, list pages)
        ("a", [("abc", 0)], "a", (["a"], 1, 0)),
        ("x", [("abc", 0)], "", ([], 1, 0)),
        ("ab", [("abc", 0)], "ab", (["a", "b"], 0, 1)),
        ("ax", [("abc", 0)], "a", (["a"], 0, 1)),
        ("ad", [("abc", 1), ("def", 0)], "ad", (["a", "d"], 1, 1)),
        ("ad", [("abc", 7)], "ad", (["a", "d"], 1, 1)),
        ("deg", [("abc", 2), ("def", 1), ("g", 0)], "deg", (["d", "e", "g"], 1, 2)),
        ("ad", [("abc", None), ("def", None)], "ad", (["a", "d"], 0, 2)),
    ],
)
def test_the_cheaper_way_to_look_things_up(ids, pages, there, expected):
    assert find(list(ids), FakeListing(*pages), there) == expected


def test_a_list_that_is_complete_is_not_read_again():
    ids = ["a", "x", "y", "z"]
    assert find(ids, FakeListing(("abc", 1), ("def", 0), is_complete=True)) == (["a"], 0, 2)
    assert find(ids, FakeListing(("abc", 1), ("def", 0), is_complete=False)) == (["a"], 0, 4)


def test_a_job_that_slipped_between_two_pages_is_not_absent():
    # It was on the second page when the first was read, and on the first when the second was read.
    class Slipping(FakeListing):
        def pages(self):
            self._pages = (("abc", 1), ("ef", 0)) if self.read == 0 else (("bcd", 1), ("ef", 0))
            return super().pages()

    ids = ["a", "d", "x", "y", "z"]
    assert find(ids, Slipping(), there="") == (["a", "d"], 0, 4)
    # Few missing ones are asked for one by one.
    assert find(["a", "d", "x"], Slipping(), there="d")[0] == ["a", "d"]


def test_an_unclear_not_found_at_the_end_is_settled_by_the_list():
    # Each page says that no other follows, so all pages are read before anything is looked up by itself.
    listing = FakeListing(("abc", 0), ("def", 0))
    assert find(["a", "x"], listing, error=missing("UNCLEAR")) == (["a"], 1, 4)


def test_an_unclear_not_found_is_settled_by_the_list():
    assert find(["x"], FakeListing(("abc", 0)), error=missing("UNCLEAR")) == ([], 1, 1)
    assert find(["a", "x"], FakeListing(("abc", 1), ("def", 0)), error=missing("UNCLEAR")) == (["a"], 1, 4)


@pytest.mark.parametrize("ids", [["x"], ["a", "x"]])
def test_other_errors_are_not_absence(ids):
    with pytest.raises(errors.ServiceError):
        find(ids, FakeListing(("abc", 1), ("def", 0)), error=missing("GROUP_NOT_FOUND"))
