# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a captioning job of cielo24 that exists compares to what is ordered.

https://cielo24.readthedocs.io/en/latest/output_formats/formats.html

Private to this collection.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import NamedTuple

from .._core import addresses
from .cielo24_order import ADD_MEDIA, AUTHORIZE, MODIFY, TRANSCRIBE, shown_fidelity

_HAS_BEGUN = ("In Process", "Complete", "Media Failure", "Reviewing")
CALLBACK = "transcription.callback_url"
# What the service replaces in the address of a callback.
_TAGS = ("{job_id}", "{job_name}", "{elementlist_version}", "{iwp_name}")


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
    """Whether the transcription of a job has been ordered."""
    return bool(job.get("Fidelity")) or job.get("JobStatus") in _HAS_BEGUN


def shows_media(job):
    """Whether a job shows by itself that it has its media."""
    return bool(job.get("MediaLengthSeconds") or job.get("StartDate")) or is_ordered(job)


def compare(order, job, is_fresh=False):
    """The Comparison of a job with an order.

    :param order: cielo24_order.Order.
    :param job: with `has_media`, and with its `MediaUrl` if it is known.
    :param is_fresh: no transcription has been ordered, whatever the job shows.
    """
    wanted = order.transcription
    waits = job.get("JobStatus") == "Authorizing"
    was_ordered = bool(wanted) and is_ordered(job) and not is_fresh
    steps = [ADD_MEDIA] if order.has_media and not job["has_media"] else []
    fixed, changeable, hidden = _differences_of_the_job(order, job), [], []
    if was_ordered:
        changeable, unclear = _changeable(order, job)
        different, hidden = _options(wanted, job)
        fixed += different
        if not waits:
            # A higher priority than was asked for is the work of the service, and nobody can undo it.
            fixed += [found for found in changeable if found[1:] != ("PRIORITY", "STANDARD")]
            changeable = []
        elif changeable or unclear and order.authorize:
            # What does not show is told once more before it counts.
            steps.append(MODIFY)
            unclear = []
        hidden += [option for option in unclear if option != "transcription.turnaround_hours"]
    elif wanted:
        steps.append(TRANSCRIBE)
    # What is ordered now may wait for its authorization; on others it has no effect.
    if order.authorize and (waits or TRANSCRIBE in steps):
        steps.append(AUTHORIZE)
    return Comparison(steps, fixed, changeable, hidden)


def _differences_of_the_job(order, job):
    found = []
    language, name, url = job.get("SourceLanguage"), job.get("JobName"), job.get("MediaUrl")
    if order.language and language and language.lower() != order.language.lower():
        found.append(("language", language, order.language))
    if order.job_name and name and name != order.job_name:
        found.append(("job_name", name, order.job_name))
    if order.media_url and url and not addresses.are_same(url, order.media_url):
        found.append(("media_url", addresses.shown(url), addresses.shown(order.media_url)))
    return found


def _changeable(order, job):
    """(what differs and can be changed until the job is authorized, options that do not show)."""
    wanted = order.transcription
    found, unclear = [], []
    fidelity, asked = shown_fidelity(job.get("Fidelity")), shown_fidelity(wanted["fidelity"])
    if fidelity and fidelity != asked:
        found.append(("transcription.fidelity", fidelity, asked))
    if job.get("Priority") not in (None, "", wanted["priority"], order.expected_priority):
        found.append(("transcription.priority", job["Priority"], wanted["priority"]))
    if wanted["callback_url"]:
        urls = _addresses_in(job.get("ReturnTargets"))
        if not urls:
            unclear.append(CALLBACK)
        elif not any(addresses.are_same(url, wanted["callback_url"], _TAGS) for url in urls):
            found.append((CALLBACK, addresses.shown(urls[0]), addresses.shown(wanted["callback_url"])))
    if wanted["turnaround_hours"] is not None:
        unclear.append("transcription.turnaround_hours")
    return found, unclear


def _options(wanted, job):
    """(options of the transcription that differ, those that do not show).

    Not the target languages: what a job shows of them, when each gets a job of its own, is not documented.
    """
    different, hidden = [], []
    shown = job.get("Options") if isinstance(job.get("Options"), dict) else {}
    for name, value in (wanted["options"] or {}).items():
        option = f"transcription.options.{name}"
        if name not in shown:
            # What is off by default need not show.
            hidden += [option] if value else []
            continue
        now = shown[name].get("setting") if isinstance(shown[name], dict) else shown[name]
        if _normal(now) != _normal(value):
            different.append((option, _in_words(now), _in_words(value)))
    return different, hidden


def _normal(value):
    """The value of an option in one of the forms in which it may be shown."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = json.loads(value)
    return json.dumps(value, sort_keys=True).strip('"').lower()


def _in_words(value):
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _addresses_in(targets):
    """All addresses in what a job shows of its callbacks."""
    if isinstance(targets, dict):
        targets = list(targets.values())
    if isinstance(targets, list):
        return [address for target in targets for address in _addresses_in(target)]
    return [targets] if isinstance(targets, str) and "://" in targets else []
