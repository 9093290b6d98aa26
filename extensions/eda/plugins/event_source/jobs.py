# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source for ansible-rulebook: one event for each change of state of a job."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

_WATCH = "ansible_collections.saasops.jobs.plugins.plugin_utils._event_watch"


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Watches jobs until it is cancelled. ansible-rulebook calls this.

    :param queue: where the events go.
    :param args: the options, see DOCUMENTATION.
    """
    _let_python_find_collections()
    await importlib.import_module(_WATCH).watch(queue, args)


def _let_python_find_collections() -> None:
    """ansible-rulebook runs this file from its collection, but does not let it import anything from there.

    :raises ImportError: there is no ansible-core, whose code the collection uses.
    """
    for folder in Path(__file__).absolute().parents:
        if folder.name == "ansible_collections":
            if str(folder.parent) not in sys.path:
                sys.path.insert(0, str(folder.parent))
            break
    try:
        importlib.import_module("ansible.release")
    except ImportError:
        raise ImportError(
            f"saasops.jobs.jobs needs ansible-core beside ansible-rulebook. Install it for {sys.executable}."
        ) from None
