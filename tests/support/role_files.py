# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contents of the collection's roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from sandbox_process import ROOT


def tasks(role: str) -> list[dict[str, Any]]:
    """All tasks and blocks of a role, each block before its tasks."""
    files = sorted((ROOT / "roles" / role / "tasks").glob("*.yml"))
    return [task for file in files for task in _flat(yaml.safe_load(file.read_text(encoding="utf-8")))]


def _flat(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in listed:
        yield task
        for section in ("block", "rescue", "always"):
            yield from _flat(task.get(section, []))


def names_set(role: str) -> set[str]:
    """The variables that its tasks set as facts or register."""
    facts = {name for task in tasks(role) for name in task.get("ansible.builtin.set_fact", ())}
    return facts | {task["register"] for task in tasks(role) if "register" in task}


def loop_names(role: str) -> set[str]:
    """The variables of its loops."""
    controls = [task["loop_control"] for task in tasks(role) if "loop_control" in task]
    return {control[key] for control in controls for key in ("loop_var", "index_var") if key in control}


def names_read(role: str) -> set[str]:
    """The names in the templates and conditions of its tasks, outside quotes."""
    texts = [text for task in tasks(role) for text in _texts({**task, "block": 0, "rescue": 0, "always": 0})]
    return {name for text in texts for name in re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'", "", text))}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        # These are no templates, and neither are the names of facts.
        for key, part in value.items():
            if key not in ("register", "name", "loop_var", "index_var"):
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
