# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/events.md says what the event source does, and its rulebook uses what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins.plugin_utils import _event_sources as sources
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_options import OWN

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
RULEBOOK = (ROOT / "extensions" / "eda" / "rulebooks" / "log_collection.yml").read_text(encoding="utf-8")
KINDS = {
    "log collection jobs": sources._LOG_KINDS,
    "restore jobs": sources._RESTORE_KINDS,
    "captioning jobs": sources._CAPTION_KINDS,
}


def table(first):
    """The rows of the table whose head begins with a cell, each as its cells, with the head."""
    begin = re.search(rf"^\| {first} \|.*\n\| ---", PAGE, re.MULTILINE).start()
    lines = PAGE[begin:].partition("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


@pytest.mark.parametrize("jobs", KINDS)
def test_the_statuses_of_a_service_are_those_that_are_documented(jobs):
    head, *rows = table("`change`")
    column = head.index(jobs)
    documented = {status: row[0].strip("`") for row in rows for status in re.findall("`([^`]+)`", row[column])}
    assert documented == KINDS[jobs]


def test_all_options_of_the_source_itself_are_in_the_table():
    _head, *rows = table("option")
    own = [name for row in rows for name in re.findall("`([^`]+)`", row[0])]
    assert set(OWN) <= set(own)
    defaults = {row[0].strip("`"): row[1].strip("`") for row in rows}
    for option, details in OWN.items():
        assert defaults[option] == str(details.get("default", "")).replace("False", "false"), option


def test_the_variables_of_the_rulebook_are_those_that_it_uses():
    used = set(re.findall(r'"\{\{ (\w+) \}\}"', RULEBOOK)) | set(re.findall(r"[<>] vars\.(\w+)", RULEBOOK))
    (shown,) = re.findall(r"```yaml\n# vars.yml\n(.*?)```", PAGE, re.DOTALL)
    said = re.search(r"file with variables has:\n((?:#   .*\n)+)", RULEBOOK)[1].replace("#   ", "")
    assert set(yaml.safe_load(shown)) == set(yaml.safe_load(said)) == used
