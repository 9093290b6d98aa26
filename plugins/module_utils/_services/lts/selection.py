# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which log groups or log streams a task is about: by ids or by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError
from ..._core.json_fields import pick_details
from ..._core.params import argspec, timestamps, validators

ThingT = TypeVar("ThingT", bound=Mapping[str, Any])

LONGEST_NAME = 64
# The characters of names, as a class of a regular expression.
LETTERS = r"A-Za-z0-9_.\-"


@dataclass(frozen=True)
class Selection:
    """The groups or streams that a task names.

    :param field: the field that the keys are values of, such as log_group_id or log_stream_name.
    :param keys: the ids or names, in the order of the result.
    """

    field: str
    keys: Sequence[str]


def read_selection(
    noun: str, params: Mapping[str, Any], context: TaskContext, *, may_create: bool = False
) -> Selection | None:
    """The groups or streams that a task names, or None if it names none.

    :param noun: log_group or log_stream.
    :param params: with NOUN_ids and NOUN_names.
    :param context: in check mode, ids may be placeholders.
    :param may_create: names may be those of new ones, for which LTS has further rules.
    :raises InvalidInput: an id or a name is invalid.
    """
    ids, names = params[f"{noun}_ids"], params[f"{noun}_names"]
    if ids is not None:
        return Selection(
            f"{noun}_id", argspec.ids(f"{noun}_ids", params, validators.UUID, check_mode=context.check_mode) or []
        )
    if names is None:
        return None
    may_be_empty = argspec.may_select_nothing(dict(params))
    checked = validators.names(f"{noun}_names", names, LONGEST_NAME, may_be_empty=may_be_empty)
    for name in checked if may_create else ():
        if name[0] in "._" or name[-1] == ".":
            raise InvalidInput(f"{noun}_names: {name!r} begins with a dot or an underscore, or ends with a dot.")
    return Selection(f"{noun}_name", checked)


def pick(things: Iterable[ThingT], field: str, keys: Iterable[str]) -> dict[str, ThingT]:
    """Those of some groups, streams or transfers that keys name, by their keys.

    :param field: the field that the keys are values of; the case of ids does not matter.
    :raises JobsError: several have the same name.
    """
    is_id = field.endswith("_id")
    keys_by_value = {key.lower() if is_id else key: key for key in keys}
    found: dict[str, ThingT] = {}
    for thing in things:
        key = keys_by_value.get(thing[field].lower() if is_id else thing[field])
        if key is None:
            continue
        if key in found:
            noun = field.rpartition("_")[0]
            raise JobsError(f"There are several {noun.replace('_', ' ')}s named {key}; give the id instead.")
        found[key] = thing
    return found


def fields_of_missing(key: str, field: str) -> dict[str, Any]:
    """The fields that are known of a group, a stream or a transfer that does not exist.

    :param field: the field that the key is the value of.
    """
    return {"id": key if field.endswith("_id") else None, field: key}


def created(thing: Mapping[str, Any]) -> datetime | None:
    """When a group or a stream was created, or None if LTS does not tell."""
    return read_milliseconds(thing.get("creation_time"))


def details(thing: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a reviewer wants to know of a group or a stream, see Reconciler.details().

    :param names: of its fields, beside those that both have.
    """
    return pick_details(thing, (*names, "ttl_in_days"), ("creation_time",), read_milliseconds)


def read_milliseconds(value: object) -> datetime | None:
    """A moment that LTS writes as milliseconds since the epoch, or None if it is anything else."""
    if not isinstance(value, (int, float)):
        return None
    return timestamps.from_milliseconds(value)
