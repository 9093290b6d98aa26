# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of LTS, of the gateway and the IAM in front of it: what they mean, and what to do about them.

https://docs.otc.t-systems.com/log-tank-service/api-ref/public_parameters/error_code.html
"""

from __future__ import annotations

import re
from typing import Any

from ..._core.errors import JobsError, ServiceError
from ..._core.http.endpoint import ErrorParts
from ..._core.http.limits.rate_limit import RateLimit, RateLimitInfo, is_sensible
from ..._core.http.response import Response

# As in "policy ip over ratelimit,limit:5,time:5 second"
_LIMIT = re.compile(r"limit:(?P<requests>[0-9]{1,6}),time:(?P<seconds>[0-9]{1,6}) second", re.ASCII)

_QUOTA = "The quota is exhausted: delete what is no longer needed, or request a higher quota."
_LACKS_ROLE = "The user, agency or access key that the task signs in with lacks a role for LTS, such as LTS FullAccess."
_WRONG_PROJECT = "Check project_id: the credentials are for another project."
_HINTS = {
    "LTS.0001": _WRONG_PROJECT,
    "LTS.0003": _LACKS_ROLE,
    "LTS.0009": "The service does not accept one of the values. (A transfer to a bucket of another account needs all "
    "of log_agency_transfer.)",
    "LTS.0011": "Check project_id and the ids.",
    "LTS.0101": "Names of log groups are unique in a project.",
    "LTS.0104": _QUOTA,
    "LTS.0105": "A log transfer uses the log group, and has to be deleted first; recursive: true does that.",
    "LTS.0106": "Give a ttl_in_days that this region accepts: from 1 to 365, in some regions less.",
    "LTS.0107": _LACKS_ROLE,
    "LTS.0201": "Check the log group, and the project.",
    "LTS.0205": "Names of log streams are unique in a log group.",
    "LTS.0206": _QUOTA,
    "LTS.0207": "A log stream that feeds a log transfer cannot be deleted, and cannot feed another one; the option "
    "delete_transfers of lts_log_stream deletes that transfer first.",
    "LTS.0403": _WRONG_PROJECT,
    "LTS.0416": "Check obs_bucket_name: there must be such a bucket, and LTS must be allowed to write to it.",
    "LTS.1901": "Check obs_period and obs_period_unit.",
    "LTS.1902": "Check obs_prefix_name and obs_dir_prefix_name.",
}
_HINTS_BY_STATUS = {
    415: "Something between here and LTS removes the header Content-Type.",
    418: "A web application firewall in front of LTS mistakes the request for an attack: check http_agent and the "
    "names in the request, or ask the provider to let it pass.",
}
_BUSY = "The gateway allows no more requests for now; try again later, or with a lower max_concurrency."
_UNKNOWN_ADDRESS = "Check endpoint: the gateway does not know this address, so it says nothing about what exists."

# The code of a log stream that does not exist. In one edition of the documentation, it means a stream that a transfer
# still uses; only the message tells which of the two.
_STREAM_MISSING = "LTS.0208"
_STILL_USED = "associated"
# Codes that come with 404 although they are about the project, the rights, other ids, or an obstacle to a deletion.
_NOT_ABOUT_STREAM = (
    "LTS.0001",
    "LTS.0002",
    "LTS.0003",
    "LTS.0011",
    "LTS.0105",
    "LTS.0107",
    "LTS.0207",
    "LTS.0403",
    "LTS.0414",
)


def read_error(response: Response) -> ErrorParts | None:
    """The ErrorParts of an error of LTS, of the gateway in front of it or of IAM, else None."""
    body = response.json_object()
    nested: dict[str, Any] = next((body[key] for key in ("message", "error") if isinstance(body.get(key), dict)), {})
    code = body.get("error_code") or body.get("errorCode") or nested.get("code")
    message = body.get("error_msg") or body.get("errorMessage") or nested.get("details") or nested.get("message")
    if not code:
        return None
    return code, message, body.get("request_id") or response.headers.get("X-Request-Id")


def read_rate_limit(response: Response) -> RateLimitInfo | None:
    """The limit that the gateway states when it refuses a request; no page documents it."""
    found = _LIMIT.search(response.text) if response.status == 429 else None
    rate_limit = RateLimit(int(found["requests"]), int(found["seconds"])) if found else None
    return RateLimitInfo(rate_limit) if rate_limit and is_sensible(rate_limit) else None


def hint(status: int, code: str | None, refused: str) -> str:
    """What can be done about an error, as a sentence, or "".

    :param refused: the sentence for credentials that LTS does not accept.
    """
    if status == 401:
        return refused
    if status in _HINTS_BY_STATUS:
        return _HINTS_BY_STATUS[status]
    if status == 429:
        return _BUSY
    if status == 404 and _is_of_gateway(code):
        return _UNKNOWN_ADDRESS
    if code == "LTS.0001" and status != 403:
        # With another status, this code means something else.
        return ""
    return _HINTS.get(code or "", "")


def _is_of_gateway(code: str | None) -> bool:
    return code is not None and code.startswith("API")


def _is_of_lts(code: str | None) -> bool:
    return code is not None and code.startswith("LTS.")


def is_group_missing(error: ServiceError) -> bool:
    """Whether the log group does not exist; some regions say that with 400, others with 404."""
    return error.status in (400, 404) and error.code == "LTS.0201"


def is_stream_missing(error: ServiceError) -> bool:
    """Whether the log stream of a deletion or an update does not exist."""
    if is_group_missing(error):
        return True
    if _STILL_USED in error.message.lower():
        return False
    if error.code == _STREAM_MISSING:
        return error.status in (400, 404)
    return error.status == 404 and _is_of_lts(error.code) and error.code not in _NOT_ABOUT_STREAM


def is_transfer_missing(error: ServiceError) -> bool:
    """Whether the log transfer of a deletion does not exist."""
    return error.status in (400, 404) and error.code == "LTS.0405"


def exists_already(error: JobsError) -> bool:
    """Whether somebody else was faster, so a creation failed: the name is taken, or the streams feed a transfer."""
    return error.code in ("LTS.0101", "LTS.0205", "LTS.0207")
