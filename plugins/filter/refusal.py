# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited


def refusal(plan: Mapping[str, Any], limit: object) -> str:
    """Why a role does not carry out a plan, see refusal.yml."""
    return Limited(**plan["limited"]).refusal(limit)


class FilterModule:
    """Holds the plans of the collection's roles against their limits."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"refusal": refusal}
