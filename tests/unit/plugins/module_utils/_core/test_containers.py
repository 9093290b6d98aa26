# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summaries of what is in containers."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import CancelToken
from ansible_collections.saasops.jobs.plugins.module_utils._core.containers import (
    Container,
    Contents,
    Entry,
    Oldest,
    summarize,
    survey,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput, JobsError, ServiceError


def moment(day):
    return datetime(2026, 1, day, tzinfo=timezone.utc)


def failure(status, **more):
    return ServiceError("It failed.", status, None, "", None, "GET", "/x", **more)


class Source:
    """Holds what is in each container, or what is raised there."""

    def __init__(self, contents):
        self.contents = contents
        self.asked = []

    def containers(self):
        return [Container(key, None, None) for key in self.contents]

    def entries(self, container):
        self.asked.append(container.id)
        found = self.contents[container.id]
        if isinstance(found, Exception):
            raise found
        yield from found

    def survey(self):
        return survey(self, self.containers(), 1, CancelToken())


def test_a_summary_has_the_states_in_order_and_the_oldest_entry():
    entries = [
        Entry("1", "a", "B", moment(3)),
        Entry("2", None, "A", moment(2)),
        Entry("3", "c", "B", None),
        Entry("4", "d", None, moment(2)),
    ]
    found = summarize(entries)
    assert found == Contents(4, {"A": 1, "B": 2}, Oldest("2", None, "2026-01-02T00:00:00Z"), ["a", "c", "d"])
    assert list(found.states) == ["A", "B"]


def test_nothing_has_no_oldest_entry():
    assert summarize([]) == Contents(0, {}, None, [])


@pytest.mark.parametrize("error", [failure(403), failure(503), JobsError("No.")])
def test_a_failure_costs_its_own_container_only(error):
    first, second = Source({"a": error, "b": []}).survey()
    assert (first.contents, first.problem) == (None, str(error))
    assert second.contents is not None and second.problem is None


@pytest.mark.parametrize("error", [failure(401), failure(500, aborts_task=True), InvalidInput("No.")])
def test_a_failure_of_all_containers_ends_it(error):
    source = Source({"a": error, "b": []})
    with pytest.raises(type(error)):
        source.survey()
    assert source.asked == ["a"]


def test_a_service_that_keeps_failing_is_left_alone():
    source = Source({str(number): failure(503) for number in range(10)})
    with pytest.raises(ServiceError):
        source.survey()
    assert source.asked == ["0", "1", "2", "3"]
