# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups of LTS as items of the engine: what each desired state needs.

Private to this collection.
"""

from __future__ import annotations

from ..._core.errors import ServiceError
from ..._core.reconcile.create_once import CreateOnceReconciler
from ..._core.reconcile.engine import PlannedChange, Reconciler
from ..._core.threads import map_concurrently
from . import errors, ttl_and_tags
from .groups import fields
from .selection import pick
from .transfers import feeders, in_words, note_transfer, notice_transfer

# What LTS documents for groups whose creation does not tell, but demands to be told.
DEFAULT_TTL = 30

_MOST_NAMES = 10


class _GroupWork(Reconciler):
    noun = "log group"
    plural = "log groups"
    result_key = "log_groups"
    id_fields = ("id", "log_group_id")

    def __init__(self, client, field):
        self._client = client
        self._field = field

    def fields(self, key, observed):
        if observed is None:
            return {"id": key if self._field == "log_group_id" else None, self._field: key}
        return fields(observed)


class PresentGroupReconciler(_GroupWork):
    """Log groups that are to exist with some settings.

    :param client: lts.Lts.
    :param field: what the keys are: log_group_id or log_group_name.
    :param settings: lts_settings.Settings.
    """

    visibility_delays = CreateOnceReconciler.visibility_delays

    def __init__(self, client, field, settings):
        super().__init__(client, field)
        self._settings = settings

    def observe(self, keys):
        return pick(self._client.groups(), self._field, keys)

    def is_conclusive(self, key, observed):
        # What is new may show late.
        return observed is not None

    def plan(self, key, observed):
        if observed is None and self._field == "log_group_id":
            return PlannedChange(refusal=f"Log group {key} does not exist. New ones are created by log_group_names.")
        if observed is None:
            new = {"log_group_name": key, "ttl_in_days": DEFAULT_TTL, **self._settings.as_fields()}
            return PlannedChange("create", after=new)
        before, after = self._settings.changes(observed)
        return PlannedChange("update", before=before, after=after) if after else PlannedChange()

    def apply(self, item):
        if item.remaining.action == "create":
            ttl = item.remaining.after["ttl_in_days"]
            new_id = self._client.create_group(item.key, ttl, self._settings.tags)
            item.extra.update(id=new_id, log_group_id=new_id)
            return True
        group_id = item.observed["log_group_id"]
        ttl_and_tags.apply_changes(
            item,
            lambda ttl_in_days, tags: self._client.update_group(group_id, ttl_in_days, tags),
            lambda tags: self._client.delete_group_tags(group_id, tags),
        )
        return True

    def record_partial_change(self, item, observed):
        ttl_and_tags.record_partial_change(item, observed)


def plan_absent(key, observed, recursive):
    """The change that leads to a log group that does not exist.

    :param observed: the group with its `streams` and its `transfers`, or None.
    :param recursive: whether these may be deleted, too.
    """
    if observed is None:
        return PlannedChange()
    streams = [stream["log_stream_name"] for stream in observed["streams"]]
    transfers = [transfer["log_transfer_id"] for transfer in observed["transfers"]]
    held = [f"the log streams {_some(streams)}"] if streams else []
    held += [f"the log transfers {in_words(observed['transfers'])}"] if transfers else []
    if held and not recursive:
        return PlannedChange(
            refusal=f"Log group {key} still holds {' and '.join(held)}. Give recursive: true to delete these too, with "
            "all logs in the group."
        )
    parts = {name: found for name, found in (("streams", streams), ("transfers", transfers)) if found}
    before = {"log_group_name": observed["log_group_name"], **{f"log_{name}": found for name, found in parts.items()}}
    return PlannedChange("delete", before=before, extra={f"deleted_{name}": found for name, found in parts.items()})


class AbsentGroupReconciler(_GroupWork):
    """Log groups that are to be deleted.

    :param client: lts.Lts.
    :param field: what the keys are: log_group_id or log_group_name; None with name_pattern.
    :param recursive: whether what is in them may be deleted, too.
    :param names: a NameSelection.
    :param settings: HttpSettings.
    :param context: a TaskContext.
    """

    def __init__(self, client, field, recursive, names, settings, context):
        super().__init__(client, field or "log_group_name")
        self._recursive = recursive
        self._names = names
        self._settings = settings
        self._context = context

    def select(self):
        groups = self._names.selected(self._client.groups(), "log_group_name", self._context)
        return self._with_contents(pick(groups, self._field, [group[self._field] for group in groups]))

    def observe(self, keys):
        return self._with_contents(pick(self._client.groups(), self._field, keys))

    def _with_contents(self, groups):
        """The groups with their `streams` and `transfers`, without those that are gone by now."""
        kept = {key: group for key, group in groups.items() if self._names.kept(group["log_group_name"])}
        wanted = {key: group for key, group in groups.items() if key not in kept}
        streams = map_concurrently(
            self._streams, wanted.values(), self._settings.max_concurrency, self._context.cancel_token
        )
        found = {key: {**wanted[key], "streams": held} for key, held in zip(wanted, streams) if held is not None}
        # Transfers matter only where a group is there to be deleted.
        all_streams = [stream for group in found.values() for stream in group["streams"]]
        transfers = self._client.transfers(all_streams) if found else []
        for group in found.values():
            ids = {stream["log_stream_id"] for stream in group["streams"]}
            group["transfers"] = [
                transfer
                for transfer in transfers
                if transfer.get("log_group_id") == group["log_group_id"]
                or ids.intersection(stream.get("log_stream_id") for stream in feeders(transfer))
            ]
        return {key: found.get(key) or kept[key] for key in groups if key in found or key in kept}

    def _streams(self, group):
        """The streams of a group, or None if it is gone by now."""
        try:
            return self._client.streams(group["log_group_id"])
        except ServiceError as error:
            if errors.is_group_missing(error):
                return None
            raise

    def plan(self, key, observed):
        kept = self._names.kept(observed["log_group_name"]) if observed else None
        return kept or plan_absent(key, observed, self._recursive)

    def plan_predicted(self, key):
        return PlannedChange("delete")

    def apply(self, item):
        for transfer_id in item.remaining.extra.get("deleted_transfers", ()):
            if self._client.delete_transfer(transfer_id):
                note_transfer(item, transfer_id)
        deleted = self._client.delete_group(item.observed["log_group_id"])
        if deleted:
            self._note_streams(item)
        return deleted

    def record_partial_change(self, item, observed):
        left = [transfer["log_transfer_id"] for transfer in observed["transfers"]] if observed else []
        notice_transfer(item, left)
        if observed is None:
            self._note_streams(item)

    def label(self, key, observed):
        return observed["log_group_name"]

    @staticmethod
    def _note_streams(item):
        if "deleted_streams" in item.planned.extra:
            item.extra["deleted_streams"] = item.planned.extra["deleted_streams"]


def _some(names):
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
