# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible has no fragments for RETURN, so what several modules return is described in each of them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml
from ansible_collections.saasops.jobs.plugins import modules

NAMES = sorted(path.stem for path in Path(modules.__path__[0]).glob("*.py") if path.stem != "__init__")
NOUNS = ("log groups", "log streams", "log transfers", "snapshots", "captions", "transcripts", "jobs", "keys", "key")


def described(kind, result):
    """What modules say about a result, by module, with the same words for what each of them works on."""
    texts = {}
    for module in NAMES:
        path = f"ansible_collections.saasops.jobs.plugins.modules.{module}"
        documented = yaml.safe_load(importlib.import_module(path).RETURN).get(result)
        if documented is None or module.endswith("_info") != (kind == "info"):
            continue
        text = f"{documented['type']}, {documented['returned']}: {documented['description']}"
        for noun in NOUNS:
            text = text.replace(noun, "ITEMS")
        texts[module] = text.replace("ITEMS have", "ITEMS has")
    return texts


@pytest.mark.parametrize(
    "kind, result, modules_with_it",
    [("info", "total", 8), ("info", "matched", 8), ("info", "error", 9), ("action", "summary", 14)],
)
def test_a_result_of_several_modules_is_described_the_same_in_each(kind, result, modules_with_it):
    texts = described(kind, result)
    assert len(texts) == modules_with_it
    assert len(set(texts.values())) == 1, texts
