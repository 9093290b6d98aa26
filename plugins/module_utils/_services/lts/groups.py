# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups of LTS: their fields, the options that name them, and the group that streams are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import InvalidInput, JobsError, ServiceError
from ..._core.json_fields import pick_fields
from ..._core.params import validators
from ..._core.params.placeholders import is_placeholder, placeholder
from ..._core.params.raw_arguments import ITEMS, SELECTOR
from . import errors
from .api import Group, Lts, Stream
from .selection import LONGEST_NAME, pick
from .selection import details as common_details

FIELDS = (
    "log_group_id",
    "log_group_name",
    "log_group_name_alias",
    "creation_time",
    "ttl_in_days",
    "tag",
)

# The groups that a task is about.
SELECTION_OPTIONS = {
    "log_group_ids": {"type": "list", "elements": "str", "aliases": ["log_group_id"], **ITEMS},
    "log_group_names": {"type": "list", "elements": "str", "aliases": ["log_group_name"], **ITEMS},
}

# The group of the streams that a task is about.
PARENT_OPTIONS = {"log_group_id": {"type": "str", **SELECTOR}, "log_group_name": {"type": "str", **SELECTOR}}


def fields(group: Group) -> dict[str, Any]:
    """The documented fields of a group, and its `id`."""
    return {"id": group["log_group_id"], **pick_fields(group, FIELDS)}


def details(group: Group) -> dict[str, Any]:
    """What a reviewer wants to know of a group, see Reconciler.details()."""
    return common_details(group, ("log_group_name",))


@dataclass(frozen=True)
class FoundGroup:
    """What was found of a log group.

    :param group_id: a placeholder if check mode predicts the group; None if there is no group.
    :param streams: all of its streams, each with the id of the group.
    """

    group_id: str | None
    streams: tuple[Stream, ...] = ()


class ParentGroup:
    """The log group of the streams that a task is about, named by id or by name.

    :param params: the PARENT_OPTIONS.
    :param must_exist: whether it is an error if there is no such group.
    :raises InvalidInput: none or both of the options are given, or one is invalid.
    """

    def __init__(self, lts: Lts, params: Mapping[str, Any], context: TaskContext, *, must_exist: bool = False) -> None:
        self._lts = lts
        self._context = context
        self._must_exist = must_exist
        given = [option for option in ("log_group_id", "log_group_name") if params[option]]
        if len(given) != 1:
            raise InvalidInput("Give exactly one of log_group_id and log_group_name.")
        option, value = given[0], params[given[0]]
        self.given_id: str | None = None
        if option == "log_group_id":
            checked = validators.identifier(option, value, validators.UUID, check_mode=context.check_mode)
            # LTS gives ids in lower case, and takes no others in a path.
            self.given_id = checked.lower()
            self._name: str = self.given_id
        else:
            self._name = validators.name(option, value, LONGEST_NAME)
        self._id = self.given_id

    @property
    def details(self) -> dict[str, str]:
        """What a reviewer wants to know of the group beside its id, see Reconciler.details(): its name, if given."""
        return {} if self.given_id else {"log_group_name": self._name}

    def streams(self) -> tuple[Stream, ...]:
        """All streams of the group, see look_up()."""
        return self.look_up().streams

    def look_up(self) -> FoundGroup:
        """Looks for the group and its streams; warns if it does not exist and need not.

        :raises JobsError: it does not exist and must.
        """
        if self._id is None:
            found = pick(self._lts.groups(), "log_group_name", [self._name])
            self._id = found[self._name]["log_group_id"] if found else None
        if self._id is None:
            return self._missing()
        if is_placeholder(self._id):
            return self._predicted(self._id)
        try:
            streams = self._lts.streams(self._id)
        except ServiceError as error:
            if errors.is_group_missing(error) and not self._must_exist:
                return self._missing()
            raise
        return FoundGroup(self._id, tuple({**stream, "log_group_id": self._id} for stream in streams))

    def _predicted(self, group_id: str) -> FoundGroup:
        if not self._must_exist:
            self._context.warn_once(f"Check mode has not created log group {self._name}, so it has no log streams.")
        return FoundGroup(group_id)

    def _missing(self) -> FoundGroup:
        sentence = f"Log group {self._name} does not exist in project {self._lts.project_id}"
        if not self._must_exist:
            self._context.warn_once(
                f"{sentence}, so it has no log streams. If you did not expect that, check the group and the project."
            )
            return FoundGroup(None)
        if self._context.check_mode:
            self._context.warn_once(
                f"{sentence}. Without check mode this would fail, unless an earlier task creates the group."
            )
            return FoundGroup(placeholder("log group", self._name))
        raise JobsError(f"{sentence}. Create it first, with the module lts_log_group.")
