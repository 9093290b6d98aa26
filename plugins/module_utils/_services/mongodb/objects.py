# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single objects of the MongoDB management APIs: one by its id, one just created, and what says that there is none.

https://www.mongodb.com/docs/ops-manager/current/core/api/
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from enum import Enum
from typing import Any

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.http.client import Client
from ..._core.http.endpoint import Endpoint
from ..._core.http.response import Response
from ..._core.params import validators
from . import conventions

Job = dict[str, Any]


class NotFound(Enum):
    """What an error says about the existence of an object."""

    MISSING = "it does not exist"
    OTHER = "something else"
    UNCLEAR = "it may not exist, or something else is wrong"


def existence(error: ServiceError, codes: Container[str], container_codes: Container[str] = ()) -> NotFound:
    """What an error says about the existence of a job.

    :param codes: what the documentation calls a missing job.
    :param container_codes: codes for what holds the jobs and is missing itself, beside the project.
    """
    code = error.code
    if error.status != 404 or not code or code in conventions.PROJECT_CODES or code in container_codes:
        return NotFound.OTHER
    # Some versions name another code for a job that is gone, so others than the documented ones are unclear.
    return NotFound.MISSING if code in codes else NotFound.UNCLEAR


def is_job(value: Any, id_field: str = "id") -> bool:
    """Whether a value from the service is an object with an id."""
    return isinstance(value, dict) and validators.is_id(value.get(id_field))


def created(client: Client, endpoint: Endpoint, response: Response) -> Job:
    """What the answer to a creation holds, with at least its `id`.

    :raises OutcomeUnknown: there is none, although something was created.
    """
    made = response.data
    # In its first years, API v1.0 of Atlas answered with a list.
    if isinstance(made, dict) and isinstance(made.get("results"), list):
        made = made["results"]
    if isinstance(made, list) and len(made) == 1:
        made = made[0]
    if not isinstance(made, dict) or not validators.HEX_24.fits(str(made.get("id"))):
        raise OutcomeUnknown(client.unexpected_response(endpoint, response))
    return {**made, "id": str(made["id"]).lower()}


def get_job(
    client: Client, endpoint: Endpoint, path_params: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Job:
    """One job.

    :raises ServiceError: it does not exist, or cannot be obtained.
    """
    response = client.call(endpoint, path_params=path_params, query=query)
    job: Any = response.data
    if not is_job(job):
        raise client.unexpected_response(endpoint, response)
    return dict(job)
