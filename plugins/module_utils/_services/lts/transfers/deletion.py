# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log transfers that block the deletion of a group or a stream, and are deleted first.

They are deleted one by one, so of those that were not recorded, only the first can be on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...._core.reconcile.change import PlannedChange
from ...._core.reconcile.item import Item
from ..api import Transfer

# The field of a result, and of a plan.
_FIELD = "deleted_transfers"


def planned_ids(change: PlannedChange) -> Sequence[str]:
    """The ids of the transfers to delete, in the order in which they are deleted."""
    ids: Sequence[str] = change.extra.get(_FIELD, ())
    return ids


def record(item: Item[Any], transfer_id: str) -> None:
    """Records that a transfer is gone because of this task, whatever becomes of the group or the stream."""
    item.changed = True
    item.action = "delete_transfers"
    item.extra.setdefault(_FIELD, []).append(transfer_id)


def record_unanswered(item: Item[Any], left: Iterable[Transfer]) -> None:
    """After a lost answer: records the transfer that was deleted after all.

    :param left: the transfers that still exist.
    """
    recorded = item.extra.get(_FIELD, [])
    unrecorded = [transfer_id for transfer_id in planned_ids(item.remaining) if transfer_id not in recorded]
    left_ids = {transfer["log_transfer_id"] for transfer in left}
    if unrecorded and unrecorded[0] not in left_ids:
        record(item, unrecorded[0])
