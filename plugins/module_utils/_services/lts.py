# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log Tank Service (LTS) of Open Telekom Cloud and Huawei Cloud, API v2: its endpoints, sign-in and errors.

https://docs.otc.t-systems.com/log-tank-service/api-ref/

Private to this collection.
"""

from __future__ import annotations

import re

from ansible.module_utils.common.parameters import env_fallback

from .._core import values
from .._core.auth import HeaderAuth
from .._core.errors import InvalidInput, ServiceError
from .._core.quota import Announcement, Quota, is_sensible
from .._core.retry import Effect
from .._core.transport import Endpoint, Profile, Transport

NAME = "LTS"

OPTIONS = {
    "endpoint": {"type": "str", "fallback": (env_fallback, ["OTC_LTS_ENDPOINT"])},
    "region": {"type": "str", "fallback": (env_fallback, ["OS_REGION_NAME", "OS_REGION"])},
    "project_id": {
        "type": "str",
        "required": True,
        "fallback": (env_fallback, ["OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"]),
    },
    "auth_token": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["OS_TOKEN", "OS_AUTH_TOKEN"]),
    },
    "log_group_id": {"type": "str"},
    "log_group_name": {"type": "str"},
}

_REGIONS = ("eu-de", "eu-nl")

_V2 = "/v2/{project_id}"
LIST_GROUPS = Endpoint("list the log groups of project {project_id}", "GET", _V2 + "/groups", Effect.READ)
LIST_STREAMS = Endpoint(
    "list the log streams of log group {group_id}", "GET", _V2 + "/groups/{group_id}/streams", Effect.READ
)
DELETE_STREAM = Endpoint(
    "delete log stream {stream_id}", "DELETE", _V2 + "/groups/{group_id}/streams/{stream_id}", Effect.CHANGE
)
LIST_TRANSFERS = Endpoint("list the log transfers of project {project_id}", "GET", _V2 + "/transfers", Effect.READ)
DELETE_TRANSFER = Endpoint("delete log transfer {transfer_id}", "DELETE", _V2 + "/transfers", Effect.CHANGE)

# As in "policy ip over ratelimit,limit:5,time:5 second"
_LIMIT = re.compile(r"limit:(?P<requests>[0-9]{1,6}),time:(?P<seconds>[0-9]{1,6}) second", re.ASCII)

_MOST_TRANSFERS = 100
_MOST_OFFSET = 1024

_BAD_TOKEN = (
    "Give a new auth_token: this one may have expired, belong to another project, or be judged by a clock that is "
    "wrong."
)
_ADVICE = {
    "LTS.0207": "The log stream feeds a log transfer; give delete_transfers: true to delete that first.",
    "LTS.0105": "A log transfer uses the log group.",
}


class Lts:
    """The LTS of one project.

    :param params: with endpoint or region, project_id and auth_token.
    :param settings: HttpSettings.
    :param host: a Host.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, host):
        url = _endpoint(params)
        self.project_id = values.identifier("project_id", params["project_id"], values.HEX_32)
        auth_token = values.token("auth_token", params["auth_token"])
        if values.is_cleartext(url):
            host.warn("endpoint is plain http, so that auth_token can be read on its way to LTS. Use https.")
        # Content-Type is demanded on every request, also on those without a body.
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        profile = Profile(NAME, headers, read_error, _advice, read_quota=read_quota)
        self._transport = Transport(profile, url, HeaderAuth({"X-Auth-Token": auth_token}), settings, host)
        self._transport.vault.keep(auth_token)

    def groups(self):
        """All log groups of the project."""
        return self._list(LIST_GROUPS, "log_groups", ("log_group_id", "log_group_name"))

    def streams(self, group_id):
        """All log streams of a group.

        :raises ServiceError: is_group_missing() tells whether there is no such group.
        """
        return self._list(LIST_STREAMS, "log_streams", ("log_stream_id", "log_stream_name"), group_id=group_id)

    def transfers(self, streams):
        """The log transfers of the project, at least all those that any of some streams feed.

        :param streams: the streams that matter, as LTS lists them.
        """
        found = {}
        while True:
            query = {"limit": _MOST_TRANSFERS, "offset": len(found)}
            page = self._transfers(query)
            fresh = [transfer for transfer in page if transfer["log_transfer_id"] not in found]
            found.update((transfer["log_transfer_id"], transfer) for transfer in fresh)
            if len(page) < _MOST_TRANSFERS:
                return list(found.values())
            if not fresh or len(found) > _MOST_OFFSET:
                # In some regions the offset has no effect, and it has an upper limit: ask stream by stream instead.
                break
        for stream in streams:
            page = self._transfers({"limit": _MOST_TRANSFERS, "log_stream_name": stream["log_stream_name"]})
            found.update((transfer["log_transfer_id"], transfer) for transfer in page)
        return list(found.values())

    def _transfers(self, query):
        return self._list(LIST_TRANSFERS, "log_transfers", ("log_transfer_id",), query=query)

    def delete_stream(self, group_id, stream_id):
        """Returns whether LTS deleted the stream; False if there is none."""
        try:
            self._call(DELETE_STREAM, group_id=group_id, stream_id=stream_id)
        except ServiceError as error:
            if _is_stream_missing(error):
                return False
            raise
        return True

    def delete_transfer(self, transfer_id):
        """Returns whether LTS deleted the transfer; False if there is none."""
        try:
            self._call(DELETE_TRANSFER, query={"log_transfer_id": transfer_id}, transfer_id=transfer_id)
        except ServiceError as error:
            if error.status in (400, 404) and error.code == "LTS.0405":
                return False
            raise
        return True

    def _call(self, endpoint, query=None, **ids):
        return self._transport.call(endpoint, query=query, project_id=self.project_id, **ids)

    def _list(self, endpoint, key, required, query=None, **ids):
        answer = self._call(endpoint, query, **ids)
        entries = answer.data.get(key) if isinstance(answer.data, dict) else None
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in required) for entry in entries
        ):
            raise self._transport.undocumented(endpoint, answer)
        return entries


def _endpoint(params):
    if params["endpoint"]:
        return values.base_url("endpoint", params["endpoint"])
    if not params["region"]:
        raise InvalidInput("Give endpoint (https://HOST of the LTS) or region.")
    if params["region"] not in _REGIONS:
        raise InvalidInput(f"region must be one of {', '.join(_REGIONS)}; for any other, give endpoint (https://HOST).")
    return f"https://lts.{params['region']}.otc.t-systems.com"


def read_error(answer):
    """(code, message, request id) of an error of LTS, of the gateway before it or of IAM, else None."""
    body = answer.data if isinstance(answer.data, dict) else {}
    nested = next((body[key] for key in ("message", "error") if isinstance(body.get(key), dict)), {})
    code = body.get("error_code") or body.get("errorCode") or nested.get("code")
    message = body.get("error_msg") or body.get("errorMessage") or nested.get("details") or nested.get("message")
    if not code:
        return None
    return code, message, body.get("request_id") or answer.headers.get("X-Request-Id")


def read_quota(answer):
    """What the gateway says of its limit when it refuses a request, see transport.Profile; no page documents it."""
    found = _LIMIT.search(answer.text) if answer.status == 429 else None
    quota = Quota(int(found["requests"]), int(found["seconds"])) if found else None
    return Announcement(quota) if quota and is_sensible(quota) else None


def _advice(status, code):
    if status == 401:
        return _BAD_TOKEN
    if status == 404 and code and code.startswith("API"):
        return "Check endpoint: the gateway does not know this address."
    if code == "LTS.0001" and status == 403:
        return "Check project_id: it is not the project that auth_token was issued for."
    return _ADVICE.get(code, "")


def is_group_missing(error):
    """Whether a ServiceError says that the log group does not exist; some regions say it with 400, others with 404."""
    return error.status in (400, 404) and error.code == "LTS.0201"


def _is_stream_missing(error):
    if is_group_missing(error):
        return True
    if error.code == "LTS.0208":
        # One edition of the documentation gives this code to a stream that a transfer still uses.
        return error.status in (400, 404) and "associated" not in error.message.lower()
    return error.status == 404 and bool(error.code) and error.code.startswith("LTS.")
