# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the collection's roles, as a template sees them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from jinja2 import Undefined
from jinja2.utils import missing

if TYPE_CHECKING:
    from jinja2.runtime import Context

_Filter = TypeVar("_Filter", bound=Callable[..., Any])

try:
    from ansible.template import accept_lazy_markers as _accept_lazy_markers
except ImportError:  # ansible-core 2.18, which raises nothing when a variable without a value is looked at
    _accept_lazy_markers = None

# What the roles call the services, in the order in which they show them.
SERVICES = ("log_collection", "atlas", "lts", "cielo24")
# A role sets its private variables to this before anything else.
RESERVED = "reserved"

# The facts that a role sets for others, if they are not just its report.
_FACTS = {"log_collection": ("jobs", "files")}

_ROLES = Path(__file__).resolve().parents[2] / "roles"


def sees_undefined(function: _Filter) -> _Filter:
    """Decorator of a filter that may look at variables without a value."""
    return _accept_lazy_markers(function) if _accept_lazy_markers else function


@cache
def documented(role: str) -> frozenset[str]:
    """The variables of a role, without its prefix, by its argument specification."""
    specification = yaml.safe_load((_ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return frozenset(name[len(role) + 1 :] for name in specification["argument_specs"]["main"]["options"])


def given(context: Context, role: str) -> dict[str, Any]:
    """The documented variables of a role that have a value, by their names without its prefix.

    Variables that are not defined or omitted are left out. Those that are empty or null are not.
    """
    found = {option: context.resolve_or_missing(f"{role}_{option}") for option in sorted(documented(role))}
    return {option: value for option, value in found.items() if not is_absent(context, value)}


def is_absent(context: Context, value: object) -> bool:
    """Whether a value is what stands for none: it is not defined, or omitted."""
    if value is missing or isinstance(value, Undefined):
        return True
    omit = context.resolve_or_missing("omit")
    # ansible-core 2.18 has a text for it, and later ones an object.
    return value is omit or isinstance(value, str) and isinstance(omit, str) and value == omit


def without_omitted(context: Context, entries: Iterable[Any]) -> list[Any]:
    """The entries of a list of dictionaries, without the keys whose values are not defined or omitted."""
    return [
        {key: value for key, value in entry.items() if not is_absent(context, value)}
        if isinstance(entry, Mapping)
        else entry
        for entry in entries
    ]


def undocumented(context: Context, role: str, known: Collection[str] | None = None) -> list[str]:
    """Variables whose names begin with the prefix of a role that has no such variable, except for the facts it sets.

    :param known: the variables of what is no role, without its prefix.
    """
    names = {*(documented(role) if known is None else known), *_FACTS.get(role, ("report",))}
    return [name for name in _own(context, f"{role}_") if name[len(role) + 1 :] not in names]


def overridden(context: Context, role: str) -> list[str]:
    """The private variables of a role that have a value other than the one that it has set."""
    return [name for name in _own(context, f"__{role}_") if not _is_reserved(context.resolve_or_missing(name))]


def playbook_errors(context: Context, prefix: str, known: Collection[str]) -> list[str]:
    """A sentence if private variables of a playbook have a value, or if it has no such variables.

    :param known: its documented variables, without its prefix.
    """
    names = overridden(context, prefix)
    if names:
        return [f"{' and '.join(names)} must not be set by extra variables: the playbook uses these names itself."]
    names = undocumented(context, prefix, known)
    return [f"The playbook has no variable {' or '.join(names)}."] if names else []


def _own(context: Context, prefix: str) -> list[str]:
    """The names of all variables with the prefix of a role, without those of a role with a longer name."""
    others = [f"{marks}{name}_" for name in _role_names() for marks in ("", "__")]
    longer = tuple(other for other in others if other.startswith(prefix) and other != prefix)
    return sorted(name for name in context.parent if name.startswith(prefix) and not name.startswith(longer))


def _is_reserved(value: object) -> bool:
    return isinstance(value, str) and value == RESERVED


@cache
def _role_names() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in _ROLES.iterdir()))
