# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments as a module receives them: without templates, vaults and other types of Ansible's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible import template

# What json.dumps() and json.loads() need to treat arguments as Ansible does on their way into a module.
_TO_MODULE: dict[str, Any]
_IN_MODULE: dict[str, Any]
# ansible-core 2.18 has no marks of trust.
if not hasattr(template, "trust_as_template"):
    from ansible.parsing.ajson import AnsibleJSONEncoder

    _TO_MODULE = {"cls": AnsibleJSONEncoder, "vault_to_text": True}
    _IN_MODULE = {}
else:
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

    _TO_MODULE = {"cls": get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)}
    _IN_MODULE = {"cls": get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)}


def as_module_receives(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments in plain types, with vaults decrypted."""
    plain: dict[str, Any] = json.loads(json.dumps(arguments, **_TO_MODULE), **_IN_MODULE)
    return plain
