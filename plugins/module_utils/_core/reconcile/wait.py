# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following items until they are done.

Private to this collection.
"""

from __future__ import annotations

from ..cancellation import Cancelled
from ..errors import InvalidInput, JobsError

# How much longer each pause is than the one before, and how long it gets (seconds), so that short jobs are noticed soon
# and long ones cost few requests.
_GROWTH = 1.5
_LONGEST_PAUSE = 60.0


class WaitOptions:
    """How to follow items.

    :param params: with wait, wait_interval, wait_timeout and perhaps wait_for_all.
    :raises InvalidInput: they do not go together.
    """

    def __init__(self, params):
        if params["wait"] and params["wait_timeout"] < params["wait_interval"]:
            raise InvalidInput("wait_timeout must not be shorter than wait_interval.")
        self.is_wanted = params["wait"]
        self.is_for_all = params.get("wait_for_all", False)
        self.interval = params["wait_interval"]
        self.timeout = params["wait_timeout"]

    def intervals(self):
        """Yields the seconds between two looks."""
        pause = self.interval
        while True:
            yield pause
            pause = min(pause * _GROWTH, max(self.interval, _LONGEST_PAUSE))


def wait_for(reconciler, items, wait_options, context):
    """Looks at items until all are done, or time is up, or one has failed and the others are not waited for.

    Sets each item's `latest` to what was seen last, and `error` where it did not end well. One that had ended badly
    before the task looked is told like one that does so later.

    :param reconciler: the Reconciler that they are of.
    :param items: engine Items.
    :param wait_options: a WaitOptions.
    :param context: a TaskContext; in check mode, nobody waits.
    """
    if not wait_options.is_wanted:
        return
    followed = [item for item in items if item.error is None and reconciler.is_followed(item)]
    known = {item.key: reconciler.last_state(item) for item in followed}
    waiting = [item for item in followed if known[item.key] is None]
    going_on, failed = _judge(reconciler, [item for item in followed if known[item.key] is not None], known, context)
    if failed and not wait_options.is_for_all or context.check_mode:
        return
    waiting += going_on
    for item in _until_time_is_up(reconciler, waiting, wait_options, context):
        shown = reconciler.fields(item.key, item.latest)
        status = shown.get(reconciler.status_field) or "not visible"
        item.error = JobsError(
            f"{reconciler.noun.capitalize()} {shown.get('id') or item.key} was still {status} after "
            f"{wait_options.timeout:g} s; it goes on. Run the task again to follow it further."
        )


def _until_time_is_up(reconciler, waiting, wait_options, context):
    """Follows items; returns those that were still going on when time was up."""
    clock = context.clock
    deadline = clock.now() + wait_options.timeout
    intervals = wait_options.intervals()
    while waiting:
        try:
            with context.cancel_token.interruptible():
                clock.sleep(min(next(intervals), max(0.0, deadline - clock.now())))
                seen = reconciler.observe([item.key for item in waiting])
        except (JobsError, Cancelled) as error:
            if isinstance(error, JobsError) and error.is_transient and clock.now() < deadline:
                continue
            return _give_up(waiting, error)
        except Exception as defect:
            return _give_up(waiting, context.note_defect(defect))
        for item in waiting:
            item.latest = seen.get(item.key)
        waiting, failed = _judge(reconciler, waiting, seen, context)
        if failed and not wait_options.is_for_all:
            # The others are reported as they are.
            return []
        if waiting and clock.now() >= deadline:
            return waiting
    return []


def _give_up(items, error):
    """Ends the following of items; returns those that go on: none."""
    for item in items:
        item.error = _not_followed(error)
    return []


def _judge(reconciler, items, seen, context):
    """(items that go on, whether one has ended badly)."""
    going_on, failed = [], False
    for item in items:
        try:
            if not reconciler.check_finished(item.key, seen.get(item.key)):
                going_on.append(item)
        except JobsError as error:
            item.error = error
            failed = True
        except Cancelled as stopped:
            item.error = _not_followed(stopped)
            failed = True
        except Exception as defect:
            item.error = _not_followed(context.note_defect(defect))
            failed = True
    return going_on, failed


def _not_followed(error):
    return JobsError(f"It could not be followed to its end. {error}")
