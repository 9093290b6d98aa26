# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reaching LTS: its address, the ways to sign in, and the project.

Private to this collection.
"""

from __future__ import annotations

import copy
import re
from urllib.parse import urlsplit

from ..._core.errors import InvalidInput, JobsError
from ..._core.http.client import Client
from ..._core.http.endpoint import Profile
from ..._core.params import environment, validators
from ..._core.params.environment import FromEnvironment, is_own, preferred
from ..._core.redaction.registry import SecretRegistry
from . import errors
from .auth import clouds_yaml
from .auth.iam import Iam, SubjectTokenAuth, project_scope
from .auth.signature import ACCESS, CREDENTIAL, SignatureAuth

NAME = "LTS"


def _text(*names, **more):
    return environment.text(names, **more)


# The variables are those that the clouds' own command lines, SDKs and Terraform providers read.
_ACCESS_KEY = ["OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK", "HUAWEICLOUD_SDK_AK"]
_SECRET_KEY = ["OS_SECRET_KEY", "OS_SK", "HUAWEICLOUD_SDK_SK"]

OPTIONS = {
    "endpoint": environment.address(["OTC_LTS_ENDPOINT"]),
    "region": _text("OS_REGION_NAME", "OS_REGION", aliases=["region_name"]),
    "project_id": _text("OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "project_name": _text("OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "auth_token": _text("OS_TOKEN", "OS_AUTH_TOKEN", no_log=True),
    "access_key": environment.pair(_ACCESS_KEY, _SECRET_KEY, no_log=False),
    "secret_key": environment.pair(_SECRET_KEY, _ACCESS_KEY, no_log=True),
    "security_token": environment.pair(
        ["OS_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"], _ACCESS_KEY, no_log=True
    ),
    "auth_form": {"type": "str", "choices": [ACCESS, CREDENTIAL]},
    "auth_url": environment.address(["OS_AUTH_URL"]),
    "username": _text("OS_USERNAME"),
    "user_id": _text("OS_USER_ID"),
    "password": _text("OS_PASSWORD", no_log=True),
    "passcode": _text("OS_PASSCODE", no_log=True),
    "user_domain_name": _text("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
    "user_domain_id": _text("OS_USER_DOMAIN_ID", "OS_DOMAIN_ID", "HUAWEICLOUD_SDK_DOMAIN_ID"),
    "cloud": _text("OS_CLOUD"),
    "agency_name": _text("OS_AGENCY_NAME"),
    "agency_domain_name": _text("OS_AGENCY_DOMAIN_NAME"),
    "delegated_project": _text("OS_DELEGATED_PROJECT"),
}

# In the order in which the environment is searched.
_WAYS = (
    ("auth_token",),
    ("access_key", "secret_key"),
    ("username", "password"),
    ("user_id", "password"),
    ("cloud",),
)
_WAYS_IN_WORDS = "auth_token; access_key and secret_key; username (or user_id) and password; cloud"
_AGENCY = ("agency_name", "agency_domain_name", "delegated_project")

_OTC = "otc.t-systems.com"
_HUAWEI_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+", re.ASCII)
_LONGEST_NAME = 255

_REFUSED = {
    "auth_token": "Give a new auth_token: this one may have expired, belong to another project, or be judged by a "
    "clock that is wrong.",
    "access_key": "Check access_key, secret_key and security_token, the clock of this machine, and whether the service "
    "takes this auth_form. After five refusals in a row, a key is locked for five minutes.",
    "password": "Check the user name, the domain, the password and the project; a user with a virtual MFA device needs "
    "a passcode as well. IAM locks users that are refused too often.",
    "cloud": "Check the credentials and the project of this cloud in clouds.yaml. IAM locks users that are refused too "
    "often.",
}


class Connection:
    """The LTS of one project, for one task. Nothing is sent before it is used.

    :param params: the OPTIONS.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :raises JobsError: one of the parameters, or the clouds.yaml, cannot be right.
    """

    def __init__(self, params, settings, context):
        self._settings = settings
        self._context = context
        self._registry = SecretRegistry(context)
        self._client = None
        self._project_id = None
        self._passcode_used = False
        way = environment.way_to_sign_in(params, _WAYS, _WAYS_IN_WORDS)
        params = _without_strangers(params, way)
        self._is_cloud = way == {"cloud"}
        if self._is_cloud:
            params = self._with_cloud(params)
            way = {option for option in _REFUSED if option != "cloud" and params[option]}
        self._params = params
        self._way = next((option for option in _REFUSED if option in way), None)
        if self._way is None:
            raise InvalidInput(f"The cloud {params['cloud']} of clouds.yaml has neither password nor token.")
        self._project = self._checked_project()
        self._check_agency()
        self._user = self._checked_user() if self._way == "password" else None
        self._endpoint = self._checked_endpoint()
        self._iam_url = self._checked_iam_url()
        self._auth = self._prepared_auth()

    @property
    def _refused(self):
        return _REFUSED["cloud" if self._is_cloud else self._way]

    @property
    def client(self):
        """A Client to LTS.

        :raises JobsError: the address is in the catalog of IAM, and cannot be had.
        """
        if self._client is None:
            # Content-Type is demanded on every request, also on those without a body.
            profile = Profile(
                NAME,
                {"Content-Type": "application/json;charset=UTF-8"},
                errors.read_error,
                lambda status, code: errors.hint(status, code, self._refused),
                read_rate_limit=errors.read_rate_limit,
                address_option="endpoint",
            )
            url = self._endpoint or self._endpoint_of_catalog()
            self._client = Client(profile, url, self._auth, self._settings, self._context, self._registry)
        return self._client

    @property
    def project_id(self):
        """The id of the project, looked up once if it was given by name.

        :raises JobsError: it cannot be had.
        """
        if self._project_id is None:
            found = self._looked_up_project()
            if not validators.HEX_32.pattern.fullmatch(str(found)):
                raise JobsError("IAM does not tell a project for these credentials; give project_id or project_name.")
            self._project_id = found
            if isinstance(self._auth, SignatureAuth):
                self._auth.project_id = found
        return self._project_id

    def _looked_up_project(self):
        if "project_id" in self._project and not self._params["delegated_project"]:
            return self._project["project_id"]
        if isinstance(self._auth, SubjectTokenAuth) and self._auth.issued() is not None:
            return self._auth.issued().project_id
        return self._iam().project_id(self._project["project_name"], self._credentials())

    def _with_cloud(self, params):
        """The parameters with what clouds.yaml says; what the task itself gives comes before it."""
        name = validators.text("cloud", params["cloud"], _LONGEST_NAME)
        found = clouds_yaml.read(name, params["region"], self._registry)
        if self._settings.verify is True and found["verify"] is not True:
            self._settings = copy.copy(self._settings)
            self._settings.verify = found["verify"]
        if params["project_id"] or params["project_name"]:
            found["project_id"] = found["project_name"] = None
        return {**params, **{option: params.get(option) or value for option, value in found.items()}}

    def _checked_endpoint(self):
        """The address of LTS, or None if the catalog has to tell."""
        params = self._params
        if self._is_cloud and not params["endpoint"]:
            return None
        option = "endpoint" if self._is_cloud else preferred(params, "endpoint", "region")
        if option is None:
            raise InvalidInput("Give endpoint (https://HOST of the LTS) or region.")
        if option == "region":
            return f"https://{_hosts(params['region'])[0]}"
        url = _origin(params[option]) if self._is_cloud else params[option]
        return self._safe("endpoint", url, NAME)

    def _endpoint_of_catalog(self):
        region = self._params["region"]
        issued = self._auth.issued() if isinstance(self._auth, SubjectTokenAuth) else None
        found = issued.endpoints(clouds_yaml.SERVICE_TYPES, region, self._params["interface"]) if issued else []
        if len(found) > 1:
            raise JobsError(f"The catalog of IAM has {NAME} in several regions; give region.")
        if found:
            return self._safe("endpoint", _origin(found[0]), NAME)
        if not region:
            raise JobsError(
                f"Neither clouds.yaml nor the catalog of IAM says where {NAME} is; give endpoint or region."
            )
        return f"https://{_hosts(region)[0]}"

    def _safe(self, option, url, service):
        url = validators.base_url(option, url)
        if validators.is_cleartext(url):
            secret = "auth_token" if self._way == "auth_token" else "what is sent there"
            self._context.warn(
                f"{option} is plain http, so that {secret} can be read on its way to {service}. Use https."
            )
        return url

    def _checked_project(self):
        """The project that is given: {"project_id": ...}, {"project_name": ...} or {}."""
        params = self._params
        option = preferred(params, "project_id", "project_name")
        if option is None:
            if not self._is_cloud and not params["delegated_project"]:
                raise InvalidInput("Give project_id or project_name.")
            return {}
        if option == "project_id":
            # In a path, its case matters.
            return {option: validators.identifier(option, params[option], validators.HEX_32).lower()}
        return {option: validators.text(option, params[option], _LONGEST_NAME)}

    def _check_agency(self):
        params = self._params
        for option in _AGENCY:
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

    def _checked_user(self):
        """The user as IAM takes it."""
        params = self._params
        password = validators.secret("password", params["password"])
        self._registry.keep(password, params["passcode"])
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

    def _domain(self):
        """The user's domain as IAM takes it, or {}."""
        option = preferred(self._params, "user_domain_name", "user_domain_id")
        if option is None:
            return {}
        field = "name" if option == "user_domain_name" else "id"
        return {field: validators.text(option, self._params[option], _LONGEST_NAME)}

    def _checked_iam_url(self):
        """Where IAM is, or None if it is not needed."""
        params = self._params
        if not (self._way == "password" or params["agency_name"] or "project_name" in self._project):
            return None
        option = "auth_url" if self._is_cloud and params["auth_url"] else preferred(params, "auth_url", "region")
        if option is None:
            raise InvalidInput("Give auth_url (https://HOST/v3 of the IAM) or region.")
        if option == "region":
            return f"https://{_hosts(params['region'])[1]}"
        return self._safe(option, re.sub(r"/v3/?$", "", params[option]), "IAM")

    def _iam(self):
        return Iam(self._iam_url, self._refused, self._settings, self._context, self._registry)

    def _prepared_auth(self):
        own = self._credentials()
        if not self._params["agency_name"]:
            return own
        return SubjectTokenAuth(None, lambda: self._take_on_agency(own), self._context.clock)

    def _credentials(self):
        """An Auth with the credentials of the task themselves."""
        params, clock = self._params, self._context.clock
        if self._way == "access_key":
            keys = [validators.token(option, params[option]) for option in ("access_key", "secret_key")]
            security_token = params["security_token"] and validators.token("security_token", params["security_token"])
            self._registry.keep(keys[1], security_token)
            form = params["auth_form"] or (CREDENTIAL if _is_of_otc(self._endpoint, params["region"]) else ACCESS)
            return SignatureAuth(form, *keys, security_token, clock)
        if self._way == "auth_token":
            auth_token = validators.token("auth_token", params["auth_token"])
            self._registry.keep(auth_token)
            return SubjectTokenAuth(auth_token, None, clock)
        return SubjectTokenAuth(None, self._sign_in, clock)

    def _sign_in(self):
        params = self._params
        if params["passcode"]:
            if self._passcode_used:
                raise JobsError("The token has ended, and a passcode is good for one token only.", aborts_task=True)
            self._passcode_used = True
        # With an agency, the project is one of those that it leads to.
        own = {} if params["agency_name"] and not params["delegated_project"] else self._project
        scope = project_scope(own, self._domain())
        return self._iam().token(self._user, params["passcode"], scope, with_catalog=self._endpoint is None)

    def _take_on_agency(self, caller):
        params = self._params
        project = {"project_name": params["delegated_project"]} if params["delegated_project"] else self._project
        domain = {"domain_name": params["agency_domain_name"]}
        return self._iam().agency_token(
            params["agency_name"], domain, project_scope(project, {}), caller, with_catalog=self._endpoint is None
        )


def _without_strangers(params, way):
    """The parameters without what the environment says of other credentials than those that the task gives."""
    key = [params[option] for option in ("access_key", "security_token")]
    if len({value.prefix for value in key if isinstance(value, FromEnvironment)}) > 1:
        # It belongs to another key.
        params = {**params, "security_token": None}
    if not params["agency_name"]:
        params = {**params, "delegated_project": None}
    if not any(is_own(params, option) for option in way) and way != {"cloud"}:
        return params
    companions = [*_AGENCY, "security_token", "passcode"]
    if way == {"cloud"}:
        companions += ["endpoint", "region", "project_id", "project_name", "auth_url", "user_domain_name"]
        companions += ["user_domain_id", "username", "user_id", "password", "auth_token", "access_key", "secret_key"]
    if is_own(params, "agency_name"):
        companions.remove("agency_domain_name")
    return {**params, **{option: None for option in companions if not is_own(params, option)}}


def _origin(url: str) -> str:
    """Scheme, host and port of an address; one that cannot be read stays as it is, to be refused as an option is."""
    try:
        return "://".join(urlsplit(url)[:2])
    except ValueError:
        return url


def _hosts(region):
    """The hosts of LTS and of IAM in a region.

    :raises InvalidInput: it is none.
    """
    if region in ("eu-de", "eu-nl"):
        return f"lts.{region}.{_OTC}", f"iam.{region}.{_OTC}"
    if region == "eu-ch2":
        return f"lts.{region}.sc.{_OTC}", f"iam-pub.{region}.sc.{_OTC}"
    if _HUAWEI_REGION.fullmatch(region):
        # The list of regions grows; one of them is sold by another company.
        domain = f"{region}.myhuaweicloud.{'eu' if region == 'eu-west-101' else 'com'}"
        return f"lts.{domain}", f"iam.{domain}"
    raise InvalidInput(
        f"region: {region!r} is neither a region of Open Telekom Cloud (eu-de, eu-nl, eu-ch2) nor looks like one of "
        "Huawei Cloud (such as ap-southeast-3); for any other, give endpoint (https://HOST)."
    )


def _is_of_otc(url, region):
    context = urlsplit(url).hostname if url else _hosts(region)[0] if region else ""
    return (context or "").endswith(f".{_OTC}")
