# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from ...http.messages import Answer, Call, json_answer
from ...variants.registry import Variants

# What the parts of LTS have in common: errors, and the fields of request bodies.

JSON = "application/json;charset=UTF-8"
INVALID = "Failed to validate the request body"
NAME = re.compile(r"(?![._])[A-Za-z0-9_.-]{1,64}(?<!\.)")
TAG_KEY = re.compile(r"(?!_)[\w .:=+@-]{1,128}")
TAG_VALUE = re.compile(r"[\w .:=+@/-]{0,255}")
MOST_TAGS = 20
# What a stream has that lives as long as its group says.
INHERITED = -1


class LtsError(Exception):
    def __init__(self, status: int, code: str, text: str):
        super().__init__(code)
        self.status, self.code, self.text = status, code, text

    def answer(self) -> Answer:
        body = {"error_code": self.code, "error_msg": self.text}
        if self.code.startswith("APIGW."):  # the gateway in front of the service
            body["request_id"] = uuid.uuid4().hex
        return json_answer(self.status, body, JSON)


def invalid(field: str | None = None) -> LtsError:
    return LtsError(400, "LTS.0009", f"The Field {field} is invalid or missing." if field else INVALID)


def missing_group(variants: Variants) -> LtsError:
    status = variants["missing_group_status"]
    return LtsError(
        status, "LTS.0201", "The log group does not exist" if status == 404 else "The log group is not existed"
    )


def missing_stream(stream_id: str, variants: Variants) -> LtsError:
    return LtsError(400, "LTS.0208", variants["missing_stream_message"].replace("<id>", stream_id))


def read_object(call: Call) -> dict:
    """The body; null is the same as absent, and fields that nobody knows are ignored."""
    try:
        data = json.loads(call.body)
    except ValueError as error:
        raise LtsError(400, "LTS.0007", "The request body format must be json") from error
    if not isinstance(data, dict):
        raise LtsError(400, "LTS.0007", "The request body format must be json")
    return {name: value for name, value in data.items() if value is not None}


def read_name(data: dict, field: str) -> str:
    name = data.get(field)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid()
    return name


def read_text(data: dict, field: str, most: int) -> str | None:
    """An optional text of one character or more."""
    value = data.get(field)
    if value is not None and not (isinstance(value, str) and 1 <= len(value) <= most):
        raise invalid()
    return value


def is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def read_tags(data: dict) -> dict[str, str] | None:
    """The map that is kept, from the array that is sent."""
    items = data.get("tags")
    if items is None:
        return None
    if not isinstance(items, list) or len(items) > MOST_TAGS:
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


def update_tags(kept: dict[str, str], tags: dict[str, str] | None, variants: Variants) -> None:
    if tags is None:
        return
    changed = {**kept, **tags}
    if variants["tags_update"] == "replace":
        # What the service itself has put there stays.
        changed = {**{key: value for key, value in kept.items() if key.startswith("_sys")}, **tags}
    put_tags(kept, changed)


def put_tags(kept: dict[str, str], changed: dict[str, str]) -> None:
    if len([key for key in changed if not key.startswith("_sys")]) > MOST_TAGS:
        raise invalid()
    kept.clear()
    kept.update(changed)
