# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import jinja2
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter import as_list


@pytest.mark.parametrize(
    ("template", "items"),
    [
        ("'A, B\r\n' | as_list", ["A", "B"]),
        ("'A B' | as_list", ["A", "B"]),
        ("'A B' | as_list(true)", ["A B"]),
        ("'A B, C' | as_list(holds_blanks=true)", ["A B", "C"]),
        ("[{'id': 'A'}, {'id': 'B'}] | map(attribute='id') | as_list", ["A", "B"]),
        ("[] | as_list", []),
    ],
)
def test_as_list_of_a_text_or_a_list_is_a_list(template, items):
    assert _render(template) == items


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("missing | as_list", "null or not defined"),
        ("none | as_list", "null or not defined"),
        ("'' | as_list", "empty string"),
        ("'A,' | as_list", "item 2 of the list is empty"),
        ("'A,' | as_list(name='job_ids')", "item 2 of job_ids is empty"),
        ("none | as_list(name='job_ids')", "job_ids is null"),
        ("{'a': 1} | as_list", "item 1 of the list is a dictionary"),
    ],
)
def test_as_list_of_anything_else_fails(template, words):
    with pytest.raises(AnsibleFilterError, match=f"saasops.jobs.as_list: .*{words}"):
        _render(template)


def _render(template):
    environment = jinja2.Environment()
    environment.filters.update(as_list.FilterModule().filters())
    return environment.compile_expression(template, undefined_to_none=False)()
