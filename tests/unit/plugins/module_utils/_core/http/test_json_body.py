# Copyright (c) 2026, saasops.jobs contributors
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
def test_json_becomes_data_and_anything_else_none(text, data):
    assert parsed(text.encode()) == data


@pytest.mark.parametrize(
    "text, data",
    [
        ('"Caf\\u00e9 \\ud83c"', "Caf\u00e9 \ufffd"),
        ('"\\uDE00\\uD83D"', "\ufffd\ufffd"),
        ('{"a": [{"\\ud83c": "\\udfff"}]}', {"a": [{"\ufffd": "\ufffd"}]}),
        # An escaped backslash rather than a surrogate.
        ('"\\\\ud83c"', "\\ud83c"),
    ],
)
def test_unpaired_surrogate_is_replaced(text, data):
    found = parsed(text.encode())
    assert found == data
    json.dumps(found, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "number",
    ["9" * 400, "-" + "9" * 400, "9" * 5000, "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e18", "9" * 19],
)
def test_number_of_no_use_becomes_none(number):
    assert parsed(f'{{"totalCount": {number}, "id": "a"}}'.encode()) == {"totalCount": None, "id": "a"}


@pytest.mark.parametrize("number", ["0", "-1", "1790000000123", "9" * 18, "0.5", "1e17"])
def test_other_number_stays_as_it_is(number):
    assert parsed(number.encode()) == json.loads(number)


@pytest.mark.parametrize("key", ["__ansible_type", "__ansible_unsafe", "__ansible_vault", "\\u005f_ansible_type"])
def test_key_with_a_meaning_to_ansible_is_left_out(key):
    text = f'{{"a": [{{"{key}": "x", "b": 1}}]}}'
    assert parsed(text.encode()) == {"a": [{"b": 1}]}


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('{"b":[],"a":[[],', "]}")])
@pytest.mark.parametrize("depth", [65, 200, 100_000])
def test_data_nested_too_deeply_is_not_taken(opening, closing, depth):
    assert parsed((opening * depth + "1" + closing * depth).encode()) is None


def test_data_nested_within_the_limit_is_taken():
    assert parsed(b"[" * 64 + b"]" * 64) is not None
    assert parsed(b"[" + b"[[]]," * 1000 + b"0]") is not None


UNITS = ["[],", "{},", '{"":0},', '{"a":"b"},', "[0],", '"xy",', "1.5,", "0,", '{"\U0001f600":"\U0001f600"},']


@pytest.mark.parametrize("unit", UNITS)
def test_data_takes_no_more_memory_than_estimated(unit):
    text = "[" + unit * 5000 + "0]"
    body = text.encode()
    tracemalloc.start()
    try:
        data = parsed(body, is_list=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(data) == 5001
    assert peak <= 1.1 * json_body.estimated_memory(text)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("is_list, most", [(False, 150), (True, 700)])
def test_text_that_would_take_too_much_memory_is_not_taken(unit, is_list, most):
    """The data of any text that is taken stays within the limit, whatever the text holds."""
    times = most * 1024**2 // json_body.estimated_memory(unit)
    text = "[" + unit * times + "0]"
    assert parsed(text.encode(), is_list=is_list) is None


def test_list_of_sixty_thousand_jobs_is_taken():
    job = {f"Field{number}": f"a value of some length {number}" for number in range(19)}
    text = json.dumps({"ActiveJobs": [job] * 60_000}).encode()
    assert len(parsed(text, is_list=True)["ActiveJobs"]) == 60_000


def test_body_that_is_not_a_list_has_a_smaller_limit():
    text = json.dumps(["x" * 1000] * 20_000).encode()
    assert parsed(text) is None
    assert len(parsed(text, is_list=True)) == 20_000


@pytest.mark.parametrize("text", ["]", "[", "}", '\\"', "]]", '\\"[', "{}"])
def test_brackets_in_strings_do_not_hide_depth(text):
    level = f'["{text}", "{text}", '
    assert parsed((level * 70 + "1" + "]" * 70).encode()) is None
    assert parsed((level * 60 + "1" + "]" * 60).encode()) is not None
    assert parsed((f'["{text}", ' * 70 + f'1, "{text}"' + f', "{text}"]' * 70).encode()) is None
