# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the LTS of a project: its address, the credentials, and the project itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError
from ..._core.http.auth.flow import Auth
from ..._core.http.client import Client
from ..._core.http.endpoint import ServiceProfile
from ..._core.http.settings import HttpSettings
from ..._core.params import validators
from ..._core.params.environment import preferred
from ..._core.redaction.registry import SecretRegistry
from . import errors
from .auth.iam import Iam, IssuedToken, SubjectTokenAuth, project_scope
from .auth.options import ACCESS, AGENCY, CREDENTIAL, REFUSED, SERVICE_TYPES, way_to_sign_in, without_foreign_values
from .regions import hosts, is_open_telekom_cloud

NAME = "LTS"
# LTS demands this header on all requests, even on those without a body.
HEADERS = {"Content-Type": "application/json;charset=UTF-8"}

_LONGEST_NAME = 255


class Connection:
    """The LTS of one project, for one task. Nothing is sent before it is used.

    :param params: the OPTIONS of auth/options.py.
    :raises JobsError: one of the parameters, or the clouds.yaml, is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._settings = settings
        self._context = context
        self.registry = SecretRegistry(context)
        self._client: Client | None = None
        self._project_id: str | None = None
        self._is_passcode_used = False
        self._interface = ""
        way = way_to_sign_in(params)
        params = without_foreign_values(params, way)
        self._is_cloud = way == {"cloud"}
        if self._is_cloud:
            params = self._with_cloud(params)
            way = {option for option in REFUSED if option != "cloud" and params[option]}
        self._params = params
        found = next((option for option in REFUSED if option in way), None)
        if found is None:
            raise InvalidInput(f"The cloud {params['cloud']} of clouds.yaml has neither password nor token.")
        # The option in REFUSED that stands for the way to sign in.
        self._way = found
        self._project = self._checked_project()
        self._check_agency()
        self._user = self._checked_user() if self._way == "password" else {}
        self.endpoint = self._checked_endpoint()
        self.iam_url = self._checked_iam_url()
        self._auth = self._prepared_auth()

    @property
    def _refused(self) -> str:
        return REFUSED["cloud" if self._is_cloud else self._way]

    @property
    def client(self) -> Client:
        """The client of LTS.

        :raises JobsError: its address is in the catalog of IAM, which does not tell it.
        """
        if self._client is None:
            profile = ServiceProfile(
                NAME,
                HEADERS,
                errors.read_error,
                lambda status, code: errors.hint(status, code, self._refused),
                read_rate_limit=errors.read_rate_limit,
                address_option="endpoint",
            )
            url = self.endpoint or self._endpoint_of_catalog()
            self._client = Client(profile, url, self._auth, self._settings, self._context, self.registry)
        return self._client

    @property
    def project_id(self) -> str:
        """The id of the project. It is looked up once if the task gives a name.

        :raises JobsError: nobody tells it.
        """
        if self._project_id is None:
            found = self._looked_up_project()
            if not validators.HEX_32.fits(str(found)):
                raise JobsError("IAM returned no project for these credentials; give project_id or project_name.")
            self._project_id = str(found)
        return self._project_id

    def _looked_up_project(self) -> str | None:
        if "project_id" in self._project and not self._params["delegated_project"]:
            return self._project["project_id"]
        issued = self._issued_token()
        if issued is not None:
            return issued.project_id
        return self._iam().project_id(self._project["project_name"], self._credentials())

    def _issued_token(self) -> IssuedToken | None:
        """The token that IAM issued for this task, or None if it signs in by other means."""
        return self._auth.issued() if isinstance(self._auth, SubjectTokenAuth) else None

    def _with_cloud(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters, supplemented by what clouds.yaml says."""
        name = validators.text("cloud", params["cloud"], _LONGEST_NAME)
        from .auth import clouds_yaml

        cloud = clouds_yaml.read(name, params["region"], self.registry)
        self._interface = cloud.interface
        if self._settings.verify is True and cloud.verify is not True:
            ca_path = cloud.verify if isinstance(cloud.verify, str) else None
            self._settings = replace(self._settings, validate_certs=ca_path is not None, ca_path=ca_path)
        found = dict(cloud.options)
        if params["project_id"] or params["project_name"]:
            found["project_id"] = found["project_name"] = None
        return {**params, **{option: params.get(option) or value for option, value in found.items()}}

    def _checked_endpoint(self) -> str | None:
        """The address of LTS, or None to look it up in the catalog."""
        params = self._params
        if self._is_cloud and not params["endpoint"]:
            return None
        option = "endpoint" if self._is_cloud else preferred(params, "endpoint", "region")
        if option is None:
            raise InvalidInput("Give endpoint (https://HOST of the LTS) or region.")
        if option == "region":
            return f"https://{hosts(params['region']).lts}"
        url = _origin(params[option]) if self._is_cloud else params[option]
        return self._safe("endpoint", url, NAME)

    def _endpoint_of_catalog(self) -> str:
        region = self._params["region"]
        issued = self._issued_token()
        found = issued.endpoints(SERVICE_TYPES, region, self._interface) if issued else []
        if len(found) > 1:
            raise JobsError(f"The catalog of IAM has {NAME} in several regions; give region.")
        if found:
            return self._safe("endpoint", _origin(found[0]), NAME)
        if not region:
            raise JobsError(
                f"Neither clouds.yaml nor the catalog of IAM says where {NAME} is; give endpoint or region."
            )
        return f"https://{hosts(region).lts}"

    def _safe(self, option: str, url: str, service: str) -> str:
        """The address in an option, checked, with a warning if it is not safe."""
        url = validators.base_url(option, url)
        if validators.is_cleartext(url):
            secret = "auth_token" if self._way == "auth_token" else "what is sent there"
            self._context.warn(
                f"{option} uses plain http, so others could read {secret} on its way to {service}. Use https."
            )
        return url

    def _checked_project(self) -> dict[str, str]:
        """The project that the task gives: {"project_id": ...}, {"project_name": ...} or {}."""
        params = self._params
        option = preferred(params, "project_id", "project_name")
        if option is None:
            if not self._is_cloud and not params["delegated_project"]:
                raise InvalidInput("Give project_id or project_name.")
            return {}
        if option == "project_id":
            # Its case matters in a path.
            return {option: validators.identifier(option, params[option], validators.HEX_32).lower()}
        return {option: validators.text(option, params[option], _LONGEST_NAME)}

    def _check_agency(self) -> None:
        params = self._params
        for option in AGENCY:
            if params[option]:
                validators.text(option, params[option], _LONGEST_NAME)
        if not params["agency_name"]:
            return
        if self._way == "access_key":
            raise InvalidInput("agency_name needs a token: give auth_token, a user with a password, or cloud.")
        if not params["agency_domain_name"]:
            raise InvalidInput("agency_name needs agency_domain_name, the domain that created the agency.")
        if self._way == "password" and not params["delegated_project"] and not self._domain():
            raise InvalidInput("agency_name needs the domain of the user: give user_domain_name or user_domain_id.")
        if not self._project and not params["delegated_project"]:
            raise InvalidInput(
                "Give the project that the agency leads to: project_id, project_name or delegated_project."
            )

    def _checked_user(self) -> dict[str, Any]:
        """The user, with the password, as IAM takes it."""
        params = self._params
        password = validators.secret("password", params["password"])
        self.registry.keep(password, params["passcode"])
        option = preferred(params, "user_id", "username")
        if option is None:
            raise InvalidInput("password needs username or user_id.")
        name = validators.text(option, params[option], _LONGEST_NAME)
        if option == "user_id":
            return {"id": name, "password": password}
        if params["passcode"]:
            raise InvalidInput("passcode needs user_id, as IAM looks for the virtual MFA device by the user's id.")
        if not self._domain():
            raise InvalidInput("username needs user_domain_name or user_domain_id.")
        return {"name": name, "password": password, "domain": self._domain()}

    def _domain(self) -> dict[str, str]:
        """The user's domain as IAM takes it, or {}."""
        option = preferred(self._params, "user_domain_name", "user_domain_id")
        if option is None:
            return {}
        field = "name" if option == "user_domain_name" else "id"
        return {field: validators.text(option, self._params[option], _LONGEST_NAME)}

    def _checked_iam_url(self) -> str:
        """The address of IAM, or "" if the task does not need it."""
        params = self._params
        if not (self._way == "password" or params["agency_name"] or "project_name" in self._project):
            return ""
        option = "auth_url" if self._is_cloud and params["auth_url"] else preferred(params, "auth_url", "region")
        if option is None:
            raise InvalidInput("Give auth_url (https://HOST/v3 of the IAM) or region.")
        if option == "region":
            return f"https://{hosts(params['region']).iam}"
        return self._safe(option, re.sub(r"/v3/?$", "", params[option]), "IAM")

    def _iam(self) -> Iam:
        return Iam(self.iam_url, self._refused, self._settings, self._context, self.registry)

    def _prepared_auth(self) -> Auth:
        own = self._credentials()
        if not self._params["agency_name"]:
            return own
        return SubjectTokenAuth(None, lambda: self._assume_agency(own), self._context.clock)

    def _credentials(self) -> Auth:
        """The credentials that the task itself gives."""
        params, clock = self._params, self._context.clock
        if self._way == "access_key":
            access_key = validators.token("access_key", params["access_key"])
            secret_key = validators.token("secret_key", params["secret_key"])
            security_token = params["security_token"] and validators.token("security_token", params["security_token"])
            self.registry.keep(secret_key, security_token)
            from .auth.signature import Key, SignatureAuth

            default_form = CREDENTIAL if is_open_telekom_cloud(self.endpoint, params["region"]) else ACCESS
            key = Key(access_key, secret_key, security_token or None)
            return SignatureAuth(
                params["auth_form"] or default_form, key, clock, lambda: self._project_id, self.registry
            )
        if self._way == "auth_token":
            auth_token = validators.token("auth_token", params["auth_token"])
            self.registry.keep(auth_token)
            return SubjectTokenAuth(auth_token, None, clock)
        return SubjectTokenAuth(None, self._sign_in, clock)

    def _sign_in(self) -> IssuedToken:
        params = self._params
        if params["passcode"]:
            if self._is_passcode_used:
                raise JobsError("The token has expired, and a passcode can be used only once.", aborts_task=True)
            self._is_passcode_used = True
        # With an agency, the project is one of those that the agency leads to.
        own = {} if params["agency_name"] and not params["delegated_project"] else self._project
        scope = project_scope(own, self._domain())
        return self._iam().token(self._user, params["passcode"], scope, with_catalog=self.endpoint is None)

    def _assume_agency(self, caller: Auth) -> IssuedToken:
        params = self._params
        project = {"project_name": params["delegated_project"]} if params["delegated_project"] else self._project
        domain = {"domain_name": params["agency_domain_name"]}
        return self._iam().agency_token(
            params["agency_name"], domain, project_scope(project, {}), caller, with_catalog=self.endpoint is None
        )


def _origin(url: str) -> str:
    """Scheme, host and port of a URL. One that cannot be read stays as it is, for the check of the option to refuse."""
    try:
        return "://".join(urlsplit(url)[:2])
    except ValueError:
        return url
