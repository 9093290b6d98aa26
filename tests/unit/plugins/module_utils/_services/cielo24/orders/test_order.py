# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.tests.unit.support.cielo24_orders import URL, order


@pytest.mark.parametrize(
    "given, words",
    [
        ({"media_url": "file:///etc/passwd"}, "media_url is not a URL"),
        ({"media_url": "https://a b"}, "media_url is not a URL"),
        ({"media_path": "/nothing/there"}, "there is no file"),
        ({"job_name": "a\nb"}, "job_name"),
        ({"job_name": " "}, "job_name"),
        ({"expected_speakers": 0}, "expected_speakers"),
        ({"transcription": {"fidelity": "PREMIUM", "turnaround_hours": 0}}, "turnaround_hours"),
        ({"transcription": {"fidelity": "PREMIUM", "target_languages": ["DE"]}}, "lower case"),
        ({"transcription": {"fidelity": "PREMIUM", "target_languages": ["de", "de"]}}, "given twice"),
        ({"transcription": {"fidelity": "PREMIUM", "callback_url": "x"}}, "callback_url"),
        ({"transcription": {"fidelity": "PREMIUM", "options": {"speaker": True}}}, "speaker is not documented"),
    ],
)
def test_a_malformed_order_is_refused(given, words):
    with pytest.raises(InvalidInput, match=words):
        order(**given)


def test_a_file_is_refused_unless_it_can_be_uploaded(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"x")
    with open(tmp_path / "large", "wb") as file:
        file.truncate(10 * 1024**3 + 1)
    for name in ("empty", "large"):
        with pytest.raises(InvalidInput, match="from 1 byte to 10 GB"):
            order(media_path=str(tmp_path / name))
    with pytest.raises(InvalidInput, match="there is no file"):
        order(media_path=str(tmp_path))
    with pytest.raises(InvalidInput, match="only one of media_url and media_path"):
        order(media_path=str(tmp_path / "a"), media_url=URL)


def test_an_order_becomes_the_documented_parameters():
    full = order(
        job_name="n",
        language="de",
        sub_account="s",
        requestor="r",
        reference="f",
        expected_speakers=2,
        transcription={
            "fidelity": "PROFESSIONAL",
            "priority": "PRIORITY",
            "turnaround_hours": 24,
            "target_languages": ["fr", "de"],
            "callback_url": "https://hooks.example.net/?job={job_id}",
            "options": {"speaker_id": True, "notes": "x"},
            "standard_product": False,
        },
    )
    assert full.query("e-1") == {
        "job_name": "n",
        "language": "de",
        "external_id": "e-1",
        "username": "s",
        "requestor": "r",
        "reference": "f",
        "expected_speakers": 2,
    }
    query = full.transcription.query
    assert json.loads(query.pop("options")) == {"speaker_id": True, "notes": "x"}
    assert query == {
        "transcription_fidelity": "PROFESSIONAL",
        "priority": "PRIORITY",
        "turnaround_hours": 24,
        "callback_url": "https://hooks.example.net/?job={job_id}",
        "target_language": "fr,de",
        "standard_product": "false",
    }
    assert set(full.transcription.modification) == {
        "transcription_fidelity",
        "priority",
        "turnaround_hours",
        "callback_url",
    }
    assert order().query(None) == {}


@pytest.mark.parametrize(
    "hours, asked, expected",
    [
        (None, "STANDARD", "STANDARD"),
        (48, "STANDARD", "STANDARD"),
        (47, "STANDARD", "PRIORITY"),
        (24, "PRIORITY", "PRIORITY"),
    ],
)
def test_a_short_turnaround_raises_the_expected_priority(hours, asked, expected):
    made = order(transcription={"fidelity": "PREMIUM", "priority": asked, "turnaround_hours": hours})
    assert made.transcription.shown_fields == {"Fidelity": "STANDARD", "Priority": expected}


@pytest.mark.parametrize("url", ["https://user:pa/ss@media.example.net/a.mp4", "https://[::1/a.mp4"])
def test_an_address_that_would_be_misread_is_refused(url):
    with pytest.raises(InvalidInput, match="written as %XX"):
        order(media_url=url)
