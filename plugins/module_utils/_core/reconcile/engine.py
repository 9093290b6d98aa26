# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observe, plan, apply, verify: the only place that knows how items are brought to a desired state.

A service supplies a Reconciler; nothing here knows what the items are.

Private to this collection.
"""

from __future__ import annotations

import copy

from ..cancellation import Cancelled
from ..errors import JobsError, OutcomeUnknown, Refusal, StateConflict
from ..params.placeholders import is_placeholder, placeholder
from ..send_observer import observed_by
from ..threads import map_concurrently
from .report import report_so_far

NONE = "none"

# The actions that max_deletions counts.
_DELETIONS = ("delete", "cancel", "remove")
_MOST_NAMED = 20


class PlannedChange:
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


class Reconciler:
    """What a service supplies. Keys are what the user names the items by.

    noun, plural: names of an item in sentences.
    result_key: name of the list of items in the result.
    status_field: which field of an item says how far it is.
    id_fields: which fields of an item's result hold its id.
    visibility_delays: seconds between the looks for what a lost answer was about, if that may show late; None for one
    look. retry_if_invisible: whether what does not show after these looks is tried again.
    """

    noun = plural = result_key = ""
    status_field = "status"
    id_fields: tuple[str, ...] = ("id",)
    visibility_delays = None
    retry_if_invisible = True

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
        """The PlannedChange for one item; a pure function. observed is None if the item does not exist."""
        raise NotImplementedError

    def plan_predicted(self, key):
        """The PlannedChange for an item that is there in check mode's prediction only, as a task before creates it."""
        return PlannedChange()

    def apply(self, item):
        """Does item.todo. Called by several threads.

        :returns: True if the service did it, False if it says that there is nothing to do any more.
        :raises JobsError: it was not done; OutcomeUnknown and StateConflict make the engine look again.
        """
        raise NotImplementedError

    def record_partial_change(self, item, observed):
        """After an answer was lost: notes what looking again shows to be done of an action that has several parts.

        It may set the item's `changed` and `action`, and add to `extra`.
        """

    def may_repeat(self, item, change):
        """Whether an action in doubt is tried again, of which something does not show.

        :param change: the PlannedChange that looking again says is still needed.
        """
        return self.retry_if_invisible

    def is_conclusive(self, key, observed):
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

    def last_state(self, item):
        """What is known of the item after its action, as observe() has it; None if that has to be looked at first."""
        return item.latest or item.observed

    def check_finished(self, key, observed):
        """Whether an item that is followed has come to its end.

        :returns: True if it has ended well, False if it goes on.
        :raises JobsError: it has ended otherwise.
        """
        raise NotImplementedError


class Item:
    """One item on its way.

    A Reconciler's apply() may set `changed` and `action` as soon as a part of the action is done, and add to `extra`.

    `observed` is what was there before anything was done, `latest` what was seen when it was followed afterwards.
    """

    def __init__(self, key, observed, change):
        self.key = key
        self.observed = observed
        self.latest = None
        self.planned = change
        self.remaining = change
        self.extra = {} if change.acts else dict(change.extra)
        self.changed = False
        self.action = NONE
        self.error = change.error
        self.maybe_acted = False
        self.doubt = None
        # How far its thread came, and whether nobody waits for that any more.
        self.begun = False
        self.sent = False
        self.ended = False
        self.abandoned = False

    def sending(self):
        """See SendObserver: a change of the item is on its way, unless nobody waits for that any more."""
        self.sent = True
        if self.abandoned:
            raise Cancelled("The task is over.")

    def not_sent(self):
        """See SendObserver."""
        self.sent = False


def reconcile(reconciler, keys, context, settings, max_deletions: int | None = None):
    """Brings items to the state that the work plans for.

    From the first change on, context.report_so_far tells what became of each item, should anything be raised.

    :param reconciler: a Reconciler.
    :param keys: which items, in the order of the result; None for those that the work selects.
    :param context: a TaskContext; in check mode nothing is applied, and `changed` is the prediction.
    :param settings: HttpSettings, for the concurrency and the retries.
    :param max_deletions: how many items may be deleted or cancelled, or None for any number.
    :returns: list of Item, in the order of the keys.
    :raises JobsError: the items could not be observed, or too many would be deleted; nothing was changed.
    """
    if keys is None:
        seen = _interruptible(reconciler.select, context.cancel_token)
        keys = list(seen)
    else:
        known = [key for key in keys if not _is_predicted(key, context)]
        seen = _interruptible(lambda: reconciler.observe(known), context.cancel_token) if known else {}
    items = [_planned(reconciler, key, seen.get(key), context) for key in keys]
    pending = [item for item in items if item.planned.acts]
    _refuse_too_many(reconciler, pending, max_deletions)
    if context.check_mode:
        for item in pending:
            _complete(item)
            item.extra = {**item.planned.extra, **_predicted_ids(reconciler, item)}
        return items
    if pending:
        context.report_so_far = lambda cause: report_so_far(reconciler, items, context, cause)
    attempt = 0
    while pending:
        left_behind = _apply_all(reconciler, pending, settings.max_concurrency, context)
        # In place, as report_so_far looks at the same list.
        items[:] = [left_behind.get(item.key, item) for item in items]
        doubtful = [item for item in items if item.doubt is not None]
        pending = _verify(reconciler, doubtful, context, settings.backoff, attempt)
        attempt += 1
    return items


def _refuse_too_many(reconciler, pending, most):
    """:raises Refusal: more items than allowed would be deleted."""
    condemned = [item for item in pending if item.planned.action in _DELETIONS]
    if most is None or len(condemned) <= most:
        return
    verb = "cancelled" if condemned[0].planned.action == "cancel" else "deleted"
    labels = [
        reconciler.label(item.key, item.observed) if item.observed else str(item.key)
        for item in condemned[:_MOST_NAMED]
    ]
    more = f" and {len(condemned) - _MOST_NAMED} more" if len(condemned) > _MOST_NAMED else ""
    noun = reconciler.noun if len(condemned) == 1 else reconciler.plural
    raise Refusal(
        f"{len(condemned)} {noun} would be {verb}, but max_deletions allows {most}. Nothing was changed. "
        f"They are: {', '.join(labels)}{more}."
    )


def _is_predicted(key, context) -> bool:
    """Whether an item is there in check mode's prediction only."""
    return context.check_mode and is_placeholder(key)


def _planned(reconciler, key, observed, context) -> Item:
    return Item(
        key, observed, reconciler.plan_predicted(key) if _is_predicted(key, context) else reconciler.plan(key, observed)
    )


def _predicted_ids(reconciler, item) -> dict[str, str]:
    """The fields of an item that would be created that will hold its id."""
    if item.observed is not None or reconciler.fields(item.key, None).get("id") is not None:
        return {}
    return dict.fromkeys(reconciler.id_fields, placeholder(reconciler.noun, item.key, item.planned.after))


def _interruptible(observe, cancel_token):
    try:
        with cancel_token.interruptible():
            return observe()
    except Cancelled as stopped:
        raise JobsError(f"{stopped.reason} Nothing was changed.") from None


def _complete(item):
    item.changed = True
    item.action = item.planned.action


def _apply_all(reconciler, items, max_concurrency, context):
    """Does what the items need; returns {key: item} of those that had to be left behind."""
    cancel_token, stopped_by = context.cancel_token, []
    for item in items:
        item.begun = item.sent = item.ended = False

    def apply(item):
        item.begun = True
        if stopped_by:
            item.error = JobsError(
                f"This {reconciler.noun} was not tried, since an earlier request failed: {stopped_by[0]}"
            )
        else:
            with observed_by(item):
                apply_one(item)
        item.ended = True

    def apply_one(item):
        try:
            if reconciler.apply(item) or item.maybe_acted:
                _complete(item)
        except OutcomeUnknown as doubt:
            item.maybe_acted = True
            item.doubt = doubt
        except StateConflict as doubt:
            item.doubt = doubt
        except JobsError as error:
            item.error = error
            if item.maybe_acted and not reconciler.is_conclusive(item.key, None):
                # The earlier try may be what this one was refused for.
                _leave_unsettled(item, error)
            if error.aborts_task:
                stopped_by.append(error)
        except Cancelled as stopped:
            item.error = JobsError(f"It was not {'finished' if item.changed else 'done'}. {stopped.reason}")
        except Exception as defect:
            # A defect of ours in one item must not take along what is known of the others.
            item.maybe_acted = True
            item.doubt = OutcomeUnknown(context.note_defect(defect))

    map_concurrently(apply, items, max_concurrency, cancel_token)
    if cancel_token.reason is None:
        return {}
    for item in items:
        if not item.begun:
            item.error = JobsError(f"This {reconciler.noun} was not tried. {cancel_token.reason}")
    return {item.key: _left_behind(item, cancel_token.reason) for item in items if item.begun and not item.ended}


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


def _verify(reconciler, items, context, backoff, attempt):
    """Looks at items in doubt again; returns those that still need their action."""
    if not items:
        return []
    try:
        with context.cancel_token.interruptible():
            keys = [item.key for item in items]
            for pause in reconciler.visibility_delays or [backoff.delay(attempt)]:
                context.clock.sleep(pause)
                seen = _look_again(reconciler, keys, context.clock, backoff)
                if all(reconciler.is_conclusive(key, seen.get(key)) for key in keys):
                    break
    except (JobsError, Cancelled) as error:
        return _leave_in_doubt(items, error)
    except Exception as defect:
        return _leave_in_doubt(items, context.note_defect(defect))
    left = backoff.retries - attempt
    return [item for item in items if _still_needed(reconciler, item, seen.get(item.key), left)]


def _look_again(reconciler, keys, clock, backoff):
    """Observes, and takes no for an answer only after all retries: what was done hangs on it."""
    for attempt in range(backoff.retries):
        try:
            return reconciler.observe(keys)
        except JobsError as error:
            if error.aborts_task and not error.is_transient:
                raise
            clock.sleep(backoff.delay(attempt))
    return reconciler.observe(keys)


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


def _still_needed(reconciler, item, observed, left):
    doubt, item.doubt = item.doubt, None
    if item.observed is None:
        # What came into being meanwhile.
        item.latest = observed
    if item.maybe_acted:
        reconciler.record_partial_change(item, observed)
    change = reconciler.plan(item.key, observed)
    if change.refusal:
        item.error = change.error
    elif not change.acts:
        if item.maybe_acted:
            _complete(item)
    elif _is_over(item, change, left) or isinstance(doubt, StateConflict) or not reconciler.may_repeat(item, change):
        item.error = doubt.cause
        if item.maybe_acted and not reconciler.is_conclusive(item.key, observed):
            _leave_unsettled(item, doubt.cause)
    else:
        item.remaining = change
        return True
    return False


def _is_over(item, change, left):
    """Whether no tries are left; what comes after an action that was done after all has not been tried yet."""
    return left < 0 or left == 0 and change.action == item.remaining.action
