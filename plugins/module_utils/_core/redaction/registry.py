# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping secrets out of everything that is shown.

Private to this collection.
"""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

try:
    # ansible-core 2.22 and newer: the only way that still masks there
    from ansible.module_utils.secrets import register_secret
except ImportError:
    register_secret = None

try:
    # Up to ansible-core 2.21
    from ansible.module_utils.common.parameters import remove_values
except ImportError:
    remove_values = None

HIDDEN = "(hidden)"


def forms(secret):
    """All spellings in which a secret may turn up: raw, base64, URL-quoted, JSON-escaped, HTML-escaped, in Python."""
    # Half a surrogate pair is no text, and may be given all the same.
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


def mark(value, no_log_values):
    """Registers one string with Ansible's own masking, old and new.

    :param no_log_values: the set that ansible-core up to 2.21 masks with.
    """
    no_log_values.add(value)
    if register_secret is not None:
        register_secret(value)


def hide(result, no_log_values):
    """A result without marked secrets, for a runner that Ansible does not mask results for.

    :param no_log_values: what mark() has filled.
    """
    if register_secret is not None:
        # What is registered gets masked wherever it is shown.
        return result
    text = json.dumps(result)
    if not any(json.dumps(value)[1:-1] in text for value in no_log_values):
        # Masking walks through all data, which takes longer than having got it.
        return result
    flags = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
    return {**remove_values(result, no_log_values), **flags}


def scrub(text, secrets):
    """The text without any of some secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


class SecretRegistry:
    """Knows the secrets of one task, tells the host about each before its first use, and scrubs text.

    :param context: a TaskContext.
    """

    def __init__(self, context):
        self._context = context
        self._known = set()

    def keep(self, *secrets):
        """Marks secrets; empty ones are passed over. Call it before the first request that carries them."""
        for secret in secrets:
            for form in forms(secret) if secret else ():
                if form not in self._known:
                    self._known.add(form)
                    self._context.mark_secret(form)

    def scrub(self, text):
        """The text without any known secret, for what a service says back to us."""
        return scrub(text, self._known)
