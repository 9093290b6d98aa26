# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an event source."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import read_options

PROJECT = "66f1c0de0000000000000001"
ATLAS_PROJECT = "66f1c0de0000000000000002"
LOGS = {
    "service": "log_collection",
    "base_url": "https://om.example.net",
    "public_key": "a",
    "private_key": "canary",
    "project_ids": [PROJECT],
}
ATLAS = {
    "service": "atlas",
    "client_id": "a",
    "client_secret": "canary",
    "project_id": PROJECT,
    "cluster_names": "blue",
}
CIELO24 = {"service": "cielo24", "username": "newsroom", "password": "canary"}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("MCLI_PROJECT_ID", "MONGODB_ATLAS_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)


def read(**given):
    return read_options(given, TaskContext())


@pytest.mark.parametrize(
    ("given", "seconds"), [({}, 60), ({"interval": 5}, 5), ({"interval": "90"}, 90), ({"interval": "5m"}, 300)]
)
def test_an_interval_is_a_number_of_seconds_or_a_duration(given, seconds):
    assert read(**LOGS, **given).interval == seconds


def test_without_more_nothing_is_kept_and_nothing_existing_is_told():
    options = read(**LOGS)
    assert (options.state_file, options.rules.emit_existing, options.rules.expires_within) == (None, False, None)
    assert read(**LOGS, expires_within="2h").rules.expires_within == timedelta(hours=2)


def test_several_projects_or_clusters_are_a_place_each():
    other = "66F1C0DE0000000000000003"
    options = read(**{**LOGS, "project_ids": f"{PROJECT}, {other}"})
    assert [place.ids for place in options.places] == [{"project_id": PROJECT}, {"project_id": other.lower()}]
    options = read(**{**ATLAS, "cluster_name": ["blue", "green"]})
    assert [place.name for place in options.places] == [f"{PROJECT}/blue", f"{PROJECT}/green"]
    assert options.params_of(options.places[1])["cluster_name"] == "green"


def test_options_have_the_names_and_the_environment_of_the_modules(monkeypatch):
    alone = {name: value for name, value in LOGS.items() if name != "project_ids"}
    assert len(read(**alone, group_id=PROJECT).places) == 1
    monkeypatch.setenv("MCLI_PROJECT_ID", f"{PROJECT},66f1c0de0000000000000003")
    assert len(read(**alone).places) == 2
    alone = {name: value for name, value in ATLAS.items() if name != "project_id"}
    monkeypatch.setenv("MONGODB_ATLAS_PROJECT_ID", ATLAS_PROJECT)
    (place,) = read(**alone).places
    assert place.ids == {"project_id": ATLAS_PROJECT, "cluster_name": "blue"}


@pytest.mark.parametrize(("given", "name"), [({}, "newsroom"), ({"sub_account": "*"}, "newsroom/*")])
def test_accounts_are_told_apart(monkeypatch, given, name):
    assert [place.name for place in read(**CIELO24, **given).places] == [name]
    monkeypatch.setenv("CIELO24_USERNAME", "newsroom")
    (place,) = read(service="cielo24", api_token="canary", **given).places
    assert "newsroom" not in place.name


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"service must be one of log_collection, atlas, cielo24; it is 'None'\."),
        ({"service": "lts"}, "it is 'lts'"),
        ({**LOGS, "intervall": 5}, r"has no option intervall\. Did you mean interval\?"),
        ({**LOGS, "cluster_names": ["blue"]}, "service: log_collection has no option cluster_names"),
        ({**LOGS, "interval": 0}, "interval must be from 1 to 86400 seconds"),
        ({**LOGS, "interval": "nan"}, "interval must be from 1 to 86400 seconds"),
        ({**LOGS, "interval": "soon"}, "interval: 'soon' is not a duration"),
        ({**LOGS, "expires_within": "2"}, "expires_within: '2' is not a duration"),
        ({**LOGS, "project_ids": []}, "project_ids is an empty list, which never stands for everything"),
        ({**LOGS, "project_ids": ["x"]}, "project_ids: 'x' is not a valid id"),
        ({**LOGS, "project_ids": [PROJECT, PROJECT]}, "is given twice"),
        ({**LOGS, "resource_name": ""}, "resource_name is an empty string"),
        ({**LOGS, "max_concurrency": 0}, "max_concurrency must be from 1 to 64"),
        ({**LOGS, "base_url": "https://u:canary@om.example.net"}, "base_url holds credentials"),
        ({**LOGS, "client_id": "a", "client_secret": "canary"}, "Give exactly one of"),
        ({**ATLAS, "cluster_name": "not_one"}, "cluster_names is not a valid name"),
        ({**ATLAS, "delivery_type": "post"}, "value of delivery_type must be one or more of"),
        ({"service": "cielo24"}, "Give exactly one of"),
        ({"service": "log_collection", "public_key": "a", "private_key": "b"}, "project_ids"),
    ],
)
def test_options_that_cannot_be_right_are_refused(given, message):
    with pytest.raises(InvalidInput, match=message) as error:
        read(**given)
    assert "canary" not in str(error.value)
