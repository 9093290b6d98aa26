# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which log groups or log streams a task is about, by ids or by names.

Private to this collection.
"""

from __future__ import annotations

from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError
from ..._core.params import argspec, timestamps, validators

LONGEST_NAME = 64
# What names are made of, as in a class of a regular expression.
LETTERS = r"A-Za-z0-9_.\-"


def created(thing):
    """When a group or a stream was created, or None if that cannot be read."""
    milliseconds = thing.get("creation_time")
    return timestamps.from_milliseconds(milliseconds) if isinstance(milliseconds, (int, float)) else None


def wanted(noun: str, params: dict, context: TaskContext, is_new: bool = False) -> tuple:
    """Which option says what groups or streams are wanted, and its checked values.

    :param noun: log_group or log_stream.
    :param params: with NOUN_ids and NOUN_names.
    :param context: a TaskContext; in check mode, ids may be placeholders.
    :param is_new: names may be those of new ones.
    :returns: (field that the values are matched with, list of values), or (None, None) without either.
    :raises InvalidInput: both are given, or a value cannot be right.
    """
    by_id, by_name = params[f"{noun}_ids"], params[f"{noun}_names"]
    if by_id is not None and by_name is not None:
        raise InvalidInput(f"Give either {noun}_ids or {noun}_names.")
    if by_id is not None:
        return f"{noun}_id", argspec.ids(f"{noun}_ids", params, validators.UUID, check_mode=context.check_mode)
    if by_name is None:
        return None, None
    names = validators.names(f"{noun}_names", by_name, LONGEST_NAME, may_be_empty=argspec.may_select_nothing(params))
    for name in names if is_new else ():
        if name[0] in "._" or name[-1] == ".":
            raise InvalidInput(f"{noun}_names: {name!r} begins with a dot or an underscore, or ends with a dot.")
    return f"{noun}_name", names


def pick(things, field, keys):
    """{key: thing} of the groups or streams that were asked for.

    :param field: what the keys are, as wanted() returns it.
    :raises JobsError: a name fits several.
    """
    by_id = field.endswith("_id")
    by_spelling = {key.lower() if by_id else key: key for key in keys}
    found = {}
    for thing in things:
        key = by_spelling.get(thing[field].lower() if by_id else thing[field])
        if key in found:
            noun = field.rpartition("_")[0]
            raise JobsError(f"There are several {noun.replace('_', ' ')}s named {key}; give the id instead.")
        if key is not None:
            found[key] = thing
    return found
