# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from ...http.messages import Request, Response, compact_json
from ...variants.mongodb import MongoDBVariants
from .errors import ApiError

T = TypeVar("T")
VERSION = re.compile(r"application/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json")

COMMON_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubdomains;",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-MongoDB-Service-Version": "gitHash=0000000000000000000000000000000000000000; versionString=8.0.0",
}


def query_flag(request: Request, name: str, default: bool = False) -> bool:
    return request.query.get(name, str(default)).lower() == "true"


def document_response(request: Request, value: dict[str, Any], content_type: str) -> Response:
    """A single object or a list (which has `results`), in an envelope and pretty-printed if the query says so."""
    if query_flag(request, "envelope"):
        value = {**value, "status": 200} if "results" in value else {"status": 200, "content": value}
    body = json.dumps(value, indent=2).encode() if query_flag(request, "pretty") else compact_json(value)
    return Response(200, body, {"Content-Type": content_type})


def check_version(request: Request, oldest: str, variants: MongoDBVariants) -> None:
    """A later date is valid: it resolves to the newest version that is not younger."""
    version = VERSION.search(request.headers.get("Accept", ""))
    if version is None or version[1] < oldest:
        raise ApiError("INVALID_VERSION_DATE", status=variants.version_header_error)


def _positive(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ApiError("INVALID_QUERY_PARAMETER", name)
    return int(text)


@dataclass(frozen=True)
class Listing:
    """All items of a list, of which a request shows one page."""

    items: Iterable[Any]
    total: int
    # What stands before the paging parameters in the links.
    link_query: dict[str, str] = field(default_factory=dict)


def list_response(
    request: Request,
    variants: MongoDBVariants,
    listing: Listing,
    show: Callable[[Any], dict[str, Any]],
    content_type: str,
) -> Response:
    """One page of a list."""
    number = _positive(request, "pageNum", 1)
    size = min(_positive(request, "itemsPerPage", 100), int(variants.max_items_per_page))
    start = (number - 1) * size

    def link(rel: str, query: dict[str, Any]) -> dict[str, str]:
        return {"href": f"{request.origin}{request.path}?{urlencode({**listing.link_query, **query})}", "rel": rel}

    # The service puts the page number first in `self`, but last in the other two.
    links = [link("self", {"pageNum": number, "itemsPerPage": size})]
    if number > 1:
        links.append(link("previous", {"itemsPerPage": size, "pageNum": number - 1}))
    if start + size < listing.total:
        links.append(link("next", {"itemsPerPage": size, "pageNum": number + 1}))
    page: dict[str, Any] = {
        "links": links if variants.page_links else [],
        "results": [show(item) for item in islice(listing.items, start, start + size)],
    }
    if variants.total_count and query_flag(request, "includeCount", True):
        page["totalCount"] = listing.total
    return document_response(request, page, content_type)


def atlas_list_response(
    request: Request,
    variants: MongoDBVariants,
    items: Sequence[T],
    show: Callable[[T], dict[str, Any]],
    content_type: str,
) -> Response:
    """One page of a list of Atlas, whose links repeat includeCount."""
    link_query = {"includeCount": str(query_flag(request, "includeCount", True)).lower()}
    return list_response(request, variants, Listing(items, len(items), link_query), show, content_type)
