# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all fronts do with a task function.

Private to this collection.
"""

from __future__ import annotations

import signal

from .errors import JobsError, MissingLibrary
from .stopping import Stopped

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
    :returns: the result, with `failed` and `msg` if not all went well.
    :raises MissingLibrary: a Python library is missing.
    """
    with host.stop.on_signals(reasons or {}):
        try:
            return task(params, host)
        except MissingLibrary:
            raise
        except JobsError as error:
            return failure(error)
        except Stopped as stopped:
            # Who changes something reports it himself; this is for what was forgotten.
            return {"failed": True, "changed": True, "msg": f"{stopped.reason} What was done is not known."}
        finally:
            for tell in host.at_end:
                tell()


def failure(error: JobsError) -> dict:
    """The result of a task that failed before it changed anything."""
    return {"failed": True, "changed": False, "msg": str(error), "error": error.as_dict()}
