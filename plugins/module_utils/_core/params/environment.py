# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that fall back to environment variables, and how to choose between what the task and the environment give."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from ..errors import InvalidInput
from ..redaction.arguments import ADDRESS


class FromEnvironment(str):
    """The value of an option that the task does not give, taken from an environment variable.

    It is a str because Ansible's type check passes any str on unchanged. The origin has to travel with the value:
    services copy the parameters and replace some, and a replaced value is no longer from the environment.

    :ivar variable: the name of the variable.
    :ivar is_lone: the value is one half of a pair, and no variable with the same prefix holds the other half.
    """

    variable: str
    is_lone: bool

    def __new__(cls, value: str, variable: str = "", *, is_lone: bool = False) -> FromEnvironment:
        made = super().__new__(cls, value)
        made.variable = variable
        made.is_lone = is_lone
        return made

    @property
    def prefix(self) -> str:
        """What the tool that reads this variable puts before all its names, for example MCLI."""
        return _prefix(self.variable)


def _prefix(variable: str) -> str:
    return variable.partition("_")[0]


def first_set(*names: str, partners: Iterable[str] = ()) -> FromEnvironment:
    """Return the value of the first environment variable that is not empty. This is a fallback for Ansible.

    :param partners: the variables of the other half, if this option is half of a pair. A variable whose prefix also has
        the other half comes first.
    """
    found = [name for name in names if os.environ.get(name)]
    prefixes = {_prefix(name) for name in partners if os.environ.get(name)}
    paired = [name for name in found if _prefix(name) in prefixes]
    variable = next(iter(paired or found), None)
    if variable is None:
        raise AnsibleFallbackNotFound
    return FromEnvironment(os.environ[variable], variable, is_lone=bool(partners) and not paired)


def text(names: Iterable[str], **more: Any) -> dict[str, Any]:
    """Specify a text option that falls back to environment variables.

    :param names: the names of the variables.
    """
    return {"type": "str", "fallback": (first_set, list(names)), **more}


def pair(names: Iterable[str], partners: Iterable[str], **more: Any) -> dict[str, Any]:
    """Specify a text option that is half of a pair, such as a user name and its password.

    :param names: the variables of this option.
    :param partners: the variables of the other half.
    """
    return {"type": "str", "fallback": (partial(first_set, partners=list(partners)), list(names)), **more}


def address(names: Iterable[str], **more: Any) -> dict[str, Any]:
    """Specify an option for a URL that falls back to environment variables."""
    return text(names, **ADDRESS, **more)


def is_own(params: Mapping[str, Any], option: str) -> bool:
    """Whether the task itself gives an option, rather than the environment."""
    return bool(params[option]) and not isinstance(params[option], FromEnvironment)


def preferred(params: Mapping[str, Any], *names: str) -> str | None:
    """Choose between alternative options: the first that the task gives, else the first that has a value."""
    given = [name for name in names if params[name]]
    return next((name for name in given if is_own(params, name)), next(iter(given), None))


def origin(params: Mapping[str, Any], options: Collection[str]) -> str:
    """Say where the values of options come from, as a sentence without the values."""
    names = [name for name in params if name in options]
    own = [name for name in names if is_own(params, name)]
    variables = [f"{name} from {params[name].variable}" for name in names if name not in own]
    by_task = [f"{' and '.join(own)} from the task (or its module_defaults)"] if own else []
    return f"Signing in with {' and '.join([*by_task, *variables])}."


def way_to_sign_in(params: Mapping[str, Any], ways: Iterable[Sequence[str]], words: str) -> set[str]:
    """Choose the credentials to use. Those of the task come before those of the environment.

    :param params: the parameters of the module.
    :param ways: the options of each way to sign in. Among ways that only the environment gives, the first one counts.
    :param words: the ways as the error message lists them, for example "api_token; username and password".
    :returns: the options of the chosen way.
    :raises InvalidInput: the task gives more than one way, or nothing gives a complete one.
    """
    choices = [set(way) for way in ways]
    given = {option for way in choices for option in way if params[option]}
    own = {option for option in given if is_own(params, option)}
    if own in choices:
        return own
    for way in choices:
        # The environment may complete a pair that the task gives half of.
        if own <= way <= given and (own or not any(params[option].is_lone for option in way)):
            return way
    found = ", ".join(sorted(given)) or "none"
    halves = [params[option].variable for option in sorted(given - own) if params[option].is_lone]
    lone = "".join(f"{half} is set without the other half of its pair, which has the same prefix. " for half in halves)
    raise InvalidInput(
        f"{lone}Give exactly one of: {words}. Given (also by module_defaults or the environment): {found}."
    )
