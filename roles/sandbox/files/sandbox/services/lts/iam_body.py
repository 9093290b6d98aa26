# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

from ...http.messages import Request, Response, json_response, reason_phrase

# {error_code: (HTTP status, message with a %s for each parameter)}
CODES = {
    "IAM.0001": (401, "The request you have made requires authentication."),
    "IAM.0002": (403, "You are not authorized to perform the requested action."),
    "IAM.0004": (404, "Could not find %s: %s."),
    "IAM.0006": (500, "An unexpected error prevented the server from fulfilling your request."),
    "IAM.0009": (400, "X-Subject-Token is invalid in the request."),
    "IAM.0011": (400, "Request body is invalid."),
    "IAM.0012": (429, "The throttling threshold has been reached. Threshold: 10 times per 60 seconds"),
    "IAM.0061": (401, "Account locked."),
    "IAM.0062": (401, "Incorrect password."),
    "IAM.0067": (401, "Invalid token."),
    "IAM.0072": (400, "'%s' is a required property."),
}
KEYSTONE_MESSAGES = {"IAM.0062": "The username or password is wrong."}


class IamError(Exception):
    """Ends the handling of a request with an error, which has one of two formats."""

    def __init__(self, code: str, *parameters: str, status: int | None = None, message: str | None = None):
        super().__init__(code)
        usual_status, template = CODES.get(code, CODES["IAM.0006"])
        self.code, self.status = code, status or usual_status
        self._usual_message = template % parameters if parameters else template
        self._message = message

    def response(self, error_format: str) -> Response:
        if error_format == "iam":
            return json_response(
                self.status, {"error_code": self.code, "error_msg": self._message or self._usual_message}
            )
        message = self._message or KEYSTONE_MESSAGES.get(self.code, self._usual_message)
        error = {"code": self.status, "message": message, "title": reason_phrase(self.status)}
        return json_response(self.status, {"error": error})


def read_body(request: Request) -> dict[str, Any]:
    try:
        data = json.loads(request.body)
    except ValueError as error:
        raise IamError("IAM.0011") from error
    if not isinstance(data, dict):
        raise IamError("IAM.0011")
    return data


def read_object(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise IamError("IAM.0072", name)
    return value


def read_text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise IamError("IAM.0072", name)
    return value
