# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations and projects that credentials give access to.

https://www.mongodb.com/docs/ops-manager/current/reference/api/organizations/organization-get-all/ and
https://www.mongodb.com/docs/ops-manager/current/reference/api/groups/get-all-groups-for-current-user/; Atlas has the
same lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..._core.containers import BelongsElsewhere, Container, Owner
from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError, ServiceError
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from ..._core.params import validators
from ..._core.params.argspec import ArgumentSpec
from ..._core.params.raw_arguments import NAMES_THAT_SELECT, SELECTOR
from ..._core.threads import map_concurrently
from . import conventions, paging
from .objects import Job

_API = "/api/{family}/{version}"
ORGANIZATIONS = Endpoint("list the organizations", "GET", _API + "/orgs", Effect.READ, is_list=True)
PROJECTS = Endpoint("list the projects", "GET", _API + "/groups", Effect.READ, is_list=True)
PROJECTS_OF_ORGANIZATION = Endpoint(
    "list the projects of organization {organization}",
    "GET",
    _API + "/orgs/{organization}/groups",
    Effect.READ,
    is_list=True,
)

# Which projects are wanted.
OPTIONS: ArgumentSpec = {
    "organizations": {"type": "list", "elements": "str", **NAMES_THAT_SELECT},
    "project_ids": {"type": "list", "elements": "str", **SELECTOR},
}

_LONGEST_NAME = 255
# How many organizations a message names.
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Selection:
    """Which projects are wanted.

    :param project_ids: these, without asking the service for any list; or None for those that it lists.
    :param organizations: of these only, by their ids or names; or None for all.
    """

    project_ids: Sequence[str] | None
    organizations: Sequence[str] | None


def read_selection(params: Mapping[str, Any], context: TaskContext) -> Selection:
    """The projects that a user wants.

    :param params: those of OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """
    ids, organizations = conventions.ids("project_ids", params, context), params["organizations"]
    if ids is not None and organizations is not None:
        raise InvalidInput("Give project_ids or organizations, not both.")
    if organizations is not None:
        organizations = validators.texts("organizations", organizations, _LONGEST_NAME)
    return Selection(ids, organizations)


class Directory:
    """The projects that credentials give access to.

    :param path_params: `family` and `version` of the API.
    """

    def __init__(
        self, client: Client, path_params: Mapping[str, str], selection: Selection, context: TaskContext
    ) -> None:
        self._client = client
        self._context = context
        self._path_params = path_params
        self._selection = selection

    def projects(self) -> list[Container]:
        """The projects that are wanted.

        :raises JobsError: they cannot be listed, or an organization is not there.
        """
        if self._selection.project_ids is not None:
            return [_project(project_id, None, None) for project_id in self._selection.project_ids]
        # First, as more keys may do this.
        projects = self._list_unless_refused(PROJECTS)
        organizations = self._list_unless_refused(ORGANIZATIONS)
        owners = {each["id"]: Owner(each["id"], _text(each, "name")) for each in organizations or ()}
        if projects is None:
            if organizations is None:
                raise JobsError(
                    f"{self._client.profile.name}: the API key or service account may list neither projects nor "
                    "organizations. Give project_ids, or give it a role that lets it read its organization."
                )
            wanted = self._wanted(owners)
            return self._projects_of([owner for owner in owners.values() if owner.id in wanted])
        found = [_listed(project, owners) for project in projects]
        wanted = self._wanted({**{each.owner.id: each.owner for each in found if each.owner}, **owners})
        is_all = self._selection.organizations is None
        return [each for each in found if is_all or each.owner is not None and each.owner.id in wanted]

    @contextmanager
    def about_one_project(self) -> Iterator[None]:
        """Inside, an error that is about one project does not end the task, whatever its status.

        :raises BelongsElsewhere: a project that the service listed is one of its other product.
        """
        try:
            yield
        except ServiceError as error:
            if error.code in conventions.OTHER_PRODUCT and self._selection.project_ids is None:
                raise BelongsElsewhere(str(error)) from None
            is_about_one = error.code in conventions.LACKS_RIGHTS or conventions.is_about_container(error.code)
            raise error.replace(aborts_task=error.aborts_task and not is_about_one) from None

    def _list_unless_refused(self, endpoint: Endpoint, **ids: str) -> list[Job] | None:
        """A list, or None if the credentials lack a role that it needs."""
        try:
            return list(paging.Listing(self._client, endpoint, {**self._path_params, **ids}).all())
        except ServiceError as error:
            if error.code not in conventions.LACKS_RIGHTS:
                raise
            return None

    def _projects_of(self, owners: Sequence[Owner]) -> list[Container]:
        """The projects of organizations, for credentials that may not list all projects at once."""

        def projects_of(owner: Owner) -> list[Container]:
            projects = self._list_unless_refused(PROJECTS_OF_ORGANIZATION, organization=owner.id)
            if projects is None:
                self._context.warn(
                    f"{self._client.profile.name}: the API key or service account may not list the projects of "
                    f"organization {owner.name or owner.id}, so they are left out."
                )
            return [_project(each["id"], _text(each, "name"), owner) for each in projects or ()]

        most = self._client.settings.max_concurrency
        lists = map_concurrently(projects_of, owners, most, self._context.cancel_token)
        return [project for projects in lists for project in projects]

    def _wanted(self, owners: Mapping[str, Owner]) -> set[str]:
        """The ids of the organizations that are wanted.

        :param owners: those that are visible, by their ids.
        :raises JobsError: one of those that are wanted is not visible.
        """
        if self._selection.organizations is None:
            return set(owners)
        wanted: set[str] = set()
        for name in self._selection.organizations:
            ids = {owner.id for owner in owners.values() if name.lower() == owner.id or name == owner.name}
            if not ids:
                shown = sorted(owner.name or owner.id for owner in owners.values())
                more = ", ..." if len(shown) > _MOST_SHOWN else ""
                raise JobsError(
                    f"{self._client.profile.name}: no organization {name} is visible with these credentials. Visible: "
                    f"{', '.join(shown[:_MOST_SHOWN]) or 'none'}{more}."
                )
            wanted |= ids
        return wanted


def _listed(project: Mapping[str, Any], owners: Mapping[str, Owner]) -> Container:
    organization = project.get("orgId")
    owner = None
    if isinstance(organization, str) and validators.is_id(organization):
        owner = owners.get(organization.lower()) or Owner(organization.lower(), None)
    return _project(project["id"], _text(project, "name"), owner)


def _project(project_id: str, name: str | None, owner: Owner | None) -> Container:
    return Container(project_id, name, owner, {"project_id": project_id})


def _text(thing: Mapping[str, Any], field: str) -> str | None:
    value = thing.get(field)
    return value if isinstance(value, str) and value else None
