# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of the Log Tank Service (LTS) of Open Telekom Cloud and Huawei Cloud, API v2.

https://docs.otc.t-systems.com/log-tank-service/api-ref/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..._core.context import TaskContext
from ..._core.errors import OutcomeUnknown, ServiceError, StateConflict
from ..._core.http.endpoint import Endpoint
from ..._core.http.response import Response
from ..._core.http.retry import Effect
from ..._core.http.settings import HttpSettings
from ..._core.params import validators
from . import errors
from .connection import Connection

# Objects as LTS shows them.
Group = Mapping[str, Any]
Stream = Mapping[str, Any]
Transfer = Mapping[str, Any]

# {key: value}
Tags = Mapping[str, str]

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

# LTS lists at most so many transfers at once, and takes no larger offset.
_TRANSFERS_PER_PAGE = 100
# A region may list fewer at once than it is asked for, but hardly fewer than these.
_SMALLEST_CAP = 10
_LARGEST_OFFSET = 1024


class Lts:
    """The LTS of one project. Nothing is sent before the first call.

    All methods raise a JobsError if the service cannot be asked, or refuses.

    :param params: the options in connection.OPTIONS.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self.connection = Connection(params, settings, context)

    @property
    def project_id(self) -> str:
        """The id of the project; LTS may have to be asked for it once.

        :raises JobsError: the id cannot be found out.
        """
        return self.connection.project_id

    def groups(self) -> list[Group]:
        """All log groups of the project."""
        return self._list(LIST_GROUPS, "log_groups", ("log_group_id", "log_group_name"))

    def create_group(self, name: str, ttl_in_days: int, tags: Tags | None) -> str:
        """Creates a log group, and returns its id.

        :raises StateConflict: a group with this name exists by now.
        """
        body = {"log_group_name": name, "ttl_in_days": ttl_in_days, **_tags(tags)}
        return self._create(CREATE_GROUP, body, "log_group_id", name=name)

    def update_group(self, group_id: str, ttl_in_days: int, tags: Tags) -> None:
        """Sets the time to live and the tags of a log group; its other tags may stay."""
        self._call(UPDATE_GROUP, json={"ttl_in_days": ttl_in_days, **_tags(tags)}, group_id=group_id)

    def delete_group_tags(self, group_id: str, tags: Tags) -> None:
        """Removes tags from a log group."""
        self._delete_tags(DELETE_GROUP_TAGS, group_id, tags)

    def delete_group(self, group_id: str) -> bool:
        """Deletes a log group and its streams; returns False if the group does not exist."""
        return self._delete(DELETE_GROUP, errors.is_group_missing, group_id=group_id)

    def streams(self, group_id: str) -> list[Stream]:
        """All log streams of a group.

        :raises ServiceError: errors.is_group_missing() tells whether the group does not exist.
        """
        return self._list(LIST_STREAMS, "log_streams", ("log_stream_id", "log_stream_name"), group_id=group_id)

    def create_stream(self, group_id: str, name: str, ttl_in_days: int | None, tags: Tags | None) -> str:
        """Creates a log stream, and returns its id.

        :param ttl_in_days: None for that of the group.
        :raises StateConflict: a stream with this name exists by now.
        """
        ttl = {} if ttl_in_days is None else {"ttl_in_days": ttl_in_days}
        body = {"log_stream_name": name, **ttl, **_tags(tags)}
        return self._create(CREATE_STREAM, body, "log_stream_id", group_id=group_id, name=name)

    def update_stream(self, group_id: str, stream_id: str, ttl_in_days: int, tags: Tags) -> None:
        """Sets the time to live and the tags of a log stream; its other tags may stay."""
        body = {"ttl_in_days": ttl_in_days, **_tags(tags)}
        self._call(UPDATE_STREAM, json=body, group_id=group_id, stream_id=stream_id)

    def delete_stream_tags(self, stream_id: str, tags: Tags) -> None:
        """Removes tags from a log stream."""
        self._delete_tags(DELETE_STREAM_TAGS, stream_id, tags)

    def delete_stream(self, group_id: str, stream_id: str) -> bool:
        """Deletes a log stream; returns False if it does not exist."""
        return self._delete(DELETE_STREAM, errors.is_stream_missing, group_id=group_id, stream_id=stream_id)

    def transfers(self, streams: Iterable[Stream] | None = None) -> list[Transfer]:
        """The log transfers of the project, at least all those that the given streams feed.

        :param streams: None for the streams of all log groups.
        """
        found: dict[str, Transfer] = {}
        while True:
            before = len(found)
            page = self._page_of_transfers(found, offset=before)
            is_same = len(found) == before
            if len(page) < (_TRANSFERS_PER_PAGE if is_same else _SMALLEST_CAP):
                return list(found.values())
            if is_same or len(found) > _LARGEST_OFFSET:
                # Some regions ignore the offset, and all of them limit it: ask for smaller parts instead.
                break
        if streams is None:
            streams = self._streams_of_large_groups(found)
        for stream in streams:
            with _unless_deleted():
                self._page_of_transfers(found, log_stream_name=stream["log_stream_name"])
        return list(found.values())

    def _streams_of_large_groups(self, found: dict[str, Transfer]) -> list[Stream]:
        """Adds the transfers of each group; returns the streams of the groups that have more than fit on a page."""
        streams: list[Stream] = []
        for group in self.groups():
            with _unless_deleted():
                page = self._page_of_transfers(found, log_group_name=group["log_group_name"])
                if len(page) >= _TRANSFERS_PER_PAGE:
                    streams += self.streams(group["log_group_id"])
        return streams

    def _page_of_transfers(self, found: dict[str, Transfer], **query: str | int) -> list[Transfer]:
        """Adds a page of transfers to those that were found, by their ids; returns the page."""
        query["limit"] = _TRANSFERS_PER_PAGE
        page = self._list(LIST_TRANSFERS, "log_transfers", ("log_transfer_id",), query=query)
        found.update((transfer["log_transfer_id"], transfer) for transfer in page)
        return page

    def create_transfer(self, transfer: Transfer) -> str:
        """Creates a log transfer, and returns its id.

        :param transfer: the body of the request.
        :raises StateConflict: one of the streams feeds another transfer by now.
        """
        return self._create(CREATE_TRANSFER, transfer, "log_transfer_id")

    def update_transfer(self, transfer_id: str, info: Mapping[str, Any]) -> None:
        """Changes a log transfer.

        :param info: its new log_transfer_info, as the API takes it.
        """
        body = {"log_transfer_id": transfer_id, "log_transfer_info": info}
        self._call(UPDATE_TRANSFER, json=body, transfer_id=transfer_id)

    def delete_transfer(self, transfer_id: str) -> bool:
        """Deletes a log transfer; returns False if it does not exist."""
        query = {"log_transfer_id": transfer_id}
        return self._delete(DELETE_TRANSFER, errors.is_transfer_missing, query=query, transfer_id=transfer_id)

    def _call(
        self,
        endpoint: Endpoint,
        query: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        **ids: Any,
    ) -> Response:
        # The project comes first: signing in may be what tells its id.
        project_id = self.project_id
        return self.connection.client.call(
            endpoint, path_params={**ids, "project_id": project_id}, query=query, json=json
        )

    def _list(
        self,
        endpoint: Endpoint,
        key: str,
        required: tuple[str, ...],
        query: Mapping[str, Any] | None = None,
        **ids: Any,
    ) -> list[Mapping[str, Any]]:
        """The objects in an answer.

        :param key: the field of the answer that holds them.
        :param required: the fields that each of them must have.
        """
        response = self._call(endpoint, query, **ids)
        body = response.json_object()
        if key in body and body[key] is None:
            # LTS is written in Go, where an empty list may become null.
            return []
        entries = body.get(key)
        if not isinstance(entries, list) or not all(_is_usable(entry, required) for entry in entries):
            raise self.connection.client.unexpected_response(endpoint, response)
        return entries

    def _create(self, endpoint: Endpoint, body: Mapping[str, Any], id_field: str, **ids: Any) -> str:
        try:
            response = self._call(endpoint, json=body, **ids)
        except (ServiceError, OutcomeUnknown) as error:
            # The code tells that it exists, whatever the status.
            cause = error.cause if isinstance(error, OutcomeUnknown) else error
            if errors.exists_already(cause):
                raise StateConflict(cause) from None
            raise
        new_id = response.json_object().get(id_field)
        if not validators.is_id(new_id):
            # It exists now, and the list tells its id.
            raise OutcomeUnknown(self.connection.client.unexpected_response(endpoint, response))
        return str(new_id)

    def _delete(
        self,
        endpoint: Endpoint,
        is_missing: Callable[[ServiceError], bool],
        query: Mapping[str, Any] | None = None,
        **ids: Any,
    ) -> bool:
        try:
            self._call(endpoint, query, **ids)
        except ServiceError as error:
            if is_missing(error):
                return False
            raise
        return True

    def _delete_tags(self, endpoint: Endpoint, thing_id: str, tags: Tags) -> None:
        self._call(endpoint, json={"action": "delete", "is_open": True, **_tags(tags)}, thing_id=thing_id)


def _is_usable(entry: Any, required: tuple[str, ...]) -> bool:
    """Whether an entry of a list has the names and ids that the collection needs, in a form that it can use."""
    streams = (entry.get("log_streams") or []) if isinstance(entry, dict) else None
    if not isinstance(streams, list):
        return False
    feeder_ids = [stream.get("log_stream_id") for stream in streams if isinstance(stream, dict)]
    return all(feeder_id is None or validators.is_id(feeder_id) for feeder_id in feeder_ids) and all(
        validators.is_id(entry.get(name)) if name.endswith("_id") else isinstance(entry.get(name), str)
        for name in required
    )


@contextmanager
def _unless_deleted() -> Iterator[None]:
    """Skips a group or a stream that somebody deletes in the meantime."""
    try:
        yield
    except ServiceError as error:
        if not errors.is_stream_missing(error):
            raise


def _tags(tags: Tags | None) -> dict[str, Any]:
    """Tags in the form that the API takes, which is not the one that it shows."""
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]} if tags else {}
