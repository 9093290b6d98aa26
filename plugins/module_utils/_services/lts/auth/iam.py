# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity and Access Management (IAM) of Open Telekom Cloud and Huawei Cloud, API v3: tokens and projects.

https://docs.otc.t-systems.com/identity-access-management/api-ref/

Private to this collection.
"""

from __future__ import annotations

from ...._core.errors import JobsError, ServiceError
from ...._core.http.auth.flows import Auth, TokenAuth
from ...._core.http.client import Client
from ...._core.http.endpoint import Endpoint, Profile
from ...._core.http.retry import Effect
from ...._core.params import timestamps, validators
from ..errors import read_error

NAME = "IAM"

TOKEN = Endpoint("sign in", "POST", "/v3/auth/tokens", Effect.READ)
# With a passcode, which is used up: it is not sent a second time.
TOKEN_ONCE = Endpoint("sign in", "POST", "/v3/auth/tokens", Effect.CHANGE)
AGENCY = Endpoint("let the agency be taken on", "POST", "/v3/auth/tokens", Effect.READ)
PROJECTS = Endpoint("look up the project", "GET", "/v3/projects", Effect.READ)

# Seconds before its end that a token is not used any more.
_MARGIN = 60
_SHORTEST_LIFE = 120
_HINTS = {
    400: "Check the names and ids of user, domain, agency and project.",
    403: "The user must not do that; for an agency, it needs the role Agent Operator.",
    404: "Check auth_url.",
}


class Iam:
    """The IAM of one cloud.

    :param url: its address without /v3.
    :param refused: what can be done about credentials that are not valid, a sentence.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :param registry: the SecretRegistry of the task.
    """

    def __init__(self, url, refused, settings, context, registry):
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        hint = {**_HINTS, 401: refused}
        self._profile = Profile(
            NAME,
            headers,
            read_error,
            lambda status, code: hint.get(status, ""),
            tells_time=False,
            address_option="auth_url",
        )
        self._registry = registry
        self._connect = lambda auth: Client(self._profile, url, auth, settings, context, registry)
        self._clock = context.clock

    def token(self, user, passcode, scope, with_catalog=False):
        """Signs a user in.

        :param user: the user with the password, as the API takes it.
        :param passcode: of a virtual MFA device, or None; the user's id is needed with it.
        :param scope: a scope, see project_scope().
        :param with_catalog: IAM is to tell where the services are.
        :returns: an IssuedToken.
        :raises ServiceError: IAM does not sign the user in.
        """
        identity = {"methods": ["password"], "password": {"user": user}}
        if passcode:
            identity["methods"].append("totp")
            identity["totp"] = {"user": {"id": user["id"], "passcode": passcode}}
        return self._issued(TOKEN_ONCE if passcode else TOKEN, identity, scope, Auth(), with_catalog)

    def agency_token(self, agency, domain, scope, caller, with_catalog=False):
        """Takes an agency on.

        :param agency: its name.
        :param domain: {name or id} of the domain that created the agency, as the API takes it.
        :param caller: Auth of the one who takes it on.
        :returns: an IssuedToken.
        """
        identity = {"methods": ["assume_role"], "assume_role": {"xrole_name": agency, **domain}}
        try:
            return self._issued(AGENCY, identity, scope, caller, with_catalog)
        except ServiceError as error:
            if error.status != 400:
                raise
        # The reference gives this name in its table, and the other one in its example.
        identity["assume_role"] = {"agency_name": agency, **domain}
        return self._issued(AGENCY, identity, scope, caller, with_catalog)

    def project_id(self, name, auth):
        """The id of a project.

        :raises JobsError: there is not just one with this name.
        """
        client = self._connect(auth)
        response = client.call(PROJECTS, query={"name": name})
        projects = response.data.get("projects") if isinstance(response.data, dict) else None
        if not isinstance(projects, list):
            raise client.unexpected_response(PROJECTS, response)
        ids = [project.get("id") for project in projects if isinstance(project, dict) and project.get("name") == name]
        if len(ids) == 1 and not validators.is_id(ids[0]):
            raise client.unexpected_response(PROJECTS, response)
        if len(ids) != 1:
            found = "several projects" if ids else "no project"
            raise JobsError(f"IAM shows {found} named {name} to these credentials. Check project_name.")
        return ids[0]

    def _issued(self, endpoint, identity, scope, auth, with_catalog):
        client = self._connect(auth)
        body = {"auth": {"identity": identity, "scope": scope}}
        response = client.call(endpoint, query=None if with_catalog else {"nocatalog": "1"}, json=body)
        value = response.headers.get("X-Subject-Token")
        token = response.data.get("token") if isinstance(response.data, dict) else None
        if not value or not isinstance(token, dict):
            raise client.unexpected_response(endpoint, response)
        self._registry.keep(value)
        project = token.get("project")
        project_id = project.get("id") if isinstance(project, dict) else None
        return IssuedToken(value, self._clock.now() + _life(token), project_id, token.get("catalog"))


class IssuedToken:
    """A token that was issued.

    :param value: the token.
    :param ends: when it is not used any more, a reading of the Clock's now().
    :param project_id: the project that it holds for, or None.
    :param catalog: where the services are, as IAM tells it, or None.
    """

    def __init__(self, value, ends, project_id, catalog):
        self.value = value
        self.ends = ends
        self.project_id = project_id
        self._catalog = catalog

    def endpoints(self, service_types, region, interface):
        """The addresses of a service.

        :param service_types: its names in the catalog, the better one first.
        :param region: the region that is wanted, or None for any.
        :param interface: such as "public".
        """
        for service_type in service_types:
            found = {
                endpoint.get("url")
                for service in _dictionaries(self._catalog)
                if service.get("type") == service_type
                for endpoint in _dictionaries(service.get("endpoints"))
                if isinstance(endpoint.get("url"), str)
                and endpoint.get("interface") == interface
                and (not region or region in (endpoint.get("region"), endpoint.get("region_id")))
            }
            if found:
                return sorted(filter(None, found))
        return []


def _dictionaries(found):
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _life(token):
    """For how many seconds a token can be used: by the clock of IAM, as ours may be wrong."""
    times = [token.get(name) for name in ("issued_at", "expires_at")]
    begin, end = (timestamps.parse_time(text) if isinstance(text, str) else None for text in times)
    seconds = (end - begin).total_seconds() if begin and end else _SHORTEST_LIFE
    return max(seconds, _SHORTEST_LIFE) - _MARGIN


def project_scope(project, domain):
    """The scope of a token.

    :param project: {"project_id": ...} or {"project_name": ...}, or {} for the whole domain.
    :param domain: {name or id}, or {}.
    """
    if "project_id" in project:
        return {"project": {"id": project["project_id"]}}
    if "project_name" in project:
        return {"project": {"name": project["project_name"], **({"domain": domain} if domain else {})}}
    return {"domain": domain}


class SubjectTokenAuth(TokenAuth):
    """A token in the header X-Auth-Token.

    :param token: a token; or None, and it is issued when it is needed and again when it has expired.
    :param issue: a function that returns an IssuedToken, or None if the only token is the given one.
    :param clock: a Clock.
    """

    def __init__(self, token, issue, clock):
        super().__init__(token, issue and self._fetch, lambda response: response.status == 401, self._is_expired)
        self._issue = issue
        self._clock = clock
        self._issued = None

    def issued(self):
        """The IssuedToken that is in use.

        :raises JobsError: there is none to be had.
        """
        with self._lock:
            if self._token is None:
                self._token = self._fetched()
            return self._issued

    def attach(self, request, token):
        request.headers["X-Auth-Token"] = token

    def _fetch(self):
        self._issued = self._issue()
        return self._issued.value

    def _is_expired(self):
        return self._issued is not None and self._clock.now() >= self._issued.ends
