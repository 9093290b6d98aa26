# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP options of a task, checked.

Private to this collection.
"""

from __future__ import annotations

import copy

from ..context import TaskContext
from .adapter import exchange
from .retry import Backoff


class HttpSettings:
    """The HTTP options of a task, see _core/options.py for their meaning."""

    def __init__(
        self,
        timeout: float = 30.0,
        validate_certs: bool = True,
        ca_path: str | None = None,
        retries: int = 4,
        max_concurrency: int = 8,
        http_agent: str = "ansible",
        client_cert: str | None = None,
        client_key: str | None = None,
    ) -> None:
        self.timeout = timeout
        self.verify = (ca_path or True) if validate_certs else False
        self.cert = (client_cert, client_key) if client_cert else None
        self.max_concurrency = max_concurrency
        self.agent = http_agent
        self.backoff = Backoff(retries)
        self._has_warned = False

    def for_others(self) -> HttpSettings:
        """The same for hosts that are not the service's: without the client certificate."""
        settings = copy.copy(self)
        settings.cert = None
        return settings

    def warn_if_unverified(self, url: str, context: TaskContext) -> None:
        """Warns once if nobody checks who is at an address.

        :param context: a TaskContext.
        """
        if self.verify is False and url.startswith("https:"):
            exchange.ignore_missing_verification()
            if not self._has_warned:
                self._has_warned = True
                context.warn(
                    "validate_certs is false: the TLS certificate is not checked, so anybody may be answering."
                )
