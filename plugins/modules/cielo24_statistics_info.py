#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_statistics_info
short_description: Return usage statistics of cielo24
version_added: 0.1.0
description:
  - Returns the usage statistics of a cielo24 account, such as billable minutes, as the service adds them up.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
options:
  account_id:
    description:
      - Name of a sub-account. V(*) selects the account that signs in and all its sub-accounts.
    type: str
  metrics:
    description:
      - What to add up, with the names that the API reference documents. If not set, everything is added up.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
  group_by:
    description:
      - Whether to return numbers for each week or each month. If not set, there are only numbers for the whole period.
    type: str
    choices: [week, month]
  start_date:
    description:
      - Start of the period, in ISO 8601 format.
    type: str
  end_date:
    description:
      - End of the period, in ISO 8601 format. A date without a time stands for the beginning of that day.
    type: str
seealso:
  - module: saasops.jobs.cielo24_job_info
  - name: Aggregate Statistics
    description: API reference.
    link: https://cielo24.readthedocs.io/en/latest/job_control/aggregate_statistics.html
"""

EXAMPLES = r"""
- name: Add up what was done this year, month by month
  saasops.jobs.cielo24_statistics_info:
    username: newsroom
    password: "{{ cielo24_password }}"
    account_id: "*"
    metrics:
      - billable_minutes
    group_by: month
    start_date: "2026-01-01"
    end_date: "2027-01-01"
"""

RETURN = r"""
statistics:
  description:
    - The numbers of each week or month, or of the whole period, as the service returns them. Each entry contains the
      period that it covers.
  returned: success
  type: list
  elements: dict
  sample:
    - start_date: "2026-01-01T00:00:00"
      end_date: "2026-01-31T00:00:00"
      billable_minutes: 1234
error:
  description: The error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

import json
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import (
    LONGEST_TEXT,
    OPTIONS,
    Account,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.statistics import statistics

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    "account_id": {"type": "str", **SELECTOR},
    "metrics": {"type": "list", "elements": "str", **SELECTOR},
    "group_by": {"type": "str", "choices": ["week", "month"]},
    "start_date": {"type": "str", **SELECTOR},
    "end_date": {"type": "str", **SELECTOR},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Returns statistics, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    query: dict[str, Any] = {"group_by": params["group_by"]} if params["group_by"] else {}
    if params["account_id"] is not None:
        query["account_id"] = validators.text("account_id", params["account_id"], LONGEST_TEXT)
    if params["metrics"] is not None:
        query["metrics"] = json.dumps(validators.names("metrics", params["metrics"], 100))
    for name in ("start_date", "end_date"):
        if params[name] is not None:
            query[name] = timestamps.moment(name, params[name]).strftime("%Y-%m-%dT%H:%M:%S")
    if params["start_date"] and params["end_date"] and query["start_date"] > query["end_date"]:
        raise InvalidInput("end_date must not come before start_date.")
    account = Account(params, settings, context)
    return {"changed": False, "statistics": statistics(account, query)}


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
