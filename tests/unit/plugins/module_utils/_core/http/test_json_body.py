# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import tracemalloc

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import json_body
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.json_body import parsed


@pytest.mark.parametrize(
    "text, data",
    [
        ("{}", {}),
        ('\ufeff{"id": 1}', {"id": 1}),
        (' [1, "a", null, true, -2, 1.5, 1e3] \n', [1, "a", None, True, -2, 1.5, 1000.0]),
        ('"\\ud83d\\ude00 \\u00e9"', "\U0001f600 \u00e9"),
        ("", None),
        ("no JSON", None),
        ("[1", None),
    ],
)
def test_json_is_parsed(text, data):
    assert parsed(text.encode()) == data


@pytest.mark.parametrize(
    "text, data",
    [
        ('"Caf\\u00e9 \\ud83c"', "Caf\u00e9 \ufffd"),
        ('"\\uDE00\\uD83D"', "\ufffd\ufffd"),
        ('{"a": [{"\\ud83c": "\\udfff"}]}', {"a": [{"\ufffd": "\ufffd"}]}),
        # An escaped backslash, and no surrogate.
        ('"\\\\ud83c"', "\\ud83c"),
    ],
)
def test_halves_of_surrogate_pairs_are_replaced(text, data):
    found = parsed(text.encode())
    assert found == data
    json.dumps(found, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "number",
    ["9" * 400, "-" + "9" * 400, "9" * 5000, "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e18", "9" * 19],
)
def test_numbers_that_nothing_can_be_counted_with_are_null(number):
    assert parsed(f'{{"totalCount": {number}, "id": "a"}}'.encode()) == {"totalCount": None, "id": "a"}


@pytest.mark.parametrize("number", ["0", "-1", "1790000000123", "9" * 18, "0.5", "1e17"])
def test_other_numbers_stay(number):
    assert parsed(number.encode()) == json.loads(number)


@pytest.mark.parametrize("key", ["__ansible_type", "__ansible_unsafe", "__ansible_vault", "\\u005f_ansible_type"])
def test_keys_of_ansible_are_left_out(key):
    text = f'{{"a": [{{"{key}": "x", "b": 1}}]}}'
    assert parsed(text.encode()) == {"a": [{"b": 1}]}


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('{"b":[],"a":[[],', "]}")])
@pytest.mark.parametrize("depth", [65, 200, 100_000])
def test_what_is_nested_deeply_is_no_answer(opening, closing, depth):
    assert parsed((opening * depth + "1" + closing * depth).encode()) is None


def test_some_levels_are_fine():
    assert parsed(b"[" * 64 + b"]" * 64) is not None
    assert parsed(b"[" + b"[[]]," * 1000 + b"0]") is not None


UNITS = ["[],", "{},", '{"":0},', '{"a":"b"},', "[0],", '"xy",', "1.5,", "0,", '{"\U0001f600":"\U0001f600"},']


@pytest.mark.parametrize("unit", UNITS)
def test_a_text_becomes_no_more_data_than_is_reckoned_with(unit):
    text = "[" + unit * 5000 + "0]"
    body = text.encode()
    tracemalloc.start()
    try:
        data = parsed(body, is_list=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(data) == 5001
    assert peak <= 1.1 * json_body.memory(text)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("is_list, most", [(False, 150), (True, 700)])
def test_what_would_become_too_much_is_no_answer(unit, is_list, most):
    """Of the largest texts that are taken, whatever is in them, the data stay below what is promised."""
    times = most * 1024**2 // json_body.memory(unit)
    text = "[" + unit * times + "0]"
    assert parsed(text.encode(), is_list) is None


def test_real_lists_are_taken():
    """A list of 60,000 jobs in one answer."""
    job = {f"Field{number}": f"a value of some length {number}" for number in range(19)}
    text = json.dumps({"ActiveJobs": [job] * 60_000}).encode()
    assert len(parsed(text, is_list=True)["ActiveJobs"]) == 60_000


def test_other_answers_may_be_less_large():
    text = json.dumps(["x" * 1000] * 20_000).encode()
    assert parsed(text) is None
    assert len(parsed(text, is_list=True)) == 20_000


@pytest.mark.parametrize("text", ["]", "[", "}", '\\"', "]]", '\\"[', "{}"])
def test_brackets_in_texts_hide_no_depth(text):
    level = f'["{text}", "{text}", '
    assert parsed((level * 70 + "1" + "]" * 70).encode()) is None
    assert parsed((level * 60 + "1" + "]" * 60).encode()) is not None
    assert parsed((f'["{text}", ' * 70 + f'1, "{text}"' + f', "{text}"]' * 70).encode()) is None
