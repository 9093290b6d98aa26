# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all runners do with a task function.

Private to this collection.
"""

from __future__ import annotations

import signal
from typing import Any

from .cancellation import Cancelled
from .errors import JobsError
from .json_safe import plain, refuse_broken_text

# What ends a task early, with the sentence that its report then holds.
TERMINATION = {
    signal.SIGINT: "The task was interrupted (SIGINT).",
    signal.SIGTERM: "The task was terminated (SIGTERM).",
}


def perform(task, params, context, reasons=None):
    """Runs a task function to its result, whatever happens.

    :param task: a function of (params, host).
    :param params: the checked parameters.
    :param context: a TaskContext.
    :param reasons: {signal number: a sentence} of the signals that end the task early.
    :returns: the result, with `failed` and `msg` if not all went well. It holds nothing that JSON cannot.
    """
    with context.cancel_token.on_signals(reasons or {}):
        try:
            result = _guarded(task, params, context)
        finally:
            for tell in context.cleanups:
                try:
                    tell()
                except Exception as defect:
                    # It must not cost the result.
                    context.note_defect(defect)
    return plain(result)


def _guarded(task, params, context) -> dict[str, Any]:
    """The result of a task function, whatever it raises: a task that has sent a change tells of every item."""
    try:
        refuse_broken_text(params)
        return task(params, context)
    except JobsError as error:
        cause = error
    except Cancelled as stopped:
        cause = JobsError(f"{stopped.reason} Nothing was changed.")
    except Exception as defect:
        cause = context.note_defect(defect)
    if context.report_so_far is not None:
        return context.report_so_far(cause)
    return failure(cause)


def failure(error: JobsError) -> dict[str, Any]:
    """The result of a task that failed before it changed anything."""
    return {"failed": True, "changed": False, "msg": str(error), "error": error.as_dict()}
