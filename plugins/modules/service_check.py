#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_check
short_description: Check the connection to a service step by step
version_added: 0.1.0
description:
  - Checks whether the other modules of this collection can reach a service and sign in there, and says what to do if
    they cannot. The checks are the proxy, name resolution, TCP, TLS and its certificate, what answers over HTTP, the
    clock, the sign-in, the project, the cluster, the first list, and the rate limit.
  - Where one check fails, those that depend on it are left out.
  - The module changes nothing. It sends one request without credentials to each address, and signs in once.
  - The playbook C(saasops.jobs.doctor) checks several services at once.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.connections
  - saasops.jobs.http_options
requirements:
  - openstacksdk >= 1.0.0 (only with O(cloud))
options:
  service:
    description:
      - Which connection to check.
      - V(log_collection) is that of the modules for log collection jobs of Ops Manager and Cloud Manager, see
        M(saasops.jobs.log_collection_job).
      - V(server_log_collection) is that of the modules for the logs of Ops Manager itself, see
        M(saasops.jobs.server_log_collection_job).
      - V(atlas) is that of the modules for backups of Atlas, see M(saasops.jobs.restore_job).
      - V(lts) is that of the modules for the Log Tank Service, see M(saasops.jobs.lts_log_stream).
      - V(cielo24) is that of the modules for captioning jobs, see M(saasops.jobs.cielo24_job).
      - The other options mean what they mean in these modules, with the same environment variables and defaults. An
        option that these modules do not have is an error.
    type: str
    required: true
    choices: [log_collection, server_log_collection, atlas, lts, cielo24]
  fail_on:
    description:
      - When the task fails. With V(error), it fails if a check failed, and with V(warning) also if a check found
        something that may cause trouble. With V(never), it reports only.
    type: str
    choices: [never, error, warning]
    default: never
  project_id:
    description:
      - ID of the project.
      - Not for O(service=server_log_collection) and O(service=cielo24).
    type: str
    aliases: [group_id]
  cluster_name:
    description:
      - Name of the cluster.
      - Only for O(service=atlas), which requires it.
    type: str
attributes:
  action_group:
    description: Use C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: partial
    details:
      - The module does not belong to the groups of single services, because its options have the same names but
        other values.
    membership:
      - saasops.jobs.all
"""

EXAMPLES = r"""
- name: Check the connection to Ops Manager
  saasops.jobs.service_check:
    service: log_collection
    base_url: https://opsmanager.example.com
    public_key: "{{ ops_manager_public_key }}"
    private_key: "{{ ops_manager_private_key }}"
    project_id: 66f1c0de0000000000000001
  register: checked

- name: Show what was found
  ansible.builtin.debug:
    msg: "{{ checked.checks | map(attribute='detail') | list }}"

- name: Fail if the cluster cannot be reached
  saasops.jobs.service_check:
    service: atlas
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: 66f1c0de0000000000000002
    cluster_name: blue
    fail_on: error
"""

RETURN = r"""
checks:
  description: The checks, in the order in which they were made.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description:
        - Name of the check, one of V(credentials), V(proxy), V(name_resolution), V(tcp), V(tls), V(http), V(clock),
          V(sign_in), V(project), V(cluster), V(list) and V(rate_limit).
        - V(options) means that an option is invalid. Nothing else is checked then.
      type: str
    target:
      description: The service or the host that was checked.
      type: str
    ok:
      description: Whether the check found nothing that keeps the connection from working.
      type: bool
    level:
      description: One of V(ok), V(warning) and V(error).
      type: str
    detail:
      description: What the check found.
      type: str
    hint:
      description: What to do about it. Empty if nothing is to be done.
      type: str
  sample:
    - name: tls
      target: opsmanager.example.com
      ok: false
      level: error
      detail: "No TLS connection: its TLS certificate could not be verified (self-signed certificate)."
      hint: Give its CA certificate in ca_path.
ok:
  description: Whether no check failed.
  returned: always
  type: bool
msg:
  description: What was found, in a sentence or a few.
  returned: always
  type: str
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._connections import CONNECTIONS, OPTIONS, params_of
from ansible_collections.saasops.jobs.plugins.module_utils._core.checks.check import (
    Check,
    Level,
    failed,
    has_errors,
    summary,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.checks.run import run_checks
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module

ARGUMENT_SPEC: argspec.ArgumentSpec = {
    "service": {"type": "str", "required": True, "choices": list(CONNECTIONS)},
    "fail_on": {"type": "str", "choices": ["never", "error", "warning"], "default": "never"},
    **OPTIONS,
    **argspec.HTTP,
}

_FAILS_ON: dict[str, tuple[Level, ...]] = {
    "never": (),
    "error": (Level.ERROR,),
    "warning": (Level.ERROR, Level.WARNING),
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Checks a connection, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    service = params["service"]
    try:
        connection = CONNECTIONS[service].check(params_of(service, params, context), settings, context)
        checks = run_checks(connection, settings, context)
    except JobsError as error:
        checks = [failed("options", service, str(error), "")]
    return _result(checks, params["fail_on"])


def _result(checks: list[Check], fail_on: str) -> dict[str, Any]:
    result = {
        "changed": False,
        "ok": not has_errors(checks),
        "checks": [check.as_dict() for check in checks],
        "msg": summary(checks),
    }
    return {**result, "failed": True} if any(check.level in _FAILS_ON[fail_on] for check in checks) else result


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()
