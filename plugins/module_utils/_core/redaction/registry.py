# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps secrets out of everything that is shown."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import quote, quote_plus

try:
    # From ansible-core 2.22 on. There it is the only way that masks anything.
    from ansible.module_utils.secrets import register_secret
except ImportError:
    register_secret = None

try:
    # Up to ansible-core 2.21.
    from ansible.module_utils.common.parameters import remove_values
except ImportError:
    remove_values = None

HIDDEN = "(hidden)"


def forms(secret: str) -> set[str]:
    """Return all spellings of a secret: raw, base64, URL-quoted, escaped for JSON and HTML, and as a Python literal."""
    # Half of a surrogate pair is not valid text, but users may still give it.
    raw = secret.encode("utf-8", "surrogatepass")
    quoted = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    return {
        secret,
        repr(secret)[1:-1],
        base64.b64encode(raw).decode("ascii"),
        base64.urlsafe_b64encode(raw).decode("ascii"),
        *quoted,
        *(re.sub("%[0-9A-F]{2}", lambda match: match.group().lower(), form) for form in quoted),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def mark(value: str, no_log_values: set[str]) -> None:
    """Register one string with both kinds of masking that Ansible has.

    :param no_log_values: the set of strings that ansible-core up to 2.21 masks.
    """
    no_log_values.add(value)
    if register_secret is not None:
        register_secret(value)


def hidden_json(result: dict[str, Any], no_log_values: set[str]) -> str:
    """Return a result as JSON without marked secrets, for a runner whose results Ansible does not mask.

    :param no_log_values: the set that mark() has filled.
    """
    text = json.dumps(result)
    if register_secret is not None:
        # Ansible masks registered secrets wherever it shows them.
        return text
    if not any(json.dumps(value)[1:-1] in text for value in no_log_values):
        # remove_values() walks through all data, which can take longer than the task did.
        return text
    # It would also mask these if a secret were, for example, "True".
    flags = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
    return json.dumps({**remove_values(result, no_log_values), **flags})


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Return the text with all given secrets hidden."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


class SecretSink(Protocol):
    """Whatever has to be told of secrets: a TaskContext."""

    def mark_secret(self, value: str) -> None:
        """Keep one string out of everything that is shown."""


class SecretRegistry:
    """Knows the secrets of one task, marks each before its first use, and scrubs text."""

    def __init__(self, sink: SecretSink) -> None:
        self._sink = sink
        self._known: set[str] = set()

    def keep(self, *secrets: str | None) -> None:
        """Mark secrets. Call this before the first request that carries them.

        :param secrets: None and empty ones are skipped.
        """
        for secret in secrets:
            for form in forms(secret) if secret else ():
                if form not in self._known:
                    self._known.add(form)
                    self._sink.mark_secret(form)

    def scrub(self, text: str) -> str:
        """Return text from a service with all known secrets hidden."""
        return scrub(text, self._known)
