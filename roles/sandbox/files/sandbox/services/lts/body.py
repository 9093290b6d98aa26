# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from ...http.messages import Request, Response, json_response
from ...variants.lts import LtsVariants

JSON = "application/json;charset=UTF-8"
INVALID = "Failed to validate the request body"
NAME = re.compile(r"(?![._])[A-Za-z0-9_.-]{1,64}(?<!\.)")
TAG_KEY = re.compile(r"(?!_)[\w .:=+@-]{1,128}")
TAG_VALUE = re.compile(r"[\w .:=+@/-]{0,255}")
MAX_TAGS = 20
# The ttl_in_days of a stream that follows its group.
INHERITED = -1


class LtsError(Exception):
    """Ends the handling of a request with an error."""

    def __init__(self, status: int, code: str, text: str):
        super().__init__(code)
        self.status, self.code, self.text = status, code, text

    def response(self) -> Response:
        body = {"error_code": self.code, "error_msg": self.text}
        if self.code.startswith("APIGW."):  # the gateway in front of the service
            body["request_id"] = uuid.uuid4().hex
        return json_response(self.status, body, JSON)


def invalid(field: str | None = None) -> LtsError:
    return LtsError(400, "LTS.0009", f"The Field {field} is invalid or missing." if field else INVALID)


def missing_group(variants: LtsVariants) -> LtsError:
    status = variants.missing_group_status
    return LtsError(
        status, "LTS.0201", "The log group does not exist" if status == 404 else "The log group is not existed"
    )


def missing_stream(stream_id: str, variants: LtsVariants) -> LtsError:
    return LtsError(400, "LTS.0208", variants.missing_stream_message.replace("<id>", stream_id))


def read_object(request: Request) -> dict[str, Any]:
    """The body. Fields that are null count as absent, and unknown fields are ignored."""
    try:
        data = json.loads(request.body)
    except ValueError as error:
        raise LtsError(400, "LTS.0007", "The request body format must be json") from error
    if not isinstance(data, dict):
        raise LtsError(400, "LTS.0007", "The request body format must be json")
    return {name: value for name, value in data.items() if value is not None}


def read_name(data: dict[str, Any], field: str) -> str:
    name = data.get(field)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid()
    return name


def read_text(data: dict[str, Any], field: str, maximum: int) -> str | None:
    """An optional text, which may not be empty."""
    value = data.get(field)
    if value is not None and not (isinstance(value, str) and 1 <= len(value) <= maximum):
        raise invalid()
    return value


def read_integer(value: Any, minimum: int, maximum: int) -> int | None:
    """The value if it is an integer within the bounds, otherwise None."""
    if isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= maximum:
        return value
    return None


def read_tags(data: dict[str, Any]) -> dict[str, str] | None:
    """The tags, which are sent as an array and kept as a mapping."""
    items = data.get("tags")
    if items is None:
        return None
    if not isinstance(items, list) or len(items) > MAX_TAGS:
        raise invalid()
    tags = {}
    for item in items:
        if not isinstance(item, dict):
            raise invalid()
        key, value = item.get("key"), item.get("value", "")
        if not (isinstance(key, str) and TAG_KEY.fullmatch(key)):
            raise invalid()
        if not (isinstance(value, str) and TAG_VALUE.fullmatch(value)):
            raise invalid()
        tags[key] = value
    return tags


def update_tags(kept: dict[str, str], tags: dict[str, str] | None, variants: LtsVariants) -> None:
    if tags is None:
        return
    changed = {**kept, **tags}
    if variants.tags_update == "replace":
        # The service keeps its own tags.
        changed = {**{key: value for key, value in kept.items() if key.startswith("_sys")}, **tags}
    replace_tags(kept, changed)


def replace_tags(kept: dict[str, str], changed: dict[str, str]) -> None:
    if len([key for key in changed if not key.startswith("_sys")]) > MAX_TAGS:
        raise invalid()
    kept.clear()
    kept.update(changed)
