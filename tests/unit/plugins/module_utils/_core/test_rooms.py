# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lower rooms of _core may import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors

CORE = Path(errors.__file__).parent
# The rooms and files of _core that each room may import from, besides itself.
MAY_IMPORT = {
    "redaction": set(),
    "params": {"errors", "redaction"},
}
FILES = [path for room in MAY_IMPORT for path in sorted((CORE / room).glob("*.py"))]


def imported(path):
    """The rooms and files of _core that a file in a room imports from."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level > 1:
            assert node.level == 2, "it imports something from above _core"
            yield from [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORE)))
def test_a_lower_room_imports_nothing_above_it(path):
    assert set(imported(path)) <= MAY_IMPORT[path.parent.name]
