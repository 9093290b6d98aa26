# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that all modules have, or all modules of a kind. The documentation fragments explain them to users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import InvalidInput
from . import validators
from .raw_arguments import SELECTOR

# The argument specification of a module, as AnsibleModule takes it.
ArgumentSpec = dict[str, dict[str, Any]]

HTTP: ArgumentSpec = {
    "timeout": {"type": "float", "default": 30.0},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "retries": {"type": "int", "default": 4},
    "max_concurrency": {"type": "int", "default": 32},
    "http_agent": {"type": "str", "default": "ansible-saasops-jobs"},
}

WAIT: ArgumentSpec = {
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 600.0},
    "wait_interval": {"type": "float", "default": 5.0},
    "wait_max_interval": {"type": "float", "default": 60.0},
}

# For jobs that take hours.
WAIT_HOURS: ArgumentSpec = {**WAIT, "wait_timeout": {"type": "float", "default": 14400.0}}

WAIT_FOR_ALL: ArgumentSpec = {"wait_for_all": {"type": "bool", "default": False}}

# For modules that change something.
REPORT: ArgumentSpec = {"report": {"type": "str", "default": "all", "choices": ["all", "changed", "failed", "summary"]}}

# For modules that delete or cancel something.
MAX_DELETIONS: ArgumentSpec = {"max_deletions": {"type": "int", **SELECTOR}}

# For modules that delete items that have names.
KEEP: ArgumentSpec = {"keep": {"type": "list", "elements": "str", **SELECTOR}}

# The common arguments of files in ansible-core. Its own list has a fallback for unsafe_writes, which is refused here.
FILE: ArgumentSpec = {
    "mode": {"type": "raw"},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "seuser": {"type": "str"},
    "serole": {"type": "str"},
    "setype": {"type": "str"},
    "selevel": {"type": "str"},
    "attributes": {"type": "str", "aliases": ["attr"]},
    "unsafe_writes": {"type": "bool", "default": False},
}

DESTINATION: ArgumentSpec = {"dest": {"type": "path", "required": True}, **FILE}

DOWNLOAD: ArgumentSpec = {
    **DESTINATION,
    "force": {"type": "bool", "default": False},
    # How slow a download may be: bytes per second, averaged over this many seconds.
    "minimum_rate": {"type": "int", "default": 1024},
    "stall_timeout": {"type": "float", "default": 300.0},
}

CREATED: ArgumentSpec = {
    "created_before": {"type": "str", **SELECTOR},
    "created_after": {"type": "str", **SELECTOR},
    "older_than": {"type": "str", **SELECTOR},
    "newer_than": {"type": "str", **SELECTOR},
}


def listing(names: Iterable[str]) -> ArgumentSpec:
    """Specify the options that choose how much of its list an _info module returns. It always returns the ids.

    :param names: the names of all fields.
    """
    return {
        "fields": {"type": "list", "elements": "str", "choices": [name for name in names if name != "id"]},
        "sort_by": {"type": "str", **SELECTOR},
        "reverse": {"type": "bool", "default": False},
        "limit": {"type": "int"},
    }


def may_select_nothing(params: Mapping[str, Any]) -> bool:
    """Whether an explicitly empty list of ids or names means that there is nothing to do."""
    return params.get("state") not in (None, "present")


def ids(
    option: str, params: Mapping[str, Any], form: validators.IdFormat, *, check_mode: bool = False
) -> list[str] | None:
    """Return the ids in an option, or None if the task does not give the option.

    :param check_mode: accept placeholders, too.
    :raises InvalidInput: an id is malformed, or the list is empty where that means nothing.
    """
    if params[option] is None:
        return None
    return validators.identifiers(
        option, params[option], form, check_mode=check_mode, may_be_empty=may_select_nothing(params)
    )


_LIMITS = {
    "timeout": (0.1, 3600),
    "retries": (0, 100),
    "max_concurrency": (1, 64),
    "wait_timeout": (0, 604800),
    "wait_interval": (0.01, 3600),
    "wait_max_interval": (0.01, 3600),
    "minimum_rate": (0, 1_000_000_000),
    "stall_timeout": (1, 86400),
    "max_deletions": (0, 1_000_000_000),
}


def check_limits(params: Mapping[str, Any]) -> None:
    """Check the numbers among the options above.

    :raises InvalidInput: a number is out of range.
    """
    for option, (least, most) in _LIMITS.items():
        value = params.get(option)
        # The comparison is written so that NaN fails it. A bool is an int in Python.
        if value is not None and (isinstance(value, bool) or not least <= value <= most):
            raise InvalidInput(f"{option} must be from {least} to {most}.")
