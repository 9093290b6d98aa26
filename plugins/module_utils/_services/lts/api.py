# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log Tank Service (LTS) of Open Telekom Cloud and Huawei Cloud, API v2: its endpoints.

https://docs.otc.t-systems.com/log-tank-service/api-ref/

Private to this collection.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from ..._core.errors import OutcomeUnknown, ServiceError, StateConflict
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from ..._core.params import validators
from . import errors
from .auth.options import OPTIONS
from .connection import NAME, Connection

__all__ = ["GROUP", "NAME", "OPTIONS", "Lts"]

# Which log group a task is about.
GROUP = {"log_group_id": {"type": "str"}, "log_group_name": {"type": "str"}}

_V2 = "/v2/{project_id}"
_GROUP = _V2 + "/groups/{group_id}"

LIST_GROUPS = Endpoint("list the log groups of project {project_id}", "GET", _V2 + "/groups", Effect.READ, is_list=True)
CREATE_GROUP = Endpoint("create log group {name}", "POST", _V2 + "/groups", Effect.CHANGE)
UPDATE_GROUP = Endpoint("update log group {group_id}", "POST", _GROUP, Effect.CHANGE)
DELETE_GROUP = Endpoint("delete log group {group_id}", "DELETE", _GROUP, Effect.CHANGE)

LIST_STREAMS = Endpoint(
    "list the log streams of log group {group_id}", "GET", _GROUP + "/streams", Effect.READ, is_list=True
)
CREATE_STREAM = Endpoint("create log stream {name}", "POST", _GROUP + "/streams", Effect.CHANGE)
UPDATE_STREAM = Endpoint("update log stream {stream_id}", "PUT", _GROUP + "/streams-ttl/{stream_id}", Effect.CHANGE)
DELETE_STREAM = Endpoint("delete log stream {stream_id}", "DELETE", _GROUP + "/streams/{stream_id}", Effect.CHANGE)

LIST_TRANSFERS = Endpoint(
    "list the log transfers of project {project_id}", "GET", _V2 + "/transfers", Effect.READ, is_list=True
)
CREATE_TRANSFER = Endpoint("create the log transfer", "POST", _V2 + "/transfers", Effect.CHANGE)
UPDATE_TRANSFER = Endpoint("update log transfer {transfer_id}", "PUT", _V2 + "/transfers", Effect.CHANGE)
DELETE_TRANSFER = Endpoint("delete log transfer {transfer_id}", "DELETE", _V2 + "/transfers", Effect.CHANGE)

_TAGS = "/v1/{project_id}/%s/{thing_id}/tags/action"
DELETE_GROUP_TAGS = Endpoint("delete tags of log group {thing_id}", "POST", _TAGS % "groups", Effect.CHANGE)
DELETE_STREAM_TAGS = Endpoint("delete tags of log stream {thing_id}", "POST", _TAGS % "topics", Effect.CHANGE)

_MOST_TRANSFERS = 100
_MOST_OFFSET = 1024


class Lts:
    """The LTS of one project. Nothing is sent before the first call.

    :param params: the OPTIONS.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    :raises InvalidInput: one of the parameters cannot be right.
    """

    def __init__(self, params, settings, context):
        self._connection = Connection(params, settings, context)

    @property
    def project_id(self):
        """The id of the project; the first use may ask for it.

        :raises JobsError: it cannot be had.
        """
        return self._connection.project_id

    def groups(self):
        """All log groups of the project."""
        return self._list(LIST_GROUPS, "log_groups", ("log_group_id", "log_group_name"))

    def create_group(self, name, ttl_in_days, tags):
        """Creates a log group, and returns its id.

        :param ttl_in_days: days.
        :param tags: {key: value}.
        :raises StateConflict: there is one with this name by now.
        """
        body = {"log_group_name": name, "ttl_in_days": ttl_in_days, **_tags(tags)}
        return self._create(CREATE_GROUP, body, "log_group_id", name=name)

    def update_group(self, group_id, ttl_in_days, tags):
        """Gives a log group a time to live and tags; tags that it has beside these may stay."""
        self._call(UPDATE_GROUP, json={"ttl_in_days": ttl_in_days, **_tags(tags)}, group_id=group_id)

    def delete_group_tags(self, group_id, tags):
        """Takes tags away from a log group.

        :param tags: {key: value}.
        """
        self._delete_tags(DELETE_GROUP_TAGS, group_id, tags)

    def delete_group(self, group_id):
        """Returns whether LTS deleted the log group, with its streams; False if there is none."""
        return self._delete(DELETE_GROUP, errors.is_group_missing, group_id=group_id)

    def streams(self, group_id):
        """All log streams of a group.

        :raises ServiceError: lts_errors.is_group_missing() tells whether there is no such group.
        """
        return self._list(LIST_STREAMS, "log_streams", ("log_stream_id", "log_stream_name"), group_id=group_id)

    def create_stream(self, group_id, name, ttl_in_days, tags):
        """Creates a log stream, and returns its id.

        :param ttl_in_days: days, or None for those of the group.
        :param tags: {key: value}.
        :raises StateConflict: there is one with this name by now.
        """
        ttl = {} if ttl_in_days is None else {"ttl_in_days": ttl_in_days}
        body = {"log_stream_name": name, **ttl, **_tags(tags)}
        return self._create(CREATE_STREAM, body, "log_stream_id", group_id=group_id, name=name)

    def update_stream(self, group_id, stream_id, ttl_in_days, tags):
        """Gives a log stream a time to live and tags; tags that it has beside these may stay."""
        body = {"ttl_in_days": ttl_in_days, **_tags(tags)}
        self._call(UPDATE_STREAM, json=body, group_id=group_id, stream_id=stream_id)

    def delete_stream_tags(self, stream_id, tags):
        """Takes tags away from a log stream.

        :param tags: {key: value}.
        """
        self._delete_tags(DELETE_STREAM_TAGS, stream_id, tags)

    def delete_stream(self, group_id, stream_id):
        """Returns whether LTS deleted the stream; False if there is none."""
        return self._delete(DELETE_STREAM, errors.is_stream_missing, group_id=group_id, stream_id=stream_id)

    def transfers(self, streams=None):
        """The log transfers of the project, at least all those that some streams feed.

        :param streams: the streams that matter, as LTS lists them; None for those of all log groups.
        """
        found = {}
        while True:
            count, is_new = self._page_of_transfers(found, offset=len(found))
            if count < _MOST_TRANSFERS:
                return list(found.values())
            if not is_new or len(found) > _MOST_OFFSET:
                # In some regions the offset has no effect, and it has an upper limit: ask bit by bit instead.
                break
        if streams is None:
            streams = self._streams_of_large_groups(found)
        for stream in streams:
            with _if_still_there():
                self._page_of_transfers(found, log_stream_name=stream["log_stream_name"])
        return list(found.values())

    def _streams_of_large_groups(self, found):
        """Adds the transfers of each group, and returns the streams of those groups that have more than are shown."""
        large = []
        for group in self.groups():
            with _if_still_there():
                count, _is_new = self._page_of_transfers(found, log_group_name=group["log_group_name"])
                if count >= _MOST_TRANSFERS:
                    large += self.streams(group["log_group_id"])
        return large

    def _page_of_transfers(self, found, **query):
        """Adds a page to what was found; returns (how long it is, whether it has anything new)."""
        query["limit"] = _MOST_TRANSFERS
        transfers = self._list(LIST_TRANSFERS, "log_transfers", ("log_transfer_id",), query=query)
        before = len(found)
        found.update((transfer["log_transfer_id"], transfer) for transfer in transfers)
        return len(transfers), len(found) > before

    def create_transfer(self, transfer):
        """Creates a log transfer, and returns its id.

        :param transfer: the body of the request.
        :raises StateConflict: one of the streams feeds another transfer by now.
        """
        return self._create(CREATE_TRANSFER, transfer, "log_transfer_id")

    def update_transfer(self, transfer_id, info):
        """Changes a log transfer.

        :param info: its new log_transfer_info, as the API takes it.
        """
        body = {"log_transfer_id": transfer_id, "log_transfer_info": info}
        self._call(UPDATE_TRANSFER, json=body, transfer_id=transfer_id)

    def delete_transfer(self, transfer_id):
        """Returns whether LTS deleted the transfer; False if there is none."""
        query = {"log_transfer_id": transfer_id}
        return self._delete(DELETE_TRANSFER, errors.is_transfer_missing, query=query, transfer_id=transfer_id)

    def _call(self, endpoint, query=None, json=None, **ids):
        # In this order: who has to sign in to know the project does it before anything else.
        project_id = self.project_id
        return self._connection.client.call(endpoint, query=query, json=json, project_id=project_id, **ids)

    def _list(self, endpoint, key, required, query=None, **ids):
        response = self._call(endpoint, query, **ids)
        entries = response.data.get(key) if isinstance(response.data, dict) else None
        if entries is None and isinstance(response.data, dict) and key in response.data:
            return []
        if not isinstance(entries, list) or not all(_is_documented(entry, required) for entry in entries):
            raise self._connection.client.unexpected_response(endpoint, response)
        return entries

    def _create(self, endpoint, body, key, **ids):
        try:
            response = self._call(endpoint, json=body, **ids)
        except (ServiceError, OutcomeUnknown) as error:
            # Whatever the status, it is the code that tells.
            cause = getattr(error, "cause", error)
            if errors.is_there_already(cause):
                raise StateConflict(cause) from None
            raise
        new_id = response.data.get(key) if isinstance(response.data, dict) else None
        if not validators.is_id(new_id):
            # It is there now, and the list tells its id.
            raise OutcomeUnknown(self._connection.client.unexpected_response(endpoint, response))
        return new_id

    def _delete(self, endpoint, is_missing, query=None, **ids):
        try:
            self._call(endpoint, query, **ids)
        except ServiceError as error:
            if is_missing(error):
                return False
            raise
        return True

    def _delete_tags(self, endpoint, thing_id, tags):
        self._call(endpoint, json={"action": "delete", "is_open": True, **_tags(tags)}, thing_id=thing_id)


def _is_documented(entry: Any, required: tuple[str, ...]) -> bool:
    """Whether an entry of a list has the names and ids that are needed of it, in a form that can be used."""
    streams = (entry.get("log_streams") or []) if isinstance(entry, dict) else None
    if not isinstance(streams, list):
        return False
    feeders = [stream.get("log_stream_id") for stream in streams if isinstance(stream, dict)]
    return all(feeder is None or validators.is_id(feeder) for feeder in feeders) and all(
        validators.is_id(entry.get(name)) if name.endswith("_id") else isinstance(entry.get(name), str)
        for name in required
    )


@contextmanager
def _if_still_there():
    """Passes over a group or a stream that was deleted meanwhile."""
    try:
        yield
    except ServiceError as error:
        if not errors.is_stream_missing(error):
            raise


def _tags(tags):
    """Tags as the API takes them; it shows them in another form."""
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]} if tags else {}
