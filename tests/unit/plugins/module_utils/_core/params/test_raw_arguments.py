# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib
import pkgutil

import pytest
from ansible_collections.saasops.jobs.plugins import modules
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import (
    ITEMS,
    NAMES,
    SELECTOR,
    read,
)

SPECS = {
    found.name: importlib.import_module(f"{modules.__name__}.{found.name}").ARGUMENT_SPEC
    for found in pkgutil.iter_modules(modules.__path__)
}
# Lists that say what is done or shown, not what it is done to.
NO_SELECTORS = {"fields", "log_types"}

SPEC = {
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "external_ids": {"type": "list", "elements": "str", **NAMES},
    "status": {"type": "list", "elements": "str", "choices": ["Complete", "Media Failure"], **SELECTOR},
    "log_types": {"type": "list", "elements": "str", "choices": ["FTDC", "MONGODB"]},
    "older_than": {"type": "str", **SELECTOR},
    "max_deletions": {"type": "int", **SELECTOR},
    "language": {"type": "str"},
    "project_id": {"type": "str", "aliases": ["group_id"], **SELECTOR},
    "transcription": {
        "type": "dict",
        "options": {"target_languages": {"type": "list", "elements": "str"}, "priority": {"type": "str"}},
    },
}
# The ends of names of options that narrow down what a task is about.
ENDS_OF_FILTERS = ("_pattern", "_than", "_before", "_after", "_from", "_to")


def is_selector(details):
    return details.get("context", {}).get("selector", False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"job_ids": "A, B\r\n"}, {"job_ids": ["A", "B"]}),
        ({"job_id": "A B"}, {"job_id": ["A", "B"]}),
        ({"external_ids": "A 1, B"}, {"external_ids": ["A 1", "B"]}),
        ({"status": "Complete\nMedia Failure\n"}, {"status": ["Complete", "Media Failure"]}),
        ({"log_types": "FTDC MONGODB"}, {"log_types": ["FTDC", "MONGODB"]}),
        ({"transcription": {"target_languages": "de, fr"}}, {"transcription": {"target_languages": ["de", "fr"]}}),
        ({"transcription": "target_languages='de fr'"}, {"transcription": {"target_languages": ["de", "fr"]}}),
    ],
)
def test_lists_are_read_from_texts(given, expected):
    assert read(given, SPEC) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"job_ids": []},
        {"language": None},
        {"language": ""},
        {"log_types": None},
        {"transcription": None},
        {"transcription": {"priority": None, "target_languages": None}},
        {"unknown": ""},
        {"_ansible_check_mode": True},
        {"older_than": 0, "max_deletions": 0},
    ],
)
def test_arguments_that_select_nothing_stay_as_they_are(given):
    assert read(given, SPEC) == given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"older_than": None}, "older_than is null"),
        ({"older_than": ""}, "older_than is an empty string"),
        ({"older_than": " \n"}, "older_than is an empty string"),
        ({"max_deletions": None}, "max_deletions is null"),
        ({"max_deletions": ""}, "max_deletions is an empty string"),
        ({"job_id": None}, "job_id is null"),
        ({"job_ids": ""}, "job_ids is an empty string"),
        ({"group_id": None}, "group_id is null"),
        ({"job_ids": "A,"}, "item 2 of job_ids is empty"),
        ({"job_ids": [None]}, "item 1 of job_ids is not text"),
        ({"status": []}, "status is an empty list"),
        ({"status": "[]"}, "status is an empty list"),
        ({"log_types": ""}, "log_types is an empty string"),
    ],
)
def test_an_empty_selector_is_refused(given, words):
    with pytest.raises(InvalidInput, match=words):
        read(given, SPEC)


@pytest.mark.parametrize("name", SPECS)
def test_every_list_of_a_module_is_a_selector_unless_known_not_to_be(name):
    lists = {option for option, details in SPECS[name].items() if details.get("type") == "list"}
    assert {option for option in lists - NO_SELECTORS if not is_selector(SPECS[name][option])} == set()


@pytest.mark.parametrize("name", SPECS)
def test_every_filter_and_limit_of_a_module_is_a_selector(name):
    filters = {option for option in SPECS[name] if option.endswith(ENDS_OF_FILTERS) or option == "max_deletions"}
    assert {option for option in filters if not is_selector(SPECS[name][option])} == set()


def test_an_option_of_one_name_is_a_selector_in_every_module():
    selectors = {option for spec in SPECS.values() for option, details in spec.items() if is_selector(details)}
    assert {
        (name, option)
        for name, spec in SPECS.items()
        for option, details in spec.items()
        if option in selectors and not is_selector(details)
    } == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"priority": "PRIORITY", "target_languages": "de,fr"}',
            {"priority": "PRIORITY", "target_languages": ["de", "fr"]},
        ),
        ("{'priority': 'PRIORITY'}", {"priority": "PRIORITY"}),
        ("priority=PRIORITY", {"priority": "PRIORITY"}),
        ("{}", {}),
    ],
)
def test_text_for_a_dictionary_is_read_as_one(text, expected):
    assert read({"transcription": text}, SPEC) == {"transcription": expected}
    assert read({"tags": text}, {"tags": {"type": "dict"}})["tags"].keys() == expected.keys()


@pytest.mark.parametrize("text", ["PRIORITY", '{"priority": "PRIORITY"', "", " ", "['priority']", "{1, 2}"])
def test_text_that_is_no_dictionary_is_refused_with_the_name_of_the_option(text):
    with pytest.raises(InvalidInput, match=r"^transcription is not a dictionary; write it in JSON") as refused:
        read({"transcription": text}, SPEC)
    assert "PRIORITY" not in str(refused.value)
