# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following items until they are done.

Private to this collection.
"""

from __future__ import annotations

from .errors import InvalidInput, JobsError
from .stopping import Stopped


class Following:
    """How to follow items.

    :param interval: seconds between two looks.
    :param timeout: seconds until the wait is given up.
    """

    def __init__(self, params):
        if params["wait"] and params["wait_timeout"] < params["wait_interval"]:
            raise InvalidInput("wait_timeout must not be shorter than wait_interval.")
        self.interval = params["wait_interval"]
        self.timeout = params["wait_timeout"]


def follow(items, observe, judge, following, host):
    """Looks at items until all are done, one has failed, or time is up.

    Sets each item's `latest` to what was seen last, and `error` where it did not end well.

    :param items: engine Items without an error.
    :param observe: a function of keys, as Work.observe.
    :param judge: a function of (key, observed) that returns True if the item has ended well, False if it goes on, and
        raises JobsError if it has ended otherwise.
    :param following: a Following.
    :param host: a Host.
    :returns: the items that were still going on when time was up.
    """
    clock = host.clock
    deadline = clock.now() + following.timeout
    waiting = list(items)
    failed = False
    while waiting:
        try:
            with host.stop.interruptible():
                clock.sleep(min(following.interval, max(0.0, deadline - clock.now())))
                seen = observe([item.key for item in waiting])
        except (JobsError, Stopped) as error:
            if isinstance(error, JobsError) and error.may_pass and clock.now() < deadline:
                continue
            for item in waiting:
                item.error = _not_followed(error)
            return []
        still = []
        for item in waiting:
            item.latest = seen.get(item.key)
            try:
                if not judge(item.key, item.latest):
                    still.append(item)
            except JobsError as error:
                item.error = error
                failed = True
            except Stopped as stopped:
                item.error = _not_followed(stopped)
                failed = True
        waiting = still
        if failed:
            # One failure ends the task at once; the others are reported as they are.
            return []
        if waiting and clock.now() >= deadline:
            return waiting
    return []


def _not_followed(error):
    return JobsError(f"It could not be followed to its end. {error}")
