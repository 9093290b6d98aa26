# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Over what the archives of restore jobs are fetched: the internet, or a private endpoint.

https://www.mongodb.com/docs/atlas/backup/cloud-backup/restore-from-local-file/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...._core.errors import InvalidInput
from .restore_api import delivery_urls, private_addresses

OPTIONS = {
    "endpoint_type": {"type": "str", "default": "public", "choices": ["public", "private", "auto"]},
    "endpoint_id": {"type": "str"},
}


@dataclass(frozen=True)
class Route:
    """Which of its addresses an archive is fetched from.

    :param kind: public, private, or auto: public if there is such an address, else private.
    :param endpoint: id of the private endpoint, or None for the only one.
    """

    kind: str
    endpoint: str | None

    def addresses(self, part: Mapping[str, Any]) -> list[str]:
        """The addresses to be used of a job without shards, or of a component of one.

        Empty if there is none, or if it is unclear which to use.
        """
        public = _public_addresses(part)
        if self.kind == "public" or self.kind == "auto" and public:
            return public
        endpoints = _endpoints(part)
        endpoint = self.endpoint or (endpoints[0] if len(endpoints) == 1 else None)
        return [url for own, url in private_addresses(part) if url and own == endpoint]

    def why_none(self, key: str, part: Mapping[str, Any]) -> str | None:
        """A sentence why there is no address to be used although there are others, or None."""
        endpoints = _endpoints(part)
        named = ", ".join(endpoint or "one without an id" for endpoint in endpoints)
        if not endpoints:
            only_public = self.kind == "private" and _public_addresses(part)
            told = f"Restore job {key} has no address of a private endpoint: give endpoint_type: public."
            return told if only_public else None
        if self.kind == "public":
            return f"Restore job {key} has addresses of private endpoints only ({named}): give endpoint_type: private."
        if self.endpoint:
            return f"Restore job {key} has no address for private endpoint {self.endpoint}, only for {named}."
        return f"Restore job {key} has addresses of several private endpoints: give endpoint_id, one of {named}."


def route(params: Mapping[str, Any]) -> Route:
    """The Route that the options ask for.

    :raises InvalidInput: they contradict each other.
    """
    kind, endpoint = params["endpoint_type"], params["endpoint_id"] or None
    if endpoint and kind == "public":
        raise InvalidInput("endpoint_id has no effect with endpoint_type: public; give endpoint_type: private or auto.")
    return Route(kind, endpoint)


def _endpoints(part: Mapping[str, Any]) -> list[str]:
    return sorted({endpoint for endpoint, url in private_addresses(part) if url})


def _public_addresses(part: Mapping[str, Any]) -> list[str]:
    return [str(part["downloadUrl"])] if part.get("downloadUrl") else delivery_urls(part)
