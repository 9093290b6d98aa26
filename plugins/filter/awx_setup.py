# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role awx_setup decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.plugin_utils import _awx_objects, _role_variables
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

# Options of the modules of awx.awx. The variables of the role are called the same.
_CONNECTION = (
    "controller_host",
    "controller_username",
    "controller_password",
    "controller_oauthtoken",
    "validate_certs",
)


@pass_context
@_role_variables.sees_undefined
def awx_objects(context: Context, role: str) -> dict[str, list[dict[str, Any]]]:
    """The arguments for the modules of awx.awx, see awx_objects.yml."""
    return _awx_objects.objects(setup_of(context, role))


def setup_of(context: Context, role: str) -> _awx_objects.Setup:
    """The variables of the role and what it can create, as templates see them."""
    names = ("credential_types", "templates", "workflows")
    catalogue = _awx_objects.Catalogue(*(context.resolve_or_missing(f"_{role}_{name}") for name in names))
    return _awx_objects.Setup(_role_variables.given(context, role), catalogue)


@pass_context
@_role_variables.sees_undefined
def awx_connection(context: Context, role: str) -> dict[str, Any]:
    """The options of the connection that the variables of the role give, see awx_connection.yml."""
    given = _role_variables.given(context, role)
    options = {option: given.get(option) for option in _CONNECTION}
    return {option: value for option, value in options.items() if value not in (None, "")}


def awx_missing(results: Iterable[Mapping[str, Any]]) -> bool:
    """Whether check mode has only predicted that something is created, see awx_missing.yml."""
    each = [one for result in results for one in result.get("results", [result])]
    return any(one.get("changed") and "id" not in one for one in each)


class FilterModule:
    """Decides what the role awx_setup creates."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"awx_connection": awx_connection, "awx_missing": awx_missing, "awx_objects": awx_objects}
