# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for Ops Manager as a whole."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of Ops Manager, without a path.
      - If not set, the value of E(MCLI_OPS_MANAGER_URL) is used.
    type: str
    required: true
  public_key:
    description:
      - Public part of an API key with a global role. V(Global Read Only) allows listing and downloading, and
        V(Global Owner) everything else.
      - Requires O(private_key).
      - If not set, the value of E(MCLI_PUBLIC_API_KEY) is used.
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If not set, the value of E(MCLI_PRIVATE_API_KEY) is used.
    type: str
attributes:
  action_group:
    description: Use C(group/saasops.jobs.ops_manager) or C(group/saasops.jobs.all) in C(module_defaults) to set
      defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.ops_manager
notes:
  - Requires a version of Ops Manager that collects the logs of its own servers. Cloud Manager and Atlas do not offer
    this.
"""
