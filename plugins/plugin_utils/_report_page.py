# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the role job_report, ready for its template: words, and the lengths of bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.timestamps import parse_time
from ansible_collections.saasops.jobs.plugins.plugin_utils import _report_words as words

Row = Mapping[str, Any]

# Of the chart in the template, in its own units: labels, bars, and counts behind them.
_BAR_START = 94
BAR_WIDTH = 118
CHART_WIDTH = 270
_LEAST_WIDTH = 2
_BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
_AGES = (
    ("under 1 day", 1),
    ("1 to 7 days", 7),
    ("7 to 30 days", 30),
    ("30 to 90 days", 90),
    ("over 90 days", float("inf")),
)


def page(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the template of the page shows of a report."""
    now = parse_time(report["generated_at"]) or _BEGINNING
    rows: Sequence[Row] = report["rows"]
    swept = [row for row in rows if row["would_delete"]]
    return {
        "generated_at": report["generated_at"],
        "generated": words.date(report["generated_at"]),
        "chart_width": CHART_WIDTH,
        "rows": [_shown(row, now) for row in rows],
        "row_count": len(rows),
        "would_delete": len(swept),
        "size": words.size(_bytes(rows)),
        "swept_size": words.size(_bytes(swept)),
        "services": [_card(service, rows) for service in report["services"]],
        "errors": [{**error, "title": words.TITLES[error["service"]]} for error in report["errors"]],
    }


def _bytes(rows: Iterable[Row]) -> int | None:
    """How large they are together, or None if the size of none is known."""
    known = [row["size_bytes"] for row in rows if row["size_bytes"] is not None]
    return sum(known) if known else None


def _shown(row: Row, now: datetime) -> dict[str, Any]:
    return {
        **row,
        "title": words.TITLES[row["service"]],
        "age": words.age(row["created"], now),
        "created_text": words.day(row["created"]),
        "size": words.size(row["size_bytes"]),
        "expires_text": words.expiry(row["expires"], now),
        "expires_date": words.day(row["expires"]),
        "verdict": words.verdict(row["would_delete"], row["kind"]),
    }


def _card(service: Mapping[str, Any], rows: Iterable[Row]) -> dict[str, Any]:
    own = [row for row in rows if row["service"] == service["service"]]
    return {
        **service,
        "title": words.TITLES[service["service"]],
        "size": words.size(_bytes(own)),
        "states": sorted(service["states"].items(), key=lambda item: (-item[1], item[0])),
        "bars": _bars(own),
    }


def _bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many of them are of which age, and how many of these a sweep would delete."""
    counts: dict[str, list[int]] = {label: [0, 0] for label, _limit in _AGES}
    for row in rows:
        count = counts.setdefault(_age_group(row["age_days"]), [0, 0])
        count[0] += 1
        count[1] += row["would_delete"] is True
    most = max((count for count, _swept in counts.values()), default=0)
    return [
        {
            "label": label,
            "count": count,
            "swept": swept,
            "x": _BAR_START,
            "width": _width(count, most),
            "swept_width": min(_width(swept, most), _width(count, most)),
        }
        for label, (count, swept) in counts.items()
    ]


def _age_group(days: float | None) -> str:
    return "unknown" if days is None else next(label for label, limit in _AGES if days < limit)


def _width(count: int, most: int) -> int:
    """The length of a bar; even a small count is seen."""
    return max(round(BAR_WIDTH * count / most), _LEAST_WIDTH) if count else 0
