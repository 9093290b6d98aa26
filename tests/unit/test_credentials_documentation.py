# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/credentials.md says what the modules do."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import WAYS as LTS_WAYS
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import sign_in
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import cluster
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.server_log_jobs import api as server_logs

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "credentials.md").read_text("utf-8")
# All but the one that has the options of the others.
MODULES = sorted({path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")} - {"service_check"})
PREFIXES = {
    "log_collection": "log collection",
    "server_log": "server logs",
    "restore": "Atlas",
    "snapshot": "Atlas",
    "lts": "LTS",
    "cielo24": "cielo24",
}
WAYS = {
    "log collection": sign_in.WAYS,
    "server logs": server_logs.WAYS,
    "Atlas": cluster.WAYS,
    "LTS": LTS_WAYS,
    "cielo24": account.WAYS,
}


def rows(cells):
    """The rows of the table with so many cells, each as the texts of its cells, without its head."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line[:1] == "|"]
    return [line for line in lines if len(line) == cells and "---" not in line and line[0] != "modules"]


@pytest.mark.parametrize("name", MODULES)
def test_the_variables_of_every_option_are_in_the_table(name):
    group = next(title for prefix, title in PREFIXES.items() if name.startswith(prefix))
    spec = importlib.import_module(f"ansible_collections.saasops.jobs.plugins.modules.{name}").ARGUMENT_SPEC
    documented = {
        option.strip("`"): re.findall("`([^`]+)`", variables) for title, option, variables in rows(3) if title == group
    }
    assert documented == {option: entry["fallback"][1] for option, entry in spec.items() if "fallback" in entry}


def test_the_order_of_the_ways_to_sign_in_is_in_the_table():
    documented = {
        title: tuple(tuple(re.findall("`([^`]+)`", way)) for way in ways.split(";")) for title, ways in rows(2)
    }
    assert documented == WAYS
