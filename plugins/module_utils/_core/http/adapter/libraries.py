# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The libraries that requests are sent with, or why they cannot be had.

Private to this collection.
"""

from __future__ import annotations

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError, ReadTimeoutError
except Exception as exc:
    # Versions that do not fit together raise anything, and it must be the task that fails.
    REQUESTS_IMPORT_ERROR = exc
    requests = urllib3 = None
    HTTPAdapter = object
    RequestException = HTTPError = ReadTimeoutError = OSError
else:
    REQUESTS_IMPORT_ERROR = None

__all__ = [
    "REQUESTS_IMPORT_ERROR",
    "HTTPAdapter",
    "HTTPError",
    "ReadTimeoutError",
    "RequestException",
    "requests",
    "urllib3",
]
