# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observe, plan, apply, verify: the only place that knows how items are brought to a desired state.

A service supplies a Work; nothing here knows what the items are.

Private to this collection.
"""

from __future__ import annotations

import copy

from ..cancellation import Stopped
from ..errors import JobsError, OutcomeUnknown, Overtaken, Refusal
from ..params.placeholders import is_placeholder, placeholder
from ..threads import doing, each
from .report import report_so_far

NONE = "none"

# The actions that max_deletions counts.
_DELETIONS = ("delete", "cancel", "remove")
_MOST_NAMED = 20


class Step:
    """What the plan says about one item.

    :param action: a word for the user, or NONE.
    :param before: the fields that the action changes, as they are now, or None if there is no item; for the diff.
    :param after: the same fields afterwards, or None if the item will be gone.
    :param refusal: why the item must not be touched, a sentence or a JobsError; overrides the action.
    :param extra: further fields for the item's result.
    """

    def __init__(self, action=NONE, before=None, after=None, refusal=None, extra=None):
        self.action = NONE if refusal else action
        self.before = before
        self.after = after
        self.refusal = refusal
        self.extra = extra or {}

    @property
    def acts(self):
        return self.action != NONE

    @property
    def error(self):
        """The refusal as an error, or None."""
        if not self.refusal or isinstance(self.refusal, JobsError):
            return self.refusal
        return Refusal(self.refusal)


class Work:
    """What a service supplies. Keys are what the user names the items by.

    noun, plural: names of an item in sentences.
    result_key: name of the list of items in the result.
    status_field: which field of an item says how far it is.
    id_fields: which fields of an item's result hold its id.
    pauses: seconds between the looks for what a lost answer was about, if that may show late; None for one look.
    repeats: whether what does not show after these looks is tried again.
    """

    noun = plural = result_key = ""
    status_field = "status"
    id_fields: tuple[str, ...] = ("id",)
    pauses = None
    repeats = True

    def observe(self, keys):
        """The items that exist, as {key: fields}, in as few requests as possible.

        :raises JobsError: it cannot be said whether they exist.
        """
        raise NotImplementedError

    def select(self):
        """The items that the user describes rather than names, as observe() returns them.

        :raises JobsError: they cannot be had.
        """
        raise NotImplementedError

    def plan(self, key, observed):
        """The Step for one item; a pure function. observed is None if the item does not exist."""
        raise NotImplementedError

    def plan_predicted(self, key):
        """The Step for an item that is there in check mode's prediction only, as a task before creates it."""
        return Step()

    def apply(self, item):
        """Does item.todo. Called by several threads.

        :returns: True if the service did it, False if it says that there is nothing to do any more.
        :raises JobsError: it was not done; OutcomeUnknown and Overtaken make the engine look again.
        """
        raise NotImplementedError

    def notice_parts(self, item, observed):
        """After an answer was lost: notes what looking again shows to be done of an action that has several parts.

        It may set the item's `changed` and `action`, and add to `extra`.
        """

    def may_repeat(self, item, step):
        """Whether an action in doubt is tried again, of which something does not show.

        :param step: the Step that looking again says is still needed.
        """
        return self.repeats

    def tells(self, key, observed):
        """Whether what is observed after a lost answer tells if the action was done."""
        return True

    def fields(self, key, observed):
        """The fields of the item's result, with `id`; observed is None if the item does not exist."""
        raise NotImplementedError

    def label(self, key, observed):
        """What people call an existing item, in a sentence."""
        return str(key)

    def is_followed(self, item):
        """Whether it makes sense to wait for an item's end once the engine has finished with it."""
        raise NotImplementedError

    def known(self, item):
        """What is known of the item after its action, as observe() has it; None if that has to be looked at first."""
        return item.latest or item.observed

    def judge(self, key, observed):
        """Whether an item that is followed has come to its end.

        :returns: True if it has ended well, False if it goes on.
        :raises JobsError: it has ended otherwise.
        """
        raise NotImplementedError


class Item:
    """One item on its way.

    A Work's apply() may set `changed` and `action` as soon as a part of the action is done, and add to `extra`.

    `observed` is what was there before anything was done, `latest` what was seen when it was followed afterwards.
    """

    def __init__(self, key, observed, step):
        self.key = key
        self.observed = observed
        self.latest = None
        self.step = step
        self.todo = step
        self.extra = {} if step.acts else dict(step.extra)
        self.changed = False
        self.action = NONE
        self.error = step.error
        self.maybe_acted = False
        self.doubt = None
        # How far its thread came, and whether nobody waits for that any more.
        self.begun = False
        self.sent = False
        self.ended = False
        self.abandoned = False


def reconcile(work, keys, host, settings, max_deletions: int | None = None):
    """Brings items to the state that the work plans for.

    From the first change on, host.report_so_far tells what became of each item, should anything be raised.

    :param work: a Work.
    :param keys: which items, in the order of the result; None for those that the work selects.
    :param host: a Host; in check mode nothing is applied, and `changed` is the prediction.
    :param settings: HttpSettings, for the concurrency and the retries.
    :param max_deletions: how many items may be deleted or cancelled, or None for any number.
    :returns: list of Item, in the order of the keys.
    :raises JobsError: the items could not be observed, or too many would be deleted; nothing was changed.
    """
    if keys is None:
        seen = _interruptible(work.select, host.stop)
        keys = list(seen)
    else:
        known = [key for key in keys if not _is_predicted(key, host)]
        seen = _interruptible(lambda: work.observe(known), host.stop) if known else {}
    items = [_planned(work, key, seen.get(key), host) for key in keys]
    pending = [item for item in items if item.step.acts]
    _refuse_too_many(work, pending, max_deletions)
    if host.check_mode:
        for item in pending:
            _complete(item)
            item.extra = {**item.step.extra, **_predicted_ids(work, item)}
        return items
    if pending:
        host.report_so_far = lambda cause: report_so_far(work, items, host, cause)
    attempt = 0
    while pending:
        left_behind = _apply_all(work, pending, settings.width, host)
        # In place, as report_so_far looks at the same list.
        items[:] = [left_behind.get(item.key, item) for item in items]
        doubtful = [item for item in items if item.doubt is not None]
        pending = _verify(work, doubtful, host, settings.backoff, attempt)
        attempt += 1
    return items


def _refuse_too_many(work, pending, most):
    """:raises Refusal: more items than allowed would be deleted."""
    condemned = [item for item in pending if item.step.action in _DELETIONS]
    if most is None or len(condemned) <= most:
        return
    verb = "cancelled" if condemned[0].step.action == "cancel" else "deleted"
    labels = [
        work.label(item.key, item.observed) if item.observed else str(item.key) for item in condemned[:_MOST_NAMED]
    ]
    more = f" and {len(condemned) - _MOST_NAMED} more" if len(condemned) > _MOST_NAMED else ""
    noun = work.noun if len(condemned) == 1 else work.plural
    raise Refusal(
        f"{len(condemned)} {noun} would be {verb}, but max_deletions allows {most}. Nothing was changed. "
        f"They are: {', '.join(labels)}{more}."
    )


def _is_predicted(key, host) -> bool:
    """Whether an item is there in check mode's prediction only."""
    return host.check_mode and is_placeholder(key)


def _planned(work, key, observed, host) -> Item:
    return Item(key, observed, work.plan_predicted(key) if _is_predicted(key, host) else work.plan(key, observed))


def _predicted_ids(work, item) -> dict[str, str]:
    """The fields of an item that would be created that will hold its id."""
    if item.observed is not None or work.fields(item.key, None).get("id") is not None:
        return {}
    return dict.fromkeys(work.id_fields, placeholder(work.noun, item.key, item.step.after))


def _interruptible(observe, stop):
    try:
        with stop.interruptible():
            return observe()
    except Stopped as stopped:
        raise JobsError(f"{stopped.reason} Nothing was changed.") from None


def _complete(item):
    item.changed = True
    item.action = item.step.action


def _apply_all(work, items, width, host):
    """Does what the items need; returns {key: item} of those that had to be left behind."""
    stop, stopped_by = host.stop, []
    for item in items:
        item.begun = item.sent = item.ended = False

    def apply(item):
        item.begun = True
        doing.item = item
        if stopped_by:
            item.error = JobsError(f"This {work.noun} was not tried, since an earlier request failed: {stopped_by[0]}")
        else:
            apply_one(item)
        item.ended = True

    def apply_one(item):
        try:
            if work.apply(item) or item.maybe_acted:
                _complete(item)
        except OutcomeUnknown as doubt:
            item.maybe_acted = True
            item.doubt = doubt
        except Overtaken as doubt:
            item.doubt = doubt
        except JobsError as error:
            item.error = error
            if item.maybe_acted and not work.tells(item.key, None):
                # The earlier try may be what this one was refused for.
                _leave_unsettled(item, error)
            if error.stops_all:
                stopped_by.append(error)
        except Stopped as stopped:
            item.error = JobsError(f"It was not {'finished' if item.changed else 'done'}. {stopped.reason}")
        except Exception as defect:
            # A defect of ours in one item must not take along what is known of the others.
            item.maybe_acted = True
            item.doubt = OutcomeUnknown(host.note_defect(defect))

    each(apply, items, width, stop)
    if stop.reason is None:
        return {}
    for item in items:
        if not item.begun:
            item.error = JobsError(f"This {work.noun} was not tried. {stop.reason}")
    return {item.key: _left_behind(item, stop.reason) for item in items if item.begun and not item.ended}


def _left_behind(item, reason):
    """A copy of an item whose thread is still at it, and might write to the original at any time."""
    # In this order: either the thread sees that it may not send any more, or it is seen here that it has.
    item.abandoned = True
    sent = item.sent
    item = copy.copy(item)
    item.extra = copy.deepcopy(item.extra)
    if sent:
        item.maybe_acted = True
        item.doubt = OutcomeUnknown(JobsError("Its request was sent, and no answer came in time."))
    else:
        item.error = JobsError(f"It was not done. {reason}")
    return item


def _verify(work, items, host, backoff, attempt):
    """Looks at items in doubt again; returns those that still need their action."""
    if not items:
        return []
    try:
        with host.stop.interruptible():
            keys = [item.key for item in items]
            for pause in work.pauses or [backoff.delay(attempt)]:
                host.clock.sleep(pause)
                seen = _look_again(work, keys, host.clock, backoff)
                if all(work.tells(key, seen.get(key)) for key in keys):
                    break
    except (JobsError, Stopped) as error:
        return _leave_in_doubt(items, error)
    except Exception as defect:
        return _leave_in_doubt(items, host.note_defect(defect))
    left = backoff.retries - attempt
    return [item for item in items if _still_needed(work, item, seen.get(item.key), left)]


def _look_again(work, keys, clock, backoff):
    """Observes, and takes no for an answer only after all retries: what was done hangs on it."""
    for attempt in range(backoff.retries):
        try:
            return work.observe(keys)
        except JobsError as error:
            if error.stops_all and not error.may_pass:
                raise
            clock.sleep(backoff.delay(attempt))
    return work.observe(keys)


def _leave_in_doubt(items, error):
    """Gives items up that the service cannot be asked about; returns those that still need their action: none."""
    for item in items:
        if item.maybe_acted:
            item.error = JobsError(
                f"Whether it was done is not known, as the service could not be asked again. {item.doubt} {error}"
            )
            _complete(item)
        else:
            item.error = item.doubt.cause
        item.doubt = None
    return []


def _leave_unsettled(item, error):
    item.error = JobsError(
        f"Whether it was done is not known: an answer was lost, and nothing shows yet. {error} Look before it is tried "
        "again."
    )
    _complete(item)


def _still_needed(work, item, observed, left):
    doubt, item.doubt = item.doubt, None
    if item.observed is None:
        # What came into being meanwhile.
        item.latest = observed
    if item.maybe_acted:
        work.notice_parts(item, observed)
    step = work.plan(item.key, observed)
    if step.refusal:
        item.error = step.error
    elif not step.acts:
        if item.maybe_acted:
            _complete(item)
    elif _is_over(item, step, left) or isinstance(doubt, Overtaken) or not work.may_repeat(item, step):
        item.error = doubt.cause
        if item.maybe_acted and not work.tells(item.key, observed):
            _leave_unsettled(item, doubt.cause)
    else:
        item.todo = step
        return True
    return False


def _is_over(item, step, left):
    """Whether no tries are left; what comes after an action that was done after all has not been tried yet."""
    return left < 0 or left == 0 and step.action == item.todo.action
