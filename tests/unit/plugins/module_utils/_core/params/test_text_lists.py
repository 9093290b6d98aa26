# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list

IN_ALL_FORMS = [
    ["A", "B"],
    ("A", "B"),
    "A,B",
    " A , B ",
    "A\nB",
    "A\r\nB\r\n",
    "A\rB",
    "\n\nA\n \nB\n\n",
    "A,\nB",
    "A\r\n, B",
    '["A","B"]',
    ' [ "A" ,\n "B" ]\n',
    ["A,B"],
    ["A\nB\n"],
    [" A ", "B\n"],
]


@pytest.mark.parametrize("value", [*IN_ALL_FORMS, "A B", "A \t B", ["A B"], "A,\tB\n"])
def test_ids_in_all_forms_make_the_same_list(value):
    assert text_list("job_ids", value) == ["A", "B"]


@pytest.mark.parametrize("value", [each for each in IN_ALL_FORMS if each != ["A,B"]])
def test_names_in_all_forms_make_the_same_list(value):
    assert text_list("external_ids", value, holds_blanks=True) == ["A", "B"]


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("Evening news, Sports", ["Evening news", "Sports"]),
        ("Evening news\r\nSports\r\n", ["Evening news", "Sports"]),
        (["Evening news, late", "Sports"], ["Evening news, late", "Sports"]),
        ('["Evening news, late"]', ["Evening news, late"]),
        (["Evening news, late\nSports"], ["Evening news, late", "Sports"]),
        ("Evening  news", ["Evening  news"]),
        ("[live", ["[live"]),
    ],
)
def test_names_keep_their_blanks_and_in_lists_their_commas(value, items):
    assert text_list("external_ids", value, holds_blanks=True) == items


@pytest.mark.parametrize("value", [7, [7], "7", "[7]"])
def test_numbers_become_text(value):
    assert text_list("external_ids", value) == ["7"]


@pytest.mark.parametrize("value", [[], "[]", " [ ] "])
def test_an_explicitly_empty_list_stays_empty(value):
    assert text_list("job_ids", value) == []


@pytest.mark.parametrize("holds_blanks", [False, True])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "job_ids is an empty string"),
        (" \r\n", "job_ids is an empty string"),
        ("A,", "item 2 of job_ids is empty"),
        ("A,\n", "item 2 of job_ids is empty"),
        (",A", "item 1 of job_ids is empty"),
        (",", "item 1 of job_ids is empty"),
        ("A, ,B", "item 2 of job_ids is empty"),
        ("A,\n\n,B", "item 2 of job_ids is empty"),
        (["A", ""], "item 2 of job_ids is empty"),
        (["A\nB", "\n"], "item 3 of job_ids is empty"),
        ('["A", ""]', "item 2 of job_ids is empty"),
        (["A", None], "item 2 of job_ids is not text"),
        ('["A", null]', "item 2 of job_ids is not text"),
        ([True], "item 1 of job_ids is not text"),
        ([["A"]], "item 1 of job_ids is a list instead of text"),
        ([{"id": "A"}], "item 1 of job_ids is a dictionary instead of text. Pick one field of each"),
        ({"A": 1}, "item 1 of job_ids is a dictionary instead of text"),
        (True, "item 1 of job_ids is not text"),
        ("['A', 'B']", "not one in JSON"),
        ("[A]", "not one in JSON"),
        ("[" * 100000 + "]", "not one in JSON"),
    ],
)
def test_an_invalid_item_is_reported_with_its_position(value, words, holds_blanks):
    with pytest.raises(InvalidInput, match=words):
        text_list("job_ids", value, holds_blanks=holds_blanks)
