# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups of LTS: their fields, and which ones a task is about.

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import InvalidInput, JobsError, ServiceError
from ..._core.params import validators
from ..._core.params.placeholders import is_placeholder, placeholder
from . import errors
from .selection import LONGEST_NAME, pick

FIELDS = (
    "log_group_id",
    "log_group_name",
    "log_group_name_alias",
    "creation_time",
    "ttl_in_days",
    "tag",
)

SELECTION = {
    "log_group_ids": {"type": "list", "elements": "str", "aliases": ["log_group_id"]},
    "log_group_names": {"type": "list", "elements": "str", "aliases": ["log_group_name"]},
}


def fields(group):
    """The documented fields of a group, and its `id`."""
    return {"id": group["log_group_id"], **{name: group[name] for name in FIELDS if name in group}}


class Group:
    """The log group that a task is about, given by id or by name.

    :param client: lts.Lts.
    :param params: with log_group_id and log_group_name.
    :param context: a TaskContext.
    :param must_exist: it is an error if there is no such group.
    :raises InvalidInput: none or both are given, or one cannot be right.
    """

    def __init__(self, client, params, context, must_exist=False):
        self._client = client
        self._context = context
        self._must_exist = must_exist
        self._warned = False
        given = [option for option in ("log_group_id", "log_group_name") if params[option]]
        if len(given) != 1:
            raise InvalidInput(f"Give either log_group_id or log_group_name, not {'both' if given else 'neither'}.")
        self.id = self._name = None
        if params["log_group_id"]:
            # In a path, its case matters.
            self.id = validators.identifier(
                "log_group_id", params["log_group_id"], validators.UUID, check_mode=context.check_mode
            ).lower()
        else:
            self._name = validators.name("log_group_name", params["log_group_name"], LONGEST_NAME)

    def streams(self):
        """All streams of the group; none, with a warning, if the group does not exist and need not.

        :raises JobsError: it must exist.
        """
        if self.id is None:
            found = pick(self._client.groups(), "log_group_name", [self._name])
            self.id = found[self._name]["log_group_id"] if found else None
        if self.id is None or is_placeholder(self.id):
            return self._missing()
        try:
            streams = self._client.streams(self.id)
        except ServiceError as error:
            if errors.is_group_missing(error) and not self._must_exist:
                return self._missing()
            raise
        return [{"log_group_id": self.id, **stream} for stream in streams]

    def _missing(self):
        if is_placeholder(self.id):
            if not self._must_exist:
                self._warn(f"Check mode has not created log group {self._name or self.id}, so it has no log streams.")
            return []
        sentence = f"Log group {self._name or self.id} does not exist in project {self._client.project_id}"
        if not self._must_exist:
            self._warn(f"{sentence}, so it has no log streams. If that is a surprise, check the group and the project.")
        elif self._context.check_mode:
            self._warn(f"{sentence}. Without check mode this would fail, unless an earlier task creates the group.")
            self.id = placeholder("log group", self._name or self.id)
        else:
            raise JobsError(f"{sentence}. Create it first, with the module lts_log_group.")
        return []

    def _warn(self, sentence):
        if not self._warned:
            self._warned = True
            self._context.warn(sentence)
