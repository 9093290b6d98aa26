# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP libraries, or the reason why they cannot be imported.

Importing this file never fails: a task reports a missing library when it opens its first session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    REQUESTS_IMPORT_ERROR: Exception | None
else:
    try:
        import requests
        import urllib3
        from requests.adapters import HTTPAdapter
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError, ReadTimeoutError
    except Exception as exc:
        # Versions that do not fit together raise anything, and the task must be able to report it.
        REQUESTS_IMPORT_ERROR = exc
        requests = urllib3 = None
        HTTPAdapter = object
        RequestException = HTTPError = ReadTimeoutError = OSError
    else:
        REQUESTS_IMPORT_ERROR = None

# The rest of the collection imports the libraries from here, as they may be missing.
__all__ = [
    "REQUESTS_IMPORT_ERROR",
    "HTTPAdapter",
    "HTTPError",
    "ReadTimeoutError",
    "RequestException",
    "requests",
    "urllib3",
]
