# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of LTS and IAM in the regions of Open Telekom Cloud and Huawei Cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..._core.errors import InvalidInput

_OTC = "otc.t-systems.com"
_HUAWEI_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+", re.ASCII)


@dataclass(frozen=True)
class Hosts:
    """The hosts of the services in a region."""

    lts: str
    iam: str


def hosts(region: str) -> Hosts:
    """The hosts in a region.

    :raises InvalidInput: there is no such region.
    """
    if region in ("eu-de", "eu-nl"):
        return Hosts(f"lts.{region}.{_OTC}", f"iam.{region}.{_OTC}")
    if region == "eu-ch2":
        return Hosts(f"lts.{region}.sc.{_OTC}", f"iam-pub.{region}.sc.{_OTC}")
    if _HUAWEI_REGION.fullmatch(region):
        # The list of regions grows. Another company sells one of them.
        domain = f"{region}.myhuaweicloud.{'eu' if region == 'eu-west-101' else 'com'}"
        return Hosts(f"lts.{domain}", f"iam.{domain}")
    raise InvalidInput(
        f"region: {region!r} is neither a region of Open Telekom Cloud (eu-de, eu-nl, eu-ch2) nor looks like one of "
        "Huawei Cloud (such as ap-southeast-3); for any other, give endpoint (https://HOST)."
    )


def is_open_telekom_cloud(url: str | None, region: str | None) -> bool:
    """Whether the LTS at a URL, or else in a region, belongs to Open Telekom Cloud."""
    host = urlsplit(url).hostname if url else hosts(region).lts if region else ""
    return (host or "").endswith(f".{_OTC}")
