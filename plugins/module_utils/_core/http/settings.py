# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP options of a task, checked.

Private to this collection.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from typing import Any

from ..context import TaskContext
from ..errors import InvalidInput
from ..params import argspec
from .adapter import client_certificate, exchange
from .retry import Backoff


class HttpSettings:
    """The HTTP options of a task. The documentation fragment http_options explains them."""

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

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> HttpSettings:
        """Check the options argspec.HTTP, and the other numbers that argspec.check_limits() knows.

        :raises InvalidInput: a number is out of range, or a file is missing or unusable.
        """
        argspec.check_limits(params)
        agent = params["http_agent"]
        if not agent or agent != agent.strip() or not agent.isascii() or not agent.isprintable():
            raise InvalidInput("http_agent must be printable ASCII text.")
        ca_path = params["ca_path"]
        if ca_path and params["validate_certs"] and not os.path.exists(ca_path):
            raise InvalidInput(f"ca_path: there is no file or folder {ca_path}.")
        client_certificate.check(params["client_cert"], params["client_key"])
        return cls(**{option: params[option] for option in argspec.HTTP})

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
