# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in by a clouds.yaml, through openstacksdk.

https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from urllib.parse import urlsplit

from .._core.errors import JobsError, MissingLibrary
from .iam import Issued

# Types of LTS in the catalog of IAM, and in the names of the keys of clouds.yaml that override it.
_SERVICE_TYPES = ("ltsv2", "lts")
_SECRETS = ("password", "passcode", "token", "application_credential_secret")
_PROJECT = ("project_id", "project_name", "tenant_id", "tenant_name")
# Seconds before its end that a token is not used any more.
_MARGIN = 60
_LONGEST_REASON = 300


class Cloud:
    """A cloud of clouds.yaml.

    :param name: its name there.
    :param region: a region, or None for that of clouds.yaml.
    :param project: {"project_id": ...} or {"project_name": ...}, or {} for that of clouds.yaml.
    :param settings: HttpSettings.
    :param host: a Host.
    :param vault: the Vault of the task.
    """

    def __init__(self, name, region, project, settings, host, vault):
        self._name = name
        self._region = region
        self._project = project
        self._settings = settings
        self._host = host
        self._vault = vault
        self._opened = None

    def token(self):
        """A new token.

        :returns: an iam.Issued.
        :raises JobsError: there is none to be had.
        """
        session = self._session()

        def issue():
            session.invalidate()
            access = session.auth.get_access(session)
            return access.auth_token, access.expires, access.project_id

        value, expires, project_id = self._asking(issue)
        self._vault.keep(value)
        life = (expires - datetime.now(timezone.utc)).total_seconds() if expires else 2 * _MARGIN
        return Issued(value, self._host.clock.now() + life - _MARGIN, project_id)

    def endpoint(self):
        """Scheme, host and port of LTS: what clouds.yaml says, else the catalog; None if neither knows LTS."""
        config = self._config()
        found = [config.get_endpoint(service_type) for service_type in _SERVICE_TYPES]
        if not any(found):
            session = self._session()
            catalog = self._asking(lambda: session.auth.get_access(session)).service_catalog
            region, interface = config.get_region_name(), config.get_interface() or "public"
            found = [
                catalog.url_for(service_type=service_type, region_name=region, interface=interface)
                for service_type in catalog.get_endpoints(region_name=region, interface=interface)
                if service_type in _SERVICE_TYPES
            ]
        url = next(filter(None, found), None)
        return url and "://".join(urlsplit(url)[:2])

    def region(self):
        """The region, or None."""
        return self._config().get_region_name() or None

    def auth_url(self):
        """The address of IAM without /v3."""
        return re.sub(r"/v3/?$", "", self._config().get_auth_args().get("auth_url") or "").rstrip("/")

    def verify(self):
        """How TLS certificates are verified: True, False, or the path of a CA bundle."""
        return self._config().get_requests_verify_args()[0]

    def _session(self):
        config = self._config()
        return self._asking(config.get_session)

    def _config(self):
        if self._opened is None:
            try:
                from openstack.config import OpenStackConfig
            except ImportError as exc:
                raise MissingLibrary("openstacksdk", exc) from None
            self._opened = self._asking(lambda: self._open(OpenStackConfig(app_name=self._settings.agent)))
            self._vault.keep(*(self._opened.get_auth_args().get(name) for name in _SECRETS))
        return self._opened

    def _open(self, loader):
        settings = self._settings
        wanted = {"api_timeout": settings.timeout, **self._project}
        if self._region:
            wanted["region_name"] = self._region
        if settings.verify is False:
            wanted["verify"] = False
        elif settings.verify is not True:
            wanted["cacert"] = settings.verify
        if self._project:
            # Else an id there would come before a name here.
            auth = (loader.cloud_config["clouds"].get(self._name) or {}).get("auth") or {}
            for name in _PROJECT:
                auth.pop(name, None)
        return loader.get_one(cloud=self._name, **wanted)

    def _asking(self, function):
        """What a function of openstacksdk returns.

        :raises JobsError: it fails.
        """
        # Imported already, by openstacksdk.
        from keystoneauth1.exceptions import ClientException
        from openstack.exceptions import SDKException

        try:
            return function()
        except (ClientException, SDKException) as exc:
            reason = self._vault.scrub(" ".join(str(exc).split()))[:_LONGEST_REASON].rstrip(".")
        except Exception as exc:
            # Not its text: that of a parser would show what is in the file.
            reason = f"clouds.yaml cannot be read ({type(exc).__name__})"
        raise JobsError(
            f"openstacksdk could not sign in to the cloud {self._name}: {reason}. Check clouds.yaml.", stops_all=True
        )
