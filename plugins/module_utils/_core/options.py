# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that every module has, or that every module of a kind has. The doc fragments say what they mean.

Private to this collection.
"""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from . import report
from .argument_secrets import ADDRESS
from .errors import InvalidInput
from .settings import HttpSettings

HTTP = {
    "timeout": {"type": "float", "default": 30.0},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "retries": {"type": "int", "default": 4},
    "max_concurrency": {"type": "int", "default": 8},
    "http_agent": {"type": "str", "default": "ansible-saasops-jobs"},
}

WAIT = {
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 600.0},
    "wait_interval": {"type": "float", "default": 5.0},
}

WAIT_FOR_ALL = {"wait_for_all": {"type": "bool", "default": False}}

# For modules that change something.
REPORT = {"report": {"type": "str", "default": "all", "choices": list(report.CHOICES)}}

# For modules that delete or cancel something.
MAX_DELETIONS = {"max_deletions": {"type": "int"}}

# For modules that delete what has a name.
KEEP = {"keep": {"type": "list", "elements": "str"}}

DESTINATION = {
    "dest": {"type": "path", "required": True},
    "mode": {"type": "raw", "default": "0600"},
}

DOWNLOAD = {**DESTINATION, "force": {"type": "bool", "default": False}}

# For what takes hours.
WAIT_HOURS = {**WAIT, "wait_timeout": {"type": "float", "default": 14400.0}}

CREATED = {
    "created_before": {"type": "str"},
    "created_after": {"type": "str"},
    "older_than": {"type": "str"},
    "newer_than": {"type": "str"},
}


def fields(names):
    """The option that says what an _info module returns of each item.

    :param names: of all fields.
    """
    return {"fields": {"type": "list", "elements": "str", "choices": [name for name in names if name != "id"]}}


class FromEnvironment(str):
    """A value that comes from an environment variable, not from the task."""


def environment(*names):
    """A fallback for an option: the first of some environment variables that is not empty."""
    for name in names:
        if os.environ.get(name):
            return FromEnvironment(os.environ[name])
    raise AnsibleFallbackNotFound


def text(names, **more):
    """The specification of an option with text that may come from the environment.

    :param names: of the variables.
    """
    return {"type": "str", "fallback": (environment, list(names)), **more}


def address(names: list[str], **more: Any) -> dict[str, Any]:
    """The same for an option with an address."""
    return text(names, **ADDRESS, **more)


def is_own(params, option):
    """Whether the task itself gives an option, and not only the environment."""
    return bool(params[option]) and not isinstance(params[option], FromEnvironment)


def preferred(params, *names):
    """Which of some options counts: the first that the task itself gives, else the first one given, or None."""
    given = [name for name in names if params[name]]
    return next((name for name in given if is_own(params, name)), next(iter(given), None))


def way_to_sign_in(params, ways, words, ordered=False):
    """Which credentials a task uses: those of the task itself come before those of the environment.

    :param params: the module's parameters.
    :param ways: list of the options of each way, of which exactly one must be given.
    :param words: the same for the message, for example "api_token; username and password".
    :param ordered: the environment may have several, of which the first counts.
    :returns: the set of its options.
    :raises InvalidInput: not exactly one is given.
    """
    ways = [set(way) for way in ways]
    given = {option for way in ways for option in way if params[option]}
    own = {option for option in given if is_own(params, option)}
    for some in (own, given):
        if some in ways:
            return some
    if ordered:
        fitting = [way for way in ways if own <= way <= given]
        if fitting and (not own or len(fitting) == 1):
            return fitting[0]
    found = ", ".join(sorted(given)) or "none"
    raise InvalidInput(f"Give exactly one of: {words}. Given (also by module_defaults or the environment): {found}.")


_LIMITS = {
    "timeout": (0.1, 3600),
    "retries": (0, 100),
    "max_concurrency": (1, 64),
    "wait_timeout": (0, 604800),
    "wait_interval": (0.01, 3600),
    "max_deletions": (0, 1_000_000_000),
}


def check_limits(params):
    """Checks the numbers among the options above.

    :raises InvalidInput: one is out of range.
    """
    for option, (least, most) in _LIMITS.items():
        value = params.get(option)
        # Written so that "not a number" is refused too.
        if value is not None and not least <= value <= most:
            raise InvalidInput(f"{option} must be from {least} to {most}.")


def http_settings(params):
    """The HttpSettings that the options HTTP ask for.

    :raises InvalidInput: an option is out of range or names a file that is not there.
    """
    check_limits(params)
    agent = params["http_agent"]
    if not agent or agent != agent.strip() or not agent.isascii() or not agent.isprintable():
        raise InvalidInput("http_agent must be printable ASCII text.")
    ca_path = params["ca_path"]
    if ca_path and params["validate_certs"] and not os.path.exists(ca_path):
        raise InvalidInput(f"ca_path: there is no file or folder {ca_path}.")
    return HttpSettings(
        timeout=params["timeout"],
        validate_certs=params["validate_certs"],
        ca_path=ca_path,
        retries=params["retries"],
        max_concurrency=params["max_concurrency"],
        http_agent=agent,
    )
