# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that every module has, or that every module of a kind has. The doc fragments say what they mean.

Private to this collection.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from ..context import TaskContext
from ..errors import InvalidInput
from ..files.fetch import DEFAULT_FLOOR
from ..http.adapter import client_certificate
from ..http.settings import HttpSettings
from ..reconcile import report
from ..redaction.arguments import ADDRESS
from . import validators

HTTP = {
    "timeout": {"type": "float", "default": 30.0},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
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
    "mode": {"type": "raw"},
}

DOWNLOAD = {
    **DESTINATION,
    "force": {"type": "bool", "default": False},
    "minimum_rate": {"type": "int", "default": DEFAULT_FLOOR.rate},
    "stall_timeout": {"type": "float", "default": DEFAULT_FLOOR.seconds},
}

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

    variable = ""
    # Whether it is one half of a pair, and no variable with the same prefix holds the other one.
    is_lone = False

    @property
    def prefix(self) -> str:
        """Whose variable it is, for example MCLI."""
        return _prefix(self.variable)


def _prefix(variable: str) -> str:
    return variable.partition("_")[0]


def environment(*names: str, partners: Iterable[str] = ()) -> FromEnvironment:
    """A fallback for an option: the first of some environment variables that is not empty.

    :param partners: the variables of an option that makes a pair with this one. Both halves have the same prefix.
    """
    found = [name for name in names if os.environ.get(name)]
    prefixes = {_prefix(name) for name in partners if os.environ.get(name)}
    paired = [name for name in found if _prefix(name) in prefixes]
    variable = next(iter(paired or found), None)
    if variable is None:
        raise AnsibleFallbackNotFound
    value = FromEnvironment(os.environ[variable])
    value.variable = variable
    value.is_lone = bool(partners) and not paired
    return value


def pair(names: list[str], partners: list[str], **more: Any) -> dict[str, Any]:
    """The specification of an option with text that makes a pair with another one, see environment()."""
    return {"type": "str", "fallback": (partial(environment, partners=list(partners)), list(names)), **more}


def text(names, **more):
    """The specification of an option with text that may come from the environment.

    :param names: of the variables.
    """
    return {"type": "str", "fallback": (environment, list(names)), **more}


def address(names: list[str], **more: Any) -> dict[str, Any]:
    """The same for an option with an address."""
    return text(names, **ADDRESS, **more)


def may_select_nothing(params: dict) -> bool:
    """Whether an explicitly empty list of ids or names means that there is nothing to do."""
    return params.get("state") in ("absent", "retried")


def ids(option: str, params: dict, form: tuple, context: TaskContext) -> list[str] | None:
    """The ids in an option, or None without the option; in check mode placeholders as well.

    :param form: see values.identifier().
    :raises InvalidInput: one of them cannot be right, or there are none where some are needed.
    """
    if params[option] is None:
        return None
    return validators.identifiers(option, params[option], form, context.check_mode, may_select_nothing(params))


def is_own(params, option):
    """Whether the task itself gives an option, and not only the environment."""
    return bool(params[option]) and not isinstance(params[option], FromEnvironment)


def preferred(params, *names):
    """Which of some options counts: the first that the task itself gives, else the first one given, or None."""
    given = [name for name in names if params[name]]
    return next((name for name in given if is_own(params, name)), next(iter(given), None))


def way_to_sign_in(params: dict[str, Any], ways: Iterable[Iterable[str]], words: str) -> set[str]:
    """Which credentials a task uses: those of the task itself come before those of the environment.

    :param params: the module's parameters.
    :param ways: the options of each way. Of those that the environment has, the first counts.
    :param words: the same for the message, for example "api_token; username and password".
    :returns: the options of the way.
    :raises InvalidInput: the task gives more than one way, or there is none.
    """
    ways = [set(way) for way in ways]
    given = {option for way in ways for option in way if params[option]}
    own = {option for option in given if is_own(params, option)}
    if own in ways:
        return own
    for way in ways:
        # What the task gives of a pair, the environment may complete.
        if own <= way <= given and (own or not any(params[option].is_lone for option in way)):
            return way
    found = ", ".join(sorted(given)) or "none"
    halves = " and ".join(params[option].variable for option in sorted(given - own) if params[option].is_lone)
    why_not = f" Halves without the other half of the same prefix: {halves}." if halves else ""
    raise InvalidInput(
        f"Give exactly one of: {words}. Given (also by module_defaults or the environment): {found}.{why_not}"
    )


_LIMITS = {
    "timeout": (0.1, 3600),
    "retries": (0, 100),
    "max_concurrency": (1, 64),
    "wait_timeout": (0, 604800),
    "wait_interval": (0.01, 3600),
    "minimum_rate": (0, 1_000_000_000),
    "stall_timeout": (1, 86400),
    "max_deletions": (0, 1_000_000_000),
}


def check_limits(params):
    """Checks the numbers among the options above.

    :raises InvalidInput: one is out of range.
    """
    for option, (least, most) in _LIMITS.items():
        value = params.get(option)
        # Written so that "not a number" is refused too. A bool is an int.
        if value is not None and (isinstance(value, bool) or not least <= value <= most):
            raise InvalidInput(f"{option} must be from {least} to {most}.")


def http_settings(params):
    """The HttpSettings that the options HTTP ask for.

    :raises InvalidInput: an option is out of range or names a file that is not there, or cannot be used.
    """
    check_limits(params)
    agent = params["http_agent"]
    if not agent or agent != agent.strip() or not agent.isascii() or not agent.isprintable():
        raise InvalidInput("http_agent must be printable ASCII text.")
    ca_path = params["ca_path"]
    if ca_path and params["validate_certs"] and not os.path.exists(ca_path):
        raise InvalidInput(f"ca_path: there is no file or folder {ca_path}.")
    client_certificate.check(params["client_cert"], params["client_key"])
    return HttpSettings(
        timeout=params["timeout"],
        validate_certs=params["validate_certs"],
        ca_path=ca_path,
        retries=params["retries"],
        max_concurrency=params["max_concurrency"],
        http_agent=agent,
        client_cert=params["client_cert"],
        client_key=params["client_key"],
    )
