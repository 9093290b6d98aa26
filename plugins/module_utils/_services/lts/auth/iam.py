# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity and Access Management (IAM) of Open Telekom Cloud and Huawei Cloud, API v3: tokens and projects.

https://docs.otc.t-systems.com/identity-access-management/api-ref/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from ...._core.context import Clock, TaskContext
from ...._core.errors import JobsError, ServiceError
from ...._core.http.auth.flow import Auth, NoAuth
from ...._core.http.auth.token import TokenAuth
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint, ServiceProfile
from ...._core.http.response import Response
from ...._core.http.retry import Effect
from ...._core.http.settings import HttpSettings
from ...._core.params import timestamps, validators
from ...._core.redaction.registry import SecretRegistry
from ..errors import read_error

if TYPE_CHECKING:
    from requests import PreparedRequest

NAME = "IAM"

TOKEN = Endpoint("sign in", "POST", "/v3/auth/tokens", Effect.READ)
# With a passcode, which works once, so that the request must not be sent a second time.
TOKEN_ONCE = Endpoint("sign in", "POST", "/v3/auth/tokens", Effect.CHANGE)
AGENCY = Endpoint("issue a token for the agency", "POST", "/v3/auth/tokens", Effect.READ)
PROJECTS = Endpoint("look up the project", "GET", "/v3/projects", Effect.READ)

# Seconds before its end from which a token is not used any more.
_MARGIN = 60
# Seconds; also the life of a token whose end IAM does not tell.
_SHORTEST_LIFE = 120
_HINTS = {
    400: "Check the names and ids of user, domain, agency and project.",
    403: "The user is not allowed to do that; to assume an agency, the user needs the role Agent Operator.",
    404: "Check auth_url.",
}


@dataclass(frozen=True)
class IssuedToken:
    """A token that IAM issued.

    expires_at: when it is not used any more, a reading of Clock.now().
    project_id: the project that it is for, or None.
    catalog: where the services are, as IAM describes it, or None.
    """

    value: str
    expires_at: float
    project_id: str | None
    catalog: Any

    def endpoints(self, service_types: Sequence[str], region: str | None, interface: str) -> list[str]:
        """The addresses of a service.

        :param service_types: its names in the catalog, the better one first.
        :param region: the region to look in, or None for any.
        :param interface: such as "public".
        """
        for service_type in service_types:
            found = {
                endpoint.get("url")
                for service in _dictionaries(self.catalog)
                if service.get("type") == service_type
                for endpoint in _dictionaries(service.get("endpoints"))
                if isinstance(endpoint.get("url"), str)
                and endpoint.get("interface") == interface
                and (not region or region in (endpoint.get("region"), endpoint.get("region_id")))
            }
            if found:
                return sorted(filter(None, found))
        return []


class Iam:
    """The IAM of one cloud.

    :param url: its address without /v3.
    :param refused: what to do if the credentials are refused, as a sentence.
    """

    def __init__(
        self, url: str, refused: str, settings: HttpSettings, context: TaskContext, registry: SecretRegistry
    ) -> None:
        hints = {**_HINTS, 401: refused}
        self._profile = ServiceProfile(
            NAME,
            {"Content-Type": "application/json;charset=UTF-8"},
            read_error,
            lambda status, _code: hints.get(status, ""),
            tells_time=False,
            address_option="auth_url",
        )
        self._url = url
        self._settings = settings
        self._context = context
        self._registry = registry

    def _connect(self, auth: Auth) -> Client:
        return Client(self._profile, self._url, auth, self._settings, self._context, self._registry)

    def token(
        self, user: dict[str, Any], passcode: str | None, scope: dict[str, Any], *, with_catalog: bool = False
    ) -> IssuedToken:
        """Signs a user in.

        :param user: the user with the password, as the API takes it.
        :param passcode: the passcode of a virtual MFA device, or None; it needs the user's id.
        :param scope: see project_scope().
        :param with_catalog: ask IAM where the services are.
        :raises ServiceError: IAM does not sign the user in.
        """
        identity: dict[str, Any] = {"methods": ["password"], "password": {"user": user}}
        if passcode:
            identity["methods"].append("totp")
            identity["totp"] = {"user": {"id": user["id"], "passcode": passcode}}
        endpoint = TOKEN_ONCE if passcode else TOKEN
        return self._issued(endpoint, identity, scope, NoAuth(), with_catalog=with_catalog)

    def agency_token(
        self, agency: str, domain: dict[str, str], scope: dict[str, Any], caller: Auth, *, with_catalog: bool = False
    ) -> IssuedToken:
        """Assumes an agency.

        :param agency: its name.
        :param domain: the name or the id of the domain that created the agency, as the API takes it.
        :param caller: the credentials of the user who assumes it.
        """
        identity = {"methods": ["assume_role"], "assume_role": {"xrole_name": agency, **domain}}
        try:
            return self._issued(AGENCY, identity, scope, caller, with_catalog=with_catalog)
        except ServiceError as error:
            if error.status != 400:
                raise
        # The reference has one name of this field in its table, and the other one in its example.
        identity["assume_role"] = {"agency_name": agency, **domain}
        return self._issued(AGENCY, identity, scope, caller, with_catalog=with_catalog)

    def project_id(self, name: str, auth: Auth) -> str:
        """The id of a project.

        :raises JobsError: there is not exactly one project with this name.
        """
        client = self._connect(auth)
        response = client.call(PROJECTS, query={"name": name})
        projects = response.json_object().get("projects")
        if not isinstance(projects, list):
            raise client.unexpected_response(PROJECTS, response)
        ids = [project.get("id") for project in _dictionaries(projects) if project.get("name") == name]
        if len(ids) != 1:
            found = "several projects" if ids else "no project"
            raise JobsError(f"IAM shows {found} named {name} to these credentials. Check project_name.")
        if not validators.is_id(ids[0]):
            raise client.unexpected_response(PROJECTS, response)
        return str(ids[0])

    def _issued(
        self, endpoint: Endpoint, identity: dict[str, Any], scope: dict[str, Any], auth: Auth, *, with_catalog: bool
    ) -> IssuedToken:
        client = self._connect(auth)
        body = {"auth": {"identity": identity, "scope": scope}}
        response = client.call(endpoint, query=None if with_catalog else {"nocatalog": "1"}, json=body)
        value = response.headers.get("X-Subject-Token")
        token = response.json_object().get("token")
        if not value or not isinstance(token, dict):
            raise client.unexpected_response(endpoint, response)
        self._registry.keep(value)
        project = token.get("project")
        project_id = project.get("id") if isinstance(project, dict) else None
        return IssuedToken(value, self._context.clock.now() + _life(token), project_id, token.get("catalog"))


def _dictionaries(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _life(token: dict[str, Any]) -> float:
    """The seconds for which a token can be used. They are measured by IAM's clock, as ours may be wrong."""
    times = [token.get(name) for name in ("issued_at", "expires_at")]
    begin, end = (timestamps.parse_time(text) if isinstance(text, str) else None for text in times)
    seconds: float = (end - begin).total_seconds() if begin and end else _SHORTEST_LIFE
    return max(seconds, _SHORTEST_LIFE) - _MARGIN


def project_scope(project: dict[str, str], domain: dict[str, str]) -> dict[str, Any]:
    """The scope of a token.

    :param project: {"project_id": ...} or {"project_name": ...}, or {} for the whole domain.
    :param domain: the name or the id of the domain as the API takes it, or {}.
    """
    if "project_id" in project:
        return {"project": {"id": project["project_id"]}}
    if "project_name" in project:
        return {"project": {"name": project["project_name"], **({"domain": domain} if domain else {})}}
    return {"domain": domain}


class SubjectTokenAuth(TokenAuth):
    """A token in the header X-Auth-Token.

    :param token: a token, or None to have one issued when it is needed and again when it has expired.
    :param issue: returns a new token; None if the given token is the only one.
    """

    def __init__(self, token: str | None, issue: Callable[[], IssuedToken] | None, clock: Clock) -> None:
        fetch = None if issue is None else partial(self._fetch_issued, issue)
        super().__init__(token, fetch, _is_refusal, self._is_known_to_have_expired)
        self._clock = clock
        self._issued: IssuedToken | None = None

    def issued(self) -> IssuedToken | None:
        """The token in use, or None if it was given.

        :raises JobsError: there is none to be had.
        """
        self._current()
        return self._issued

    def attach(self, request: PreparedRequest, token: str) -> None:
        request.headers["X-Auth-Token"] = token

    def _fetch_issued(self, issue: Callable[[], IssuedToken]) -> str:
        self._issued = issue()
        return self._issued.value

    def _is_known_to_have_expired(self) -> bool:
        return self._issued is not None and self._clock.now() >= self._issued.expires_at


def _is_refusal(response: Response) -> bool:
    return response.status == 401
