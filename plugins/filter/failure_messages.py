# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def failure_messages(result: Mapping[str, Any]) -> list[str]:
    """What a failed task or its failed items say, each message once, see failure_messages.yml."""
    items = [item for item in result.get("results", [result]) if item.get("failed")]
    return list(dict.fromkeys(str(item.get("msg", result.get("msg", ""))) for item in items))


class FilterModule:
    """Reads what tasks with a loop say of their failed items."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"failure_messages": failure_messages}
