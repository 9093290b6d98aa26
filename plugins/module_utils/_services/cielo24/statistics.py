# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of accounts of cielo24.

https://cielo24.readthedocs.io/en/latest/job_control/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from .account import Account

STATISTICS = Endpoint("add up the statistics", "GET", "/api/job/aggregate_statistics", Effect.READ)


def statistics(account: Account, query: Mapping[str, Any]) -> list[Any]:
    """The statistics of an account, each for a part of the time.

    :param query: the documented parameters.
    """
    response = account.call(STATISTICS, query)
    parts = response.json_object().get("data")
    if not isinstance(parts, list):
        raise account.client.unexpected_response(STATISTICS, response)
    return parts
