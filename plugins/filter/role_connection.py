# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

# Not the passcode of LTS: it is good for one token, and each task of a role signs in on its own.
CONNECTION_OPTIONS = frozenset(
    (
        "access_key",
        "agency_domain_name",
        "agency_name",
        "api_key",
        "api_token",
        "api_version",
        "auth_form",
        "auth_token",
        "auth_url",
        "base_url",
        "client_id",
        "client_secret",
        "cloud",
        "delegated_project",
        "endpoint",
        "password",
        "private_key",
        "product",
        "project_id",
        "project_name",
        "public_key",
        "region",
        "secret_key",
        "security_token",
        "user_domain_id",
        "user_domain_name",
        "user_id",
        "username",
    )
)


@pass_context
@_role_variables.sees_undefined
def role_connection(context: Context, role: str, service: str = "") -> dict[str, Any]:
    """The options of the connection that a role's variables give, see role_connection.yml."""
    given = _role_variables.given(context, role)
    prefix = f"{service}_" if service else ""
    options = {name[len(prefix) :]: value for name, value in given.items() if name.startswith(prefix)}
    return {option: value for option, value in options.items() if option in CONNECTION_OPTIONS and value}


class FilterModule:
    """What the collection's roles hand to the modules to reach their service."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"role_connection": role_connection}
