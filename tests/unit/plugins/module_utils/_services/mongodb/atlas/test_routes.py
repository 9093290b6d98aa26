# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import restore_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.routes import Route, route

OPEN, ONE, TWO = "https://open.example/a", "https://one.example/a", "https://two.example/a"


def part(*private, public=OPEN):
    entries = [{"endpointId": name, "deliveryUrl": url} for name, url in private]
    return {"deliveryUrl": [public] if public else [], "privateDownloadDeliveryUrls": entries}


BOTH = (("e1", ONE), ("e2", TWO))


@pytest.mark.parametrize(
    "kind, endpoint, shown, addresses",
    [
        ("public", None, part(*BOTH), [OPEN]),
        ("auto", None, part(*BOTH), [OPEN]),
        ("auto", None, part(("e1", ONE), public=None), [ONE]),
        ("auto", "e2", part(*BOTH, public=None), [TWO]),
        ("private", None, part(("e1", ONE)), [ONE]),
        ("private", "e2", part(*BOTH), [TWO]),
        # One of them has been used up, or there never was any.
        ("private", None, part(("e1", None), ("e2", TWO)), [TWO]),
        ("private", None, part(("e1", ONE), ("e1", TWO)), [ONE, TWO]),
        ("private", "e1", part(("e1", None), ("e2", TWO)), []),
        ("private", None, part(*BOTH), []),
        ("private", None, part(), []),
        ("public", None, part(*BOTH, public=None), []),
        # The parts of sharded clusters have other names for it.
        ("public", None, {"downloadUrl": OPEN}, [OPEN]),
        ("private", None, {"downloadUrl": OPEN, "privateDownloadDeliveryUrls": part(("e1", ONE))}, []),
        ("private", None, {"privateDownloadDeliveryUrls": [{"endpointId": "e1", "deliveryUrl": ONE}]}, [ONE]),
        ("private", None, {"privateDownloadDeliveryUrls": "none", "downloadUrl": None}, []),
    ],
)
def test_a_route_takes_the_addresses_of_its_endpoint_type_and_id(kind, endpoint, shown, addresses):
    assert Route(kind, endpoint).addresses(shown) == addresses


@pytest.mark.parametrize(
    "kind, endpoint, shown, words",
    [
        ("public", None, part(public=None), None),
        ("private", None, part(public=None), None),
        ("auto", None, part(public=None), None),
        ("public", None, part(*BOTH, public=None), "of private endpoints only (e1, e2)"),
        ("private", None, part(), "give endpoint_type: public"),
        ("private", None, part(*BOTH), "give endpoint_id, one of e1, e2"),
        ("auto", None, part(*BOTH, public=None), "give endpoint_id, one of e1, e2"),
        ("private", "e3", part(*BOTH), "for private endpoint e3, only for e1, e2"),
    ],
)
def test_a_route_without_an_address_says_why_and_what_to_give(kind, endpoint, shown, words):
    told = Route(kind, endpoint).why_none("j1", shown)
    assert told is None if words is None else words in told


def test_an_endpoint_id_is_refused_for_public_addresses():
    assert route({"endpoint_type": "private", "endpoint_id": ""}) == Route("private", None)
    with pytest.raises(InvalidInput, match="endpoint_id"):
        route({"endpoint_type": "public", "endpoint_id": "e1"})


class SecretRegistry:
    def __init__(self):
        self.kept = set()

    def keep(self, *secrets):
        self.kept.update(secrets)


class Cluster:
    name, project_id = "blue", "66f1c0de0000000000000002"

    def __init__(self):
        self.client = self
        self.registry = SecretRegistry()

    def by_kind(self, usual, _of_flex):
        return usual()

    def listing(self, _endpoint):
        return self

    def all(self):
        yield {
            "id": "j1",
            **part(("vpce-0a1b2c3d4e5f60001", "https://h.example/vpce-0a1b2c3d4e5f60001/t0psecret/a.tar.gz")),
        }


def test_addresses_of_private_endpoints_are_secrets_but_not_the_ids():
    cluster = Cluster()
    jobs = restore_api.RestoreJobs(cluster)
    (job,) = jobs.all()
    assert "t0psecret" in cluster.registry.kept
    assert "vpce-0a1b2c3d4e5f60001" not in cluster.registry.kept
    assert jobs.fields(job)["privateDownloadDeliveryUrls"] == [
        {"endpointId": "vpce-0a1b2c3d4e5f60001", "deliveryUrl": "(hidden)"}
    ]
