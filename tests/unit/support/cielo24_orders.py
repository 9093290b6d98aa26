# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders of captioning jobs, as a task may give them."""

from __future__ import annotations

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.observed_job import ObservedJob
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders.order import OPTIONS, Order

URL = "https://media.example.net/a.mp4"
PREMIUM = {"transcription": {"fidelity": "PREMIUM"}}
# How a job shows what PREMIUM orders.
ORDERED = {"Fidelity": "STANDARD", "Priority": "STANDARD", "has_media": True}


def order(**given: Any) -> Order:
    """An order with some options, and the defaults of the others."""
    params = {option: spec.get("default") for option, spec in OPTIONS.items()}
    transcription = given.pop("transcription", None)
    if transcription is not None:
        suboptions = OPTIONS["transcription"]["options"]
        given["transcription"] = {**{name: spec.get("default") for name, spec in suboptions.items()}, **transcription}
    return Order.from_params({**params, **given})


def job(
    status: str = "Pending", *, has_media: bool = False, media_url: str | None = None, **fields: Any
) -> ObservedJob:
    """A job as it is observed."""
    return ObservedJob({"JobId": "j", "JobStatus": status, **fields}, has_media, media_url)
