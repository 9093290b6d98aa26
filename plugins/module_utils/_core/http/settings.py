# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP options of a task."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..context import TaskContext
from ..errors import InvalidInput
from ..params import argspec
from .adapter import client_certificate
from .adapter.connections import silence_unverified_tls_warnings
from .retry import Backoff


@dataclass(frozen=True)
class HttpSettings:
    """The HTTP options of a task. The documentation fragment http_options explains them."""

    timeout: float = 30.0
    validate_certs: bool = True
    ca_path: str | None = None
    retries: int = 4
    max_concurrency: int = 32
    http_agent: str = "ansible"
    client_cert: str | None = None
    client_key: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> HttpSettings:
        """Checks the options argspec.HTTP, and the other numbers that argspec.check_limits() knows.

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

    @property
    def verify(self) -> bool | str:
        """True, False, or the path of CA certificates."""
        return (self.ca_path or True) if self.validate_certs else False

    @property
    def cert(self) -> tuple[str, str | None] | None:
        """Paths of the client certificate and its key, or None; the key is None if the first file holds both."""
        return (self.client_cert, self.client_key) if self.client_cert else None

    @cached_property
    def backoff(self) -> Backoff:
        """The waits between attempts."""
        return Backoff(self.retries)

    def for_others(self) -> HttpSettings:
        """The settings for hosts other than the service, which must not see the client certificate."""
        return replace(self, client_cert=None, client_key=None)

    def warn_if_unverified(self, url: str, context: TaskContext) -> None:
        """Warns, once for the task, if TLS certificates are not checked."""
        if not self.validate_certs and url.startswith("https:"):
            silence_unverified_tls_warnings()
            context.warn_once(
                "validate_certs is false: the TLS certificate is not checked, so anyone could be answering."
            )
