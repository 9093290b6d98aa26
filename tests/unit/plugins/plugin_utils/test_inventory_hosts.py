# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of an inventory: names, variables and groups."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.containers import (
    Container,
    Contents,
    Oldest,
    Owner,
    Survey,
)
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_hosts import Naming, make_hosts
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_snapshot import Request, Snapshot
from ansible_collections.saasops.jobs.plugins.plugin_utils._no_template import harmless

BY_NAME = Naming(by_id=False, host_prefix="", group_prefix="")
NOW = "2026-03-31T00:00:00Z"


def snapshot(*surveys, service="log_collection"):
    return Snapshot(Request(service, True, None, {}), NOW, surveys)


def hosts(*containers, naming=BY_NAME, service="log_collection"):
    surveys = [each if isinstance(each, Survey) else Survey(each) for each in containers]
    return make_hosts(snapshot(*surveys, service=service), naming)


def names(*containers, **more):
    return [host.name for host in hosts(*containers, **more)]


def project(key, name, owner=None):
    return Container(key, name, owner, {"project_id": key})


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("payments", "payments"),
        ("eu.prod-1_a", "eu.prod-1_a"),
        ("Zahlungen Köln", "Zahlungen_Köln"),
        ("a:b,c[1:3]&!~x", "a_b_c_1_3____x"),
        ("../../etc", "_.._.._etc"),
        ("-x", "_-x"),
        ("{{ a }}", "___a___"),
        ("a\nb", "a_b"),
        (None, "id1"),
        ("", "id1"),
    ],
)
def test_names_have_nothing_that_means_something_in_patterns_or_paths(name, host):
    assert names(project("id1", name)) == [host]


def test_equal_names_get_their_ids():
    assert names(project("1", "a b"), project("2", "A_B"), project("3", "c")) == ["A_B-2", "a_b-1", "c"]


def test_ids_that_are_no_names_get_a_hash():
    first, second = names(Container("a b", "a b", None), Container("a_b", "a_b", None), service="cielo24")
    assert (first, second) == ("a_b-a_b", "a_b-c8687a08")


@pytest.mark.parametrize("name", ["all", "LOCALHOST", "ungrouped", "log_collection", "organization_Retail"])
def test_names_of_groups_and_of_this_machine_get_an_id(name):
    assert names(project("1", name, Owner("9", "Retail"))) == [f"{name}-1"]


def test_prefixes_and_ids_are_used_as_asked():
    naming = Naming(by_id=True, host_prefix="om-", group_prefix="x_")
    (host,) = hosts(project("1", "a"), naming=naming)
    assert (host.name, host.groups) == ("om-1", ["x_log_collection"])


def test_owners_whose_names_look_the_same_get_their_ids():
    found = hosts(
        project("1", "a", Owner("10", "A B")),
        project("2", "b", Owner("20", "A_B")),
        project("3", "c", Owner("30", None)),
        project("4", "d", Owner("40", "D")),
    )
    assert [host.groups[1] for host in found] == [
        "organization_A_B_10",
        "organization_A_B_20",
        "organization_30",
        "organization_D",
    ]


def test_contents_make_variables_and_groups():
    oldest = Oldest("j1", None, "2026-03-01T12:00:00Z")
    full = Survey(project("1", "a"), Contents(3, {"Media Failure": 1, "x{{y}}": 2}, oldest, ["n"]))
    empty = Survey(project("2", "b"), Contents(0, {}, None, []))
    broken = Survey(project("3", "c"), problem="No.")
    unread = Survey(project("4", "d"))
    found = hosts(full, empty, broken, unread, service="cielo24")
    assert [host.groups[1:] for host in found] == [["has_media_failure", "has_x__y__"], ["empty"], ["unreadable"], []]
    assert found[0].variables["saasops_jobs_oldest"] == {
        "id": "j1",
        "name": None,
        "created": "2026-03-01T12:00:00Z",
        "age_days": 29,
    }
    assert found[1].variables["saasops_jobs_oldest"] is None
    readable = [host.variables.get("saasops_jobs_readable") for host in found]
    assert readable == [True, True, False, None]
    assert found[2].variables["saasops_jobs_problem"] == "No." and "saasops_jobs_count" not in found[2].variables


def test_an_item_of_the_future_is_new():
    later = Survey(project("1", "a"), Contents(1, {}, Oldest("j", None, "2027-01-01T00:00:00Z"), []))
    assert hosts(later)[0].variables["saasops_jobs_oldest"]["age_days"] == 0


def test_a_snapshot_survives_a_cache():
    owner = Owner("9", None)
    kept = snapshot(
        Survey(project("1", "a", owner), Contents(1, {"X": 1}, Oldest("j", "n", NOW), ["n"])),
        Survey(Container("2", None, None), problem="No."),
    )
    assert Snapshot.from_json(kept.as_json(), kept.request) == Snapshot(kept.request, NOW, list(kept.surveys))


@pytest.mark.parametrize("change", [{"format": 0}, {"request": {}}])
def test_a_snapshot_of_something_else_is_not_used(change):
    kept = snapshot()
    assert Snapshot.from_json({**kept.as_json(), **change}, kept.request) is None
    assert Snapshot.from_json(None, kept.request) is None


@pytest.mark.parametrize("text", ["plain: text, of (any) kind!", "{{ 6 * 7 }}", "{% raw %}", "#jinja2: x\n[[ 1 ]]", ""])
def test_harmless_text_stays_what_it_is(text):
    assert harmless({"a": [text, 1, None, True]}) == {"a": [text, 1, None, True]}
