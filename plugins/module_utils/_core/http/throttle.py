# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slowing down before a service has to say so, and all together when it does.

Private to this collection.
"""

from __future__ import annotations

import threading

from ..cancellation import LOOK
from .rate_limit import Announcement, History, keeper_of

# In seconds. Shorter ones might not move a clock at all.
_SHORTEST_NAP = 0.001
# Less than this is not worth a word.
_NOTICEABLE = 1.0


class Pace:
    """Lets the requests of a task through, as many and as fast as the service allows.

    After a refusal one request goes first, and each that passes lets twice as many follow.

    :param name: the service's name in messages.
    :param quota: what the service documents, a Quota or None.
    :param width: how many requests may be under way at once.
    :param backoff: a Backoff, for refusals that say nothing else.
    :param host: a Host.
    """

    def __init__(self, name, quota, width, backoff, host):
        self._name = name
        self._width = self._room = width
        self._backoff = backoff
        self._clock = host.clock
        self._stop = host.stop
        self._changed = threading.Condition()
        self._keeper = None if quota is None else keeper_of(quota, self._clock.now())
        self._history = History()
        self._under_way = 0
        self._opens = 0.0
        self._held_until = 0.0
        self._slowed_until = 0.0
        self._refused_at = -1.0
        self._refusals = 0
        # Seconds that the quota let nobody through.
        self.slowed = 0.0
        host.at_end.append(lambda: self._tell(host))

    @property
    def passed(self):
        """How many requests the service took, so far."""
        return self._history.count

    def closed_for(self):
        """Seconds until a request may be sent again after a refusal."""
        with self._changed:
            return max(0.0, self._opens - self._clock.now())

    def hold(self, seconds):
        """Nobody passes for so long, whatever the quota."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock.now() + seconds)

    def enter(self):
        """Returns, when a request may be sent, the time. Each call is followed by one of leave()."""
        while True:
            self._stop.check()
            with self._changed:
                now = self._clock.now()
                slowed = max(self._opens - now, self._keeper.wait(now) if self._keeper else 0.0)
                wait = max(self._held_until - now, slowed)
                if wait <= 0:
                    if self._under_way < self._allowed():
                        self._under_way += 1
                        if self._keeper:
                            self._keeper.take(now)
                        return now
                    self._changed.wait(LOOK)
                    continue
                self._note_slowed(now, now + slowed)
            self._clock.sleep(max(wait, _SHORTEST_NAP))

    def leave(self, entered, answer=None, announcement=None, counted=True):
        """A request has ended.

        :param entered: what enter() returned.
        :param answer: its Answer, or None if there was none.
        :param announcement: what the answer says of a quota.
        :param counted: whether the service looked at the request at all.
        """
        announcement = announcement or Announcement()
        with self._changed:
            self._under_way -= 1
            now = self._clock.now()
            if answer is not None:
                self._learn(announcement, now)
                if answer.status == 429:
                    self._note_refused(entered, announcement, now)
                elif counted:
                    self._note_passed(announcement, now)
                elif self._keeper:
                    self._keeper.give_back()
            self._changed.notify_all()

    def _allowed(self):
        return 1 if self._keeper and self._keeper.cautious else self._room

    def _learn(self, announcement, now):
        quota = announcement.quota
        if quota is not None and (self._keeper is None or self._keeper.quota != quota):
            self._keeper = keeper_of(quota, now)

    def _note_passed(self, announcement, now):
        self._refusals = 0
        self._room = min(self._width, 2 * self._room)
        self._history.note(now)
        if self._keeper:
            self._keeper.passed(announcement.remaining, self._under_way, now)

    def _note_refused(self, entered, announcement, now):
        again = entered <= self._refused_at
        if not again:
            self._refused_at = now
            self._refusals += 1
        self._room = 1
        wait = announcement.wait
        if wait is not None:
            wait = min(wait, self._backoff.longest_asked)
        if self._keeper:
            wait = self._keeper.refused(wait, again, self._history, now, self._clock.service_time())
        wait = self._backoff.delay(self._refusals - 1, wait, throttled=True)
        self._opens = max(self._opens, now + wait)

    def _note_slowed(self, now, until):
        self.slowed += max(0.0, until - max(now, self._slowed_until))
        self._slowed_until = max(self._slowed_until, until)

    def _tell(self, host):
        if self.slowed >= _NOTICEABLE:
            host.warn(
                f"{self._name} allows only so many requests in a time; to keep to that, this task waited for "
                f"{self.slowed:.0f} s."
            )
