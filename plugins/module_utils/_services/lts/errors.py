# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the errors of LTS mean, and those of the gateway and of the IAM in front of it, and what to do about them.

https://docs.otc.t-systems.com/log-tank-service/api-ref/public_parameters/error_code.html

Private to this collection.
"""

from __future__ import annotations

import re

from ..._core.http.rate_limit import RateLimit, RateLimitInfo, is_sensible

# As in "policy ip over ratelimit,limit:5,time:5 second"
_LIMIT = re.compile(r"limit:(?P<requests>[0-9]{1,6}),time:(?P<seconds>[0-9]{1,6}) second", re.ASCII)

_RATE_LIMIT = "The quota is used up: delete what is not needed any more, or have the quota raised."
_LACKS_ROLE = "The user, agency or access key that the task signs in with lacks a role for LTS, such as LTS FullAccess."
_HINTS = {
    "LTS.0001": "Check project_id: it is not a project that the credentials are for.",
    "LTS.0003": _LACKS_ROLE,
    "LTS.0009": "The service does not take one of the values. (A transfer to a bucket of another account needs all of "
    "log_agency_transfer.)",
    "LTS.0011": "Check project_id and the ids.",
    "LTS.0101": "Names of log groups are unique in a project.",
    "LTS.0104": _RATE_LIMIT,
    "LTS.0105": "A log transfer uses the log group, and has to be deleted before; recursive: true does that.",
    "LTS.0106": "Give a ttl_in_days that this region takes: from 1 to 365, in some regions less.",
    "LTS.0107": _LACKS_ROLE,
    "LTS.0201": "Check the log group, and the project.",
    "LTS.0205": "Names of log streams are unique in a log group.",
    "LTS.0206": _RATE_LIMIT,
    "LTS.0207": "A log stream that feeds a log transfer cannot be deleted, nor feed another one; the option "
    "delete_transfers of lts_log_stream deletes that transfer first.",
    "LTS.0403": "Check project_id: it is not a project that the credentials are for.",
    "LTS.0416": "Check obs_bucket_name: there must be such a bucket, and LTS must be allowed to write to it.",
    "LTS.1901": "Check obs_period and obs_period_unit.",
    "LTS.1902": "Check obs_prefix_name and obs_dir_prefix_name.",
}
_BY_STATUS = {
    415: "Something between here and LTS removes the header Content-Type.",
    418: "A web application firewall in front of LTS takes the request for an attack: check http_agent and the names "
    "in the request, or ask the provider to let it pass.",
}
_BUSY = "The gateway allows no more requests for now; try again later, or with a lower max_concurrency."
_UNKNOWN_ADDRESS = "Check endpoint: the gateway does not know this address, so it says nothing about what exists."


# Of the project, of rights, of other ids, or of what hinders a deletion.
_NOT_GONE = ("LTS.0001", "LTS.0002", "LTS.0003", "LTS.0011", "LTS.0105", "LTS.0107", "LTS.0207", "LTS.0403", "LTS.0414")


def read_error(response):
    """(code, message, request id) of an error of LTS, of the gateway before it or of IAM, else None."""
    body = response.data if isinstance(response.data, dict) else {}
    nested = next((body[key] for key in ("message", "error") if isinstance(body.get(key), dict)), {})
    code = body.get("error_code") or body.get("errorCode") or nested.get("code")
    message = body.get("error_msg") or body.get("errorMessage") or nested.get("details") or nested.get("message")
    if not code:
        return None
    return code, message, body.get("request_id") or response.headers.get("X-Request-Id")


def read_rate_limit(response):
    """What the gateway says of its limit when it refuses a request, see ServiceProfile; no page documents it."""
    found = _LIMIT.search(response.text) if response.status == 429 else None
    rate_limit = RateLimit(int(found["requests"]), int(found["seconds"])) if found else None
    return RateLimitInfo(rate_limit) if rate_limit and is_sensible(rate_limit) else None


def hint(status, code, refused):
    """What can be done about an error.

    :param refused: the sentence for credentials that are not valid.
    """
    if status == 401:
        return refused
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 429:
        return _BUSY
    if status == 404 and _is_of_gateway(code):
        return _UNKNOWN_ADDRESS
    if code == "LTS.0001" and status != 403:
        # The same code for something else.
        return ""
    return _HINTS.get(code, "")


def _is_of_gateway(code):
    return bool(code) and code.startswith("API")


def is_group_missing(error):
    """Whether a ServiceError says that the log group does not exist; some regions say it with 400, others with 404."""
    return error.status in (400, 404) and error.code == "LTS.0201"


def is_stream_missing(error):
    """Whether a ServiceError of a deletion or an update says that the log stream does not exist."""
    if is_group_missing(error):
        return True
    if error.code == "LTS.0208":
        # One edition of the documentation gives this code to a stream that a transfer still uses.
        return error.status in (400, 404) and "associated" not in error.message.lower()
    is_of_lts = bool(error.code) and error.code.startswith("LTS.")
    return (
        error.status == 404 and is_of_lts and error.code not in _NOT_GONE and "associated" not in error.message.lower()
    )


def is_transfer_missing(error):
    """Whether a ServiceError of a deletion says that the log transfer does not exist."""
    return error.status in (400, 404) and error.code == "LTS.0405"


def is_there_already(error):
    """Whether the error of a creation says that somebody else was faster: the name or the streams are taken."""
    return error.code in ("LTS.0101", "LTS.0205", "LTS.0207")
