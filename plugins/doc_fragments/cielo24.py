# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach cielo24."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of cielo24, without a path. Its sandbox is V(https://sandbox.cielo24.com).
      - If not set, the value of E(CIELO24_BASE_URL) is used.
    type: str
    default: https://api.cielo24.com
  api_token:
    description:
      - A token of an earlier login. It ends after an hour without use.
      - Exactly one of O(api_token), O(username) with O(password), and O(username) with O(api_key) is needed. Only
        the last two can go on when a token has ended. What a task gives comes before what the environment gives.
      - If not set, the value of E(CIELO24_API_TOKEN) is used.
    type: str
  username:
    description:
      - Name of the account.
      - If not set, the value of E(CIELO24_USERNAME) is used.
    type: str
  password:
    description:
      - Password of the account.
      - If not set, the value of E(CIELO24_PASSWORD) is used.
    type: str
  api_key:
    description:
      - A long-lived API key of the account (the service also calls it securekey).
      - If not set, the value of E(CIELO24_API_KEY) is used.
    type: str
"""
