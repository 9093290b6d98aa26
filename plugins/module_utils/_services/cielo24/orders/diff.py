# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a captioning job that exists compares to what is ordered.

https://cielo24.readthedocs.io/en/latest/output_formats/formats.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ...._core.http.json_body import parsed
from ...._core.redaction.urls import shown
from .observed_job import ObservedJob
from .order import Order, Transcription, ordered_fidelity, shown_fidelity
from .progress import Step
from .same_url import are_same

CALLBACK = "transcription.callback_url"
# What the service replaces in the address of a callback.
_TAGS = ("{job_id}", "{job_name}", "{elementlist_version}", "{iwp_name}")

# Options in which case, commas and order count.
_FREE_TEXTS = ("notes", "custom_metadata", "custom_special_handling")
_ON, _OFF = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "none", "null", "")


class Ordered(Enum):
    """Whether the transcription of a job has been ordered."""

    YES = "yes"
    NO = "no"
    # Only the job can tell.
    AS_SHOWN = "as shown"


@dataclass(frozen=True)
class Difference:
    """An option that a job does not have as it is asked for.

    :param now: its value, in words.
    :param wanted: the value that is asked for, in words.
    """

    option: str
    now: str
    wanted: str

    @property
    def is_raised_priority(self) -> bool:
        """Whether it is a higher priority than was asked for: cielo24 raises it, and nobody can undo that."""
        return (self.now, self.wanted) == ("PRIORITY", "STANDARD")

    def __str__(self) -> str:
        return f"{self.option} is {self.now}, not {self.wanted}"


@dataclass(frozen=True)
class Comparison:
    """What a job lacks of an order.

    :param steps: the steps that it still needs.
    :param fixed: what differs and cannot be changed any more.
    :param changeable: what differs and can be changed, until the job is authorized.
    :param hidden: options of which the job does not show whether it has them.
    """

    steps: tuple[Step, ...]
    fixed: tuple[Difference, ...]
    changeable: tuple[Difference, ...]
    hidden: tuple[str, ...]


def in_words(differences: Iterable[Difference]) -> str:
    return "; ".join(str(difference) for difference in differences)


def compare(order: Order, observed: ObservedJob, ordered: Ordered = Ordered.AS_SHOWN) -> Comparison:
    """Compares a job with an order.

    :param ordered: whether its transcription has been ordered.
    """
    wanted = order.transcription
    waits = observed.status == "Authorizing"
    was_ordered = observed.is_ordered if ordered is Ordered.AS_SHOWN else ordered is Ordered.YES
    steps = [Step.ADD_MEDIA] if order.has_media and not observed.has_media else []
    fixed = _job_differences(order, observed)
    changeable: list[Difference] = []
    hidden = ["media_url"] if order.media_url and observed.has_media and not observed.media_url else []
    if wanted and was_ordered:
        changeable, unclear = _changeable_differences(wanted, observed)
        different, not_shown = _option_differences(wanted, observed)
        fixed += different
        hidden += not_shown
        if not waits:
            fixed += [difference for difference in changeable if not difference.is_raised_priority]
            changeable = []
            hidden += unclear
        elif changeable or unclear and order.authorize:
            # Before the authorization makes it final, the service is told once more what does not show.
            steps.append(Step.MODIFY)
    elif wanted:
        steps.append(Step.TRANSCRIBE)
    # What is ordered now may wait for its authorization. On other jobs, an authorization has no effect.
    if order.authorize and (waits or Step.TRANSCRIBE in steps):
        steps.append(Step.AUTHORIZE)
    return Comparison(tuple(steps), tuple(fixed), tuple(changeable), tuple(hidden))


def _job_differences(order: Order, observed: ObservedJob) -> list[Difference]:
    """What differs of the job itself and of its media."""
    found = []
    language, name, url = observed.text_of("SourceLanguage"), observed.text_of("JobName"), observed.media_url
    if order.language and language and language.lower() != order.language.lower():
        found.append(Difference("language", language, order.language))
    if order.job_name and name and name.split() != order.job_name.split():
        found.append(Difference("job_name", name, order.job_name))
    if order.media_url and url and not are_same(url, order.media_url, is_source=True):
        found.append(Difference("media_url", shown(url), shown(order.media_url)))
    return found


def _changeable_differences(wanted: Transcription, observed: ObservedJob) -> tuple[list[Difference], list[str]]:
    """What differs and can be changed until the job is authorized; and the options that do not show."""
    found, unclear = [], []
    fidelity, priority = observed.text_of("Fidelity"), observed.text_of("Priority")
    if fidelity and fidelity.upper() not in (wanted.fidelity, shown_fidelity(wanted.fidelity)):
        found.append(Difference("transcription.fidelity", ordered_fidelity(fidelity), wanted.fidelity))
    if priority and priority.upper() not in (wanted.priority, wanted.expected_priority):
        found.append(Difference("transcription.priority", priority, wanted.priority))
    if wanted.callback_url:
        urls = _addresses_in(observed.job.get("ReturnTargets"))
        if not urls:
            unclear.append(CALLBACK)
        elif not any(are_same(url, wanted.callback_url, _TAGS) for url in urls):
            now = shown(urls[0], (str(observed.job.get("JobId")),))
            found.append(Difference(CALLBACK, now, shown(wanted.callback_url)))
    # No job shows its hours, but for less than 48 the service raises the priority, and that shows.
    is_slower = wanted.expected_priority == "PRIORITY" and priority and priority.upper() != "PRIORITY"
    if wanted.turnaround_hours is not None and (observed.status == "Authorizing" or is_slower):
        unclear.append("transcription.turnaround_hours")
    return found, unclear


def _option_differences(wanted: Transcription, observed: ObservedJob) -> tuple[list[Difference], list[str]]:
    """What differs of the further options of the transcription; and the options that do not show."""
    different, hidden = [], []
    settings = observed.job.get("Options")
    for name, value in wanted.options.items():
        option = f"transcription.options.{name}"
        if not isinstance(settings, Mapping) or name not in settings:
            # What is off by default need not show.
            hidden += [option] if value else []
            continue
        now = settings[name]
        now = now.get("setting") if isinstance(now, dict) and "setting" in now else now
        normal = _normal_text if name in _FREE_TEXTS else _normal
        if normal(now) != normal(value):
            different.append(Difference(option, _in_words(now), _in_words(value)))
    # Each language may get a job of its own. What a job then shows of its languages is not documented.
    languages = wanted.target_languages
    if languages and observed.text_of("TargetLanguage") not in (",".join(languages), *languages):
        hidden.append("transcription.target_languages")
    if wanted.standard_product is not None:
        hidden.append("transcription.standard_product")
    return different, hidden


def _normal_text(value: Any) -> Any:
    """The value of an option with free text, in one of the forms in which it may be shown."""
    value = _read(value)
    return value if isinstance(value, str) else _normal(value)


def _normal(value: Any) -> Any:
    """The value of any other option, in one of the forms in which it may be shown."""
    value = _read(value)
    if isinstance(value, str) and "," in value:
        value = value.split(",")
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    parts = sorted(str(part).strip().lower() for part in (value if isinstance(value, list) else [value]))
    return ["true" if part in _ON else "false" if part in _OFF else part for part in parts]


def _read(value: Any) -> Any:
    """The value of an option, taken out of its text if that is JSON."""
    if not isinstance(value, str):
        return value
    value = value.strip().replace("\r\n", "\n")
    found = parsed(value.encode("utf-8", "replace"))
    return value if found is None else found


def _in_words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _addresses_in(targets: Any) -> list[str]:
    """All addresses in what a job shows of its callbacks."""
    if isinstance(targets, dict):
        targets = list(targets.values())
    if isinstance(targets, list):
        return [address for target in targets for address in _addresses_in(target)]
    return [targets] if isinstance(targets, str) and "://" in targets else []
