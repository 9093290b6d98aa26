#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_api_key
short_description: Generate and remove API keys of cielo24
version_added: 0.1.0
description:
  - Generates an API key for a cielo24 account, or returns the existing one.
  - Removes API keys. To rotate keys, generate a new key and remove the old one.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
  - saasops.jobs.deleting
  - saasops.jobs.report
options:
  state:
    description:
      - V(present) makes sure that there is a key, and returns it in RV(api_keys[].api_key).
      - V(absent) removes O(known_key). A key that nobody can sign in with any more is not an error.
    type: str
    required: true
    choices: [present, absent]
  account_id:
    description:
      - Name of the sub-account that the key belongs to. If not set, the key belongs to the account that signs in.
    type: str
  known_key:
    description:
      - Key to remove, or key that may already exist. The module signs in with the key to find out whether it exists.
      - With O(state=present), the default is O(api_key) if the task signs in with it.
      - The service does not say whether it generated the key that it returns. If this option is not set,
        O(state=present) therefore reports a change on every run.
    type: str
  force_new:
    description:
      - Generate a key even if there already is one.
    type: bool
    default: false
  reveal_key:
    description:
      - Whether to return the key even if the result of the task is shown. If V(false), O(state=present) requires
        C(no_log=true) on the task.
    type: bool
    default: false
attributes:
  idempotent:
    support: partial
    details:
      - O(state=present) reports a change on every run, unless O(known_key) is the key, as the service does not say
        whether it generated the key that it returns.
seealso:
  - name: Access Control
    description: API reference.
    link: https://cielo24.readthedocs.io/en/latest/access_control/index.html
"""

EXAMPLES = r"""
- name: Generate a new key
  saasops.jobs.cielo24_api_key:
    username: newsroom
    password: "{{ cielo24_password }}"
    force_new: true
    state: present
  no_log: true
  register: generated

- name: Remove the old key
  saasops.jobs.cielo24_api_key:
    username: newsroom
    password: "{{ cielo24_password }}"
    known_key: "{{ cielo24_api_key }}"
    state: absent

- name: Make sure that a sub-account has a key
  saasops.jobs.cielo24_api_key:
    username: newsroom
    password: "{{ cielo24_password }}"
    account_id: newsroom-archive
    reveal_key: true
    state: present
"""

RETURN = r"""
api_keys:
  description: The one key.
  returned: once the key has been looked up
  type: list
  elements: dict
  contains:
    id:
      description: Name of the account, or V(null) if it is not known.
      type: str
      returned: always
    api_key:
      description: The key. Masked if it is O(known_key) or O(api_key).
      type: str
      returned: with O(state=present), except in check mode
    action:
      description: What the task did, or would do in check mode.
      type: str
      choices: [generate, remove, none]
      returned: always
    changed:
      description:
        - Whether the task generated or removed the key, or would do so in check mode.
        - Also V(true), together with an error, if the module could not find out whether the change was made.
      type: bool
      returned: always
    error:
      description: Why the task failed. Has the same fields as RV(error).
      type: dict
      returned: on failure
summary:
  description: Number of keys that were requested, changed, left unchanged, and failed.
  returned: once the key has been looked up
  type: dict
  sample: {requested: 1, changed: 1, unchanged: 0, failed: 0}
diff:
  description: The account whose key was generated or removed. The key itself is not shown.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 400
    code: BAD_API_TOKEN
    message: Bad API token
    request_id: null
    method: GET
    path: /api/account/generate_api_key
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import api_keys
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import OPTIONS, Account

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.MAX_DELETIONS,
    **argspec.REPORT,
    "state": {"type": "str", "required": True, "choices": ["present", "absent"]},
    "account_id": {"type": "str", **SELECTOR},
    "known_key": {"type": "str", "no_log": True},
    "force_new": {"type": "bool", "default": False},
    "reveal_key": {"type": "bool", "default": False},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Brings an API key to the desired state, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    is_present = params["state"] == "present"
    if is_present and not (context.is_silent or params["reveal_key"]):
        raise InvalidInput("The result holds the key: put no_log: true on the task, or give reveal_key: true.")
    username = params["account_id"] or params["username"]
    known_key = params["known_key"] or (params["api_key"] if is_present and not params["account_id"] else None)
    if known_key is not None:
        validators.token("known_key", known_key)
    if params["known_key"] and not username:
        raise InvalidInput("known_key needs the name of its account: give username or account_id.")
    if not is_present and not known_key:
        raise InvalidInput("Give known_key, the key that is to be removed.")
    account = Account(params, settings, context)
    if is_present:
        present = api_keys.PresentKeyReconciler(
            account, username, known_key, account_id=params["account_id"], force_new=params["force_new"]
        )
        generated = engine.reconcile(present, [username], context, settings)
        return report.report(present, generated, context, params["report"])
    absent = api_keys.AbsentKeyReconciler(account, username, params["known_key"])
    removed = engine.reconcile(absent, [username], context, settings, params["max_deletions"])
    return report.report(absent, removed, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
