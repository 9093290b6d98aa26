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

from ansible.module_utils.common.parameters import env_fallback

from .._core import options, values
from .._core.errors import InvalidInput, JobsError
from .._core.secrets import Vault
from .._core.transport import Profile, Transport
from . import lts_errors
from .aksk import ACCESS, CREDENTIAL, SignatureAuth
from .iam import Iam, SubjectTokenAuth, project_scope
from .openstack_cloud import Cloud

NAME = "LTS"


def _text(*names, **more):
    return {"type": "str", "fallback": (env_fallback, list(names)), **more}


# The variables are those that the clouds' own command lines, SDKs and Terraform providers read.
OPTIONS = {
    "endpoint": _text("OTC_LTS_ENDPOINT"),
    "region": _text("OS_REGION_NAME", "OS_REGION", aliases=["region_name"]),
    "project_id": _text("OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "project_name": _text("OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "auth_token": _text("OS_TOKEN", "OS_AUTH_TOKEN", no_log=True),
    "access_key": _text("OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK", "HUAWEICLOUD_SDK_AK", no_log=False),
    "secret_key": _text("OS_SECRET_KEY", "OS_SK", "HUAWEICLOUD_SDK_SK", no_log=True),
    "security_token": _text("OS_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN", no_log=True),
    "auth_form": {"type": "str", "choices": [ACCESS, CREDENTIAL]},
    "auth_url": _text("OS_AUTH_URL"),
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

_OTC = "otc.t-systems.com"
_HUAWEI_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+", re.ASCII)
_LONGEST_NAME = 255

_REFUSED = {
    "auth_token": "Give a new auth_token: this one may have expired, belong to another project, or be judged by a "
    "clock that is wrong.",
    "access_key": "Check access_key, secret_key and security_token, the clock of this machine, and whether the service "
    "takes this auth_form. After five refusals in a row, a key is locked for five minutes.",
    "password": "Check the project, and whether the password was changed within the last half hour.",
    "cloud": "Check the credentials and the project of this cloud in clouds.yaml.",
}


class Connection:
    """The LTS of one project, for one task. Nothing is sent before it is used.

    :param params: the OPTIONS.
    :param settings: HttpSettings.
    :param host: a Host.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, host):
        self._params = params
        self._settings = settings
        self._host = host
        self._vault = Vault(host)
        self._transport = None
        self._project_id = None
        self._passcode_used = False
        way = options.way_to_sign_in(params, _ways(), _WAYS_IN_WORDS, ordered=True)
        self._way = next(option for option in _REFUSED if option in way)
        self._endpoint = self._checked_endpoint()
        self._project = self._checked_project()
        self._check_agency()
        self._user = self._checked_user() if self._way == "password" else None
        self._cloud = self._checked_cloud()
        self._iam_url = self._checked_iam_url()
        self._auth = self._prepared_auth()

    @property
    def transport(self):
        """A Transport to LTS.

        :raises JobsError: the address is in clouds.yaml, and cannot be had.
        """
        if self._transport is None:
            url = self._endpoint or self._endpoint_of_cloud()
            self._warn_of_cleartext("endpoint", url)
            # Content-Type is demanded on every request, also on those without a body.
            profile = Profile(
                NAME,
                {"Content-Type": "application/json;charset=UTF-8"},
                lts_errors.read_error,
                lambda status, code: lts_errors.advice(status, code, _REFUSED[self._way]),
                read_quota=lts_errors.read_quota,
            )
            settings = copy.copy(self._settings)
            if self._cloud:
                settings.verify = self._cloud.verify()
            self._transport = Transport(profile, url, self._auth, settings, self._host, self._vault)
        return self._transport

    @property
    def project_id(self):
        """The id of the project, looked up once if it was given by name.

        :raises JobsError: it cannot be had.
        """
        if self._project_id is None:
            found = self._looked_up_project()
            if found is None:
                raise JobsError("The credentials are for no project; give project_id or project_name.")
            self._project_id = values.identifier("project_id", found, values.HEX_32)
            if isinstance(self._auth, SignatureAuth):
                self._auth.project_id = self._project_id
        return self._project_id

    def _looked_up_project(self):
        params = self._params
        if "project_id" in self._project and not (params["agency_name"] and params["delegated_project"]):
            return self._project["project_id"]
        if isinstance(self._auth, SubjectTokenAuth) and self._auth.issued() is not None:
            return self._auth.issued().project_id
        return self._iam().project_id(self._project["project_name"], self._credentials())

    def _checked_endpoint(self):
        """The address of LTS, or None if clouds.yaml has to tell."""
        option = options.preferred(self._params, OPTIONS, "endpoint", "region")
        if option == "endpoint":
            return values.base_url(option, self._params[option])
        if self._way == "cloud":
            return None
        if option is None:
            raise InvalidInput("Give endpoint (https://HOST of the LTS) or region.")
        return f"https://{_hosts(self._params[option])[0]}"

    def _endpoint_of_cloud(self):
        url = self._cloud.endpoint()
        if url is None and not self._cloud.region():
            raise InvalidInput(f"Neither clouds.yaml nor its catalog says where {NAME} is; give endpoint or region.")
        return url or f"https://{_hosts(self._cloud.region())[0]}"

    def _checked_cloud(self):
        params = self._params
        if self._way != "cloud":
            return None
        name = values.text("cloud", params["cloud"], _LONGEST_NAME)
        # As with other tools, what the environment says of a project is not about this cloud.
        option = options.first_own(params, OPTIONS, *self._project)
        project = {option: params[option]} if option else {}
        if not params["agency_name"]:
            self._project = project
        elif not params["delegated_project"]:
            project = {}
        return Cloud(name, params["region"], project, self._settings, self._host, self._vault)

    def _checked_project(self):
        """The project that is given: {"project_id": ...}, {"project_name": ...} or {}."""
        params = self._params
        option = options.preferred(params, OPTIONS, "project_id", "project_name")
        if option is None:
            if self._way != "cloud" and not (params["agency_name"] and params["delegated_project"]):
                raise InvalidInput("Give project_id or project_name.")
            return {}
        if option == "project_id":
            return {option: values.identifier(option, params[option], values.HEX_32)}
        return {option: values.text(option, params[option], _LONGEST_NAME)}

    def _check_agency(self):
        params = self._params
        for option in ("agency_name", "agency_domain_name", "delegated_project"):
            if params[option]:
                values.text(option, params[option], _LONGEST_NAME)
        if params["agency_name"]:
            if self._way == "access_key":
                raise InvalidInput("agency_name needs a token: give auth_token, a user with a password, or cloud.")
            if not params["agency_domain_name"]:
                raise InvalidInput("agency_name needs agency_domain_name, the domain that created the agency.")

    def _checked_user(self):
        """The user as IAM takes it."""
        params = self._params
        password = values.secret("password", params["password"])
        self._vault.keep(password, params["passcode"])
        if options.preferred(params, OPTIONS, "user_id", "username") == "user_id":
            return {"id": values.text("user_id", params["user_id"], _LONGEST_NAME), "password": password}
        if params["passcode"]:
            raise InvalidInput("passcode needs user_id, as IAM looks for the virtual MFA device by the user's id.")
        if not self._domain():
            raise InvalidInput("username needs user_domain_name or user_domain_id.")
        name = values.text("username", params["username"], _LONGEST_NAME)
        return {"name": name, "password": password, "domain": self._domain()}

    def _domain(self):
        """The user's domain as IAM takes it, or {}."""
        for option, field in (("user_domain_name", "name"), ("user_domain_id", "id")):
            if self._params[option]:
                return {field: values.text(option, self._params[option], _LONGEST_NAME)}
        return {}

    def _checked_iam_url(self):
        """Where IAM is, or None if it is not needed or clouds.yaml knows."""
        params = self._params
        looks_up = "project_name" in self._project and self._way != "cloud"
        if not (self._way == "password" or params["agency_name"] or looks_up):
            return None
        if params["auth_url"]:
            url = values.base_url("auth_url", re.sub(r"/v3/?$", "", params["auth_url"]))
        elif params["region"]:
            url = f"https://{_hosts(params['region'])[1]}"
        elif self._way == "cloud":
            return None
        else:
            raise InvalidInput("Give auth_url (https://HOST/v3 of the IAM) or region.")
        self._warn_of_cleartext("auth_url", url)
        return url

    def _warn_of_cleartext(self, option, url):
        if values.is_cleartext(url):
            secret = "auth_token" if self._way == "auth_token" else "what is sent there"
            self._host.warn(f"{option} is plain http, so that {secret} can be read on its way to {NAME}. Use https.")

    def _iam(self):
        return Iam(self._iam_url or self._cloud.auth_url(), self._settings, self._host, self._vault)

    def _prepared_auth(self):
        own = self._credentials()
        if not self._params["agency_name"]:
            return own
        return SubjectTokenAuth(None, lambda: self._take_on_agency(own), self._host.clock)

    def _credentials(self):
        """An Auth with the credentials of the task themselves."""
        params, clock = self._params, self._host.clock
        if self._way == "access_key":
            keys = [values.token(option, params[option]) for option in ("access_key", "secret_key")]
            security_token = params["security_token"] and values.token("security_token", params["security_token"])
            self._vault.keep(keys[1], security_token)
            form = params["auth_form"] or (CREDENTIAL if _is_of_otc(self._endpoint) else ACCESS)
            return SignatureAuth(form, *keys, security_token, clock)
        if self._way == "auth_token":
            auth_token = values.token("auth_token", params["auth_token"])
            self._vault.keep(auth_token)
            return SubjectTokenAuth(auth_token, None, clock)
        if self._way == "cloud":
            return SubjectTokenAuth(None, self._cloud.token, clock)
        return SubjectTokenAuth(None, self._sign_in, clock)

    def _sign_in(self):
        params = self._params
        if params["passcode"]:
            if self._passcode_used:
                raise JobsError("The token has ended, and a passcode is good for one token only.", stops_all=True)
            self._passcode_used = True
        # With an agency, the project is one of those that it leads to.
        own = {} if params["agency_name"] and not params["delegated_project"] else self._project
        return self._iam().token(self._user, params["passcode"], project_scope(own, self._domain()))

    def _take_on_agency(self, caller):
        params = self._params
        project = {"project_name": params["delegated_project"]} if params["delegated_project"] else self._project
        domain = {"domain_name": params["agency_domain_name"]}
        scope = project_scope(project, {})
        return self._iam().agency_token(params["agency_name"], domain, scope, caller)


def _ways():
    return [{option: OPTIONS[option]["fallback"][1] for option in way} for way in _WAYS]


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


def _is_of_otc(url):
    return (urlsplit(url).hostname or "").endswith(f".{_OTC}")
