# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event source writes to the log, beside what the libraries below it do."""

from __future__ import annotations

import logging
import re

logger = logging.getLogger("saasops.jobs.jobs")

_LIBRARIES = ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry")
_QUERY = re.compile(r"\?[^\s\"')]*")


class _WithoutQueries(logging.Filter):
    """Hides the queries of addresses, in which cielo24 wants its token: urllib3 logs them for debugging."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes a message."""
        record.msg, record.args = _QUERY.sub("?(hidden)", record.getMessage()), ()
        return True


_WITHOUT_QUERIES = _WithoutQueries()


def hide_queries() -> None:
    """Hides the queries of addresses in all that is logged from now on."""
    for name in _LIBRARIES:
        logging.getLogger(name).addFilter(_WITHOUT_QUERIES)
