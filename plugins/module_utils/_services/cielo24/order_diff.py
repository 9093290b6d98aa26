# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a captioning job of cielo24 that exists compares to what is ordered.

https://cielo24.readthedocs.io/en/latest/output_formats/formats.html

Private to this collection.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from ..._core.http.json_body import parsed
from ..._core.redaction.urls import are_same, shown
from .jobs_api import text_of
from .order import ADD_MEDIA, AUTHORIZE, MODIFY, TRANSCRIBE, ordered_fidelity, shown_fidelity

_HAS_BEGUN = ("In Process", "Complete", "Media Failure", "Reviewing")
CALLBACK = "transcription.callback_url"
# What the service replaces in the address of a callback.
_TAGS = ("{job_id}", "{job_name}", "{elementlist_version}", "{iwp_name}")

_FREE_TEXTS = ("notes", "custom_metadata", "custom_special_handling")
_ON, _OFF = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "none", "null", "")


class Comparison(NamedTuple):
    """What a job lacks of an order.

    steps: the STEPS that it still needs.
    fixed: what differs and cannot be changed any more: list of (option, as it is, as it is wanted).
    changeable: the same of what can be changed, until the job is authorized.
    hidden: options of which the job does not show whether it has them.
    """

    steps: list
    fixed: list
    changeable: list
    hidden: list


def is_ordered(job):
    """Whether a job shows that its transcription has been ordered."""
    return any(job.get(field) for field in ("Fidelity", "DueDate")) or job.get("JobStatus") in _HAS_BEGUN


def shows_media(job):
    """Whether a job shows by itself that it has its media."""
    return bool(job.get("MediaLengthSeconds") or job.get("StartDate")) or is_ordered(job)


def compare(order, job, is_known_to_be_ordered=None):
    """The Comparison of a job with an order.

    :param order: cielo24_order.Order.
    :param job: with `has_media`, and with its `MediaUrl` if it is known.
    :param is_known_to_be_ordered: whether its transcription has been ordered, whatever the job shows; None if only the
        job can tell.
    """
    wanted = order.transcription
    waits = job.get("JobStatus") == "Authorizing"
    was_ordered = is_ordered(job) if is_known_to_be_ordered is None else is_known_to_be_ordered
    steps = [ADD_MEDIA] if order.has_media and not job["has_media"] else []
    fixed, changeable, hidden = _differences_of_the_job(order, job), [], []
    if order.media_url and job["has_media"] and not job.get("MediaUrl"):
        hidden.append("media_url")
    if wanted and was_ordered:
        changeable, unclear = _changeable(order, job, waits)
        different, not_shown = _options(wanted, job)
        fixed += different
        hidden += not_shown
        if not waits:
            fixed += [found for found in changeable if not is_of_the_service(found)]
            changeable = []
            hidden += unclear
        elif changeable or unclear and order.authorize:
            # What does not show is told once more before it counts.
            steps.append(MODIFY)
    elif wanted:
        steps.append(TRANSCRIBE)
    # What is ordered now may wait for its authorization; on others it has no effect.
    if order.authorize and (waits or TRANSCRIBE in steps):
        steps.append(AUTHORIZE)
    return Comparison(steps, fixed, changeable, hidden)


def is_of_the_service(difference):
    """Whether a difference is a higher priority than was asked for: cielo24 makes it so, and nobody can undo it."""
    return difference[1:] == ("PRIORITY", "STANDARD")


def _differences_of_the_job(order, job):
    found = []
    language, name, url = text_of(job, "SourceLanguage"), text_of(job, "JobName"), text_of(job, "MediaUrl")
    if order.language and language and language.lower() != order.language.lower():
        found.append(("language", language, order.language))
    if order.job_name and name and name.split() != order.job_name.split():
        found.append(("job_name", name, order.job_name))
    if order.media_url and url and not are_same(url, order.media_url, is_source=True):
        found.append(("media_url", shown(url), shown(order.media_url)))
    return found


def _changeable(order, job, waits):
    """(what differs and can be changed until the job is authorized, options that do not show)."""
    wanted = order.transcription
    found, unclear = [], []
    fidelity, priority = text_of(job, "Fidelity"), text_of(job, "Priority")
    if fidelity and fidelity.upper() not in (wanted["fidelity"], shown_fidelity(wanted["fidelity"])):
        found.append(("transcription.fidelity", ordered_fidelity(fidelity), wanted["fidelity"]))
    if priority and priority.upper() not in (wanted["priority"], order.expected_priority):
        found.append(("transcription.priority", priority, wanted["priority"]))
    if wanted["callback_url"]:
        urls = _addresses_in(job.get("ReturnTargets"))
        if not urls:
            unclear.append(CALLBACK)
        elif not any(are_same(url, wanted["callback_url"], _TAGS) for url in urls):
            now = shown(urls[0], (str(job.get("JobId")),))
            found.append((CALLBACK, now, shown(wanted["callback_url"])))
    # No job shows it, but what the service makes of it: for less than 48 hours, another priority.
    is_slower = order.expected_priority == "PRIORITY" and priority and priority.upper() != "PRIORITY"
    if wanted["turnaround_hours"] is not None and (waits or is_slower):
        unclear.append("transcription.turnaround_hours")
    return found, unclear


def _options(wanted, job):
    """(options of the transcription that differ, options that do not show)."""
    different, hidden = [], []
    settings = job.get("Options") if isinstance(job.get("Options"), dict) else {}
    for name, value in (wanted["options"] or {}).items():
        option = f"transcription.options.{name}"
        if name not in settings:
            # What is off by default need not show.
            hidden += [option] if value else []
            continue
        now = settings[name]
        now = now.get("setting") if isinstance(now, dict) and "setting" in now else now
        if _normal(now, name in _FREE_TEXTS) != _normal(value, name in _FREE_TEXTS):
            different.append((option, _in_words(now), _in_words(value)))
    # What a job shows of its target languages, when each may get a job of its own, is not documented.
    languages = wanted["target_languages"] or []
    if languages and text_of(job, "TargetLanguage") not in (",".join(languages), *languages):
        hidden.append("transcription.target_languages")
    if wanted["standard_product"] is not None:
        hidden.append("transcription.standard_product")
    return different, hidden


def _normal(value, is_free_text):
    """The value of an option in one of the forms in which it may be shown."""
    if isinstance(value, str):
        value = value.strip().replace("\r\n", "\n")
        found = parsed(value.encode("utf-8", "replace"))
        value = value if found is None else found
    if isinstance(value, str):
        if is_free_text:
            return value
        value = value.split(",") if "," in value else value
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    parts = sorted(str(part).strip().lower() for part in (value if isinstance(value, list) else [value]))
    return ["true" if part in _ON else "false" if part in _OFF else part for part in parts]


def _in_words(value):
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _addresses_in(targets):
    """All addresses in what a job shows of its callbacks."""
    if isinstance(targets, dict):
        targets = list(targets.values())
    if isinstance(targets, list):
        return [address for target in targets for address in _addresses_in(target)]
    return [targets] if isinstance(targets, str) and "://" in targets else []
