# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all fronts do with a task function.

Private to this collection.
"""

from __future__ import annotations

import signal
from typing import Any

from .cancellation import Stopped
from .errors import JobsError
from .json_safe import plain, refuse_broken_text

# What ends a task early, with the sentence that its report then holds.
TERMINATION = {
    signal.SIGINT: "The task was interrupted (SIGINT).",
    signal.SIGTERM: "The task was terminated (SIGTERM).",
}


def perform(task, params, host, reasons=None):
    """Runs a task function to its result, whatever happens.

    :param task: a function of (params, host).
    :param params: the checked parameters.
    :param host: a Host.
    :param reasons: {signal number: a sentence} of the signals that end the task early.
    :returns: the result, with `failed` and `msg` if not all went well. It holds nothing that JSON cannot.
    """
    with host.stop.on_signals(reasons or {}):
        try:
            result = _guarded(task, params, host)
        finally:
            for tell in host.at_end:
                try:
                    tell()
                except Exception as defect:
                    # It must not cost the result.
                    host.note_defect(defect)
    return plain(result)


def _guarded(task, params, host) -> dict[str, Any]:
    """The result of a task function, whatever it raises: a task that has sent a change tells of every item."""
    try:
        refuse_broken_text(params)
        return task(params, host)
    except JobsError as error:
        cause = error
    except Stopped as stopped:
        cause = JobsError(f"{stopped.reason} Nothing was changed.")
    except Exception as defect:
        cause = host.note_defect(defect)
    if host.report_so_far is not None:
        return host.report_so_far(cause)
    return failure(cause)


def failure(error: JobsError) -> dict[str, Any]:
    """The result of a task that failed before it changed anything."""
    return {"failed": True, "changed": False, "msg": str(error), "error": error.as_dict()}
