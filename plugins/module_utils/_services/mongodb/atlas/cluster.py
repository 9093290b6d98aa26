# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of MongoDB Atlas: what its backups and restores have in common, API v1.0 and v2.

https://www.mongodb.com/docs/atlas/reference/api/cloud-backup/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ...._core.context import TaskContext
from ...._core.errors import InvalidInput, ServiceError
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint
from ...._core.http.limits.rate_limit import RateLimit
from ...._core.http.response import Response
from ...._core.http.settings import HttpSettings
from ...._core.params import validators
from .. import conventions, objects, sign_in
from ..objects import NotFound

if TYPE_CHECKING:
    from ..paging import Listing

T = TypeVar("T")

NAME = "MongoDB Atlas"

OPTIONS = {
    **sign_in.connection_options(
        base_url=["MONGODB_ATLAS_BASE_URL"],
        public_key=["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY", "MCLI_PUBLIC_API_KEY"],
        private_key=["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY", "MCLI_PRIVATE_API_KEY"],
        client_id=["MONGODB_ATLAS_CLIENT_ID"],
        client_secret=["MONGODB_ATLAS_CLIENT_SECRET"],
        project_id=["MONGODB_ATLAS_PROJECT_ID", "MCLI_PROJECT_ID"],
    ),
    "api_version": {"type": "str", "choices": ["v1.0", "v2"], "default": "v2"},
    "cluster_name": {"type": "str", "required": True},
}

WAYS = (sign_in.ACCOUNT, sign_in.KEY)

PATH = "/api/atlas/{version}/groups/{project_id}/clusters/{cluster}/backup"

# The first version of these resources, and still the newest.
_MEDIA_TYPES = {"v1.0": "application/json", "v2": "application/vnd.atlas.2023-01-01+json"}
# All calls about cloud backups in a project together, https://www.mongodb.com/docs/atlas/api/api-rate-limit/
_RATE_LIMIT = RateLimit(requests=500, seconds=60, capacity=1200)
_CLUSTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_CLUSTER_MISSING = "CLUSTER_NOT_FOUND"


class Cluster:
    """A cluster whose backups and restores are looked at or changed.

    :param params: those of OPTIONS.
    :ivar is_flex: it is known to be a flex cluster.
    :raises InvalidInput: one of the parameters is invalid.
    """

    is_flex = False

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self.version: str = params["api_version"]
        self.context = context
        self.name = cluster_name("cluster_name", params["cluster_name"])
        self.project_id = validators.identifier("project_id", params["project_id"], validators.HEX_24).lower()
        self.path_params = {"version": self.version, "project_id": self.project_id, "cluster": self.name}
        self.client = connect(params, settings, context, _RATE_LIMIT)

    def call(self, endpoint: Endpoint, json: Mapping[str, Any] | None = None, **ids: str) -> Response:
        """Calls an endpoint of this cluster, see Client.call()."""
        return self.client.call(endpoint, path_params={**ids, **self.path_params}, json=json)

    def get(self, endpoint: Endpoint, **ids: str) -> dict[str, Any]:
        """One object, see objects.get_job()."""
        return objects.get_job(self.client, endpoint, {**self.path_params, **ids})

    def listing(self, endpoint: Endpoint, *, takes_pages: bool = True) -> Listing:
        """A Listing of an endpoint of this cluster."""
        # Loaded only when needed, as Ansible compiles the module anew for each task.
        from ..paging import Listing

        return Listing(self.client, endpoint, self.path_params, takes_pages=takes_pages)

    def by_kind(self, usual: Callable[[], T], of_flex: Callable[[], T]) -> T:
        """What the calls for the cluster's kind return; the kind shows when the usual calls are refused.

        :param usual: reads something of the cluster, or begins to.
        :param of_flex: does the same for a flex cluster.
        :raises ServiceError: see both.
        :raises InvalidInput: it is a flex cluster, which this version of the API does not know.
        """
        if not self.is_flex:
            try:
                return usual()
            except ServiceError as error:
                if error.code != conventions.IS_FLEX:
                    raise
                if self.version != "v2":
                    raise InvalidInput(
                        f"Cluster {self.name} is a flex cluster. API {self.version} does not support backups of flex "
                        "clusters; set api_version: v2."
                    ) from None
                self.is_flex = True
        return of_flex()

    def warn_or_raise(self, error: ServiceError, plural: str) -> None:
        """Warns that a cluster that does not exist has none of some things.

        :param plural: the things.
        :raises ServiceError: the error is about something else.
        """
        if not is_cluster_missing(error):
            raise error
        self.context.warn(
            f"Cluster {self.name} does not exist in project {self.project_id}, so it has no {plural}. If you did not "
            "expect that, check that cluster_name is the cluster that was backed up."
        )


def connect(
    params: Mapping[str, Any], settings: HttpSettings, context: TaskContext, rate_limit: RateLimit | None
) -> Client:
    """A Client for Atlas.

    :param params: those of OPTIONS, with or without `project_id` and `cluster_name`.
    :param rate_limit: the documented limit of the calls that it is for, or None.
    :raises InvalidInput: one of the parameters is invalid.
    """
    return sign_in.connect(NAME, params, settings, context, _MEDIA_TYPES[params["api_version"]], rate_limit, WAYS)


def cluster_name(option: str, value: str) -> str:
    """A name of a cluster.

    :raises InvalidInput: it cannot be one.
    """
    if not (value.isascii() and _CLUSTER.fullmatch(value)):
        raise InvalidInput(
            f"{option} is not a valid name; it must be up to 64 letters, digits or '-', the first not a '-'."
        )
    return value


def is_cluster_missing(error: ServiceError) -> bool:
    """Whether a ServiceError says that the cluster does not exist."""
    return error.status == 404 and error.code == _CLUSTER_MISSING


def existence(error: ServiceError, codes: Container[str]) -> NotFound:
    """What an error says about the existence of something in the cluster, see objects.existence()."""
    return objects.existence(error, codes, container_codes=(_CLUSTER_MISSING,))
