# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import requests
from sandbox_cielo24 import ACADEMY_TOKEN, JOBS, SUB, acted, assert_error, ok

FORMATS = "DFXP ECHO QT SAMI SBV SCC SRT TPM TRANSCRIPT TWX WEB_VTT".split()
SRT_BLOCK = re.compile(r"(\d+)\n(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})\n(.+?)\n\n", re.DOTALL)
TTML = "{http://www.w3.org/ns/ttml}"


@pytest.fixture
def caption(cielo24):
    def get(caption_format="SRT", job="a4", **options):
        response = cielo24("job/get_caption", job_id=JOBS[job], caption_format=caption_format, **options)
        assert response.status_code == 200, response.text
        response.encoding = "utf-8"
        return response.text

    return get


@pytest.fixture
def transcript(cielo24):
    def get(**options):
        response = cielo24("job/get_transcript", job_id=JOBS["a4"], **options)
        assert response.status_code == 200, response.text
        return response.text

    return get


def blocks(text):
    found = SRT_BLOCK.findall(text)
    assert "".join("{}\n{} --> {}\n{}\n\n".format(*block) for block in found) == text
    return found


@pytest.mark.parametrize("caption_format", FORMATS)
def test_captions_are_stable_and_differ_between_jobs(sandbox, cielo24, caption, caption_format):
    text = caption(caption_format)
    assert 200 < len(text) < 3000
    sandbox.reset()
    assert caption(caption_format) == text
    others = cielo24("job/get_caption", token=ACADEMY_TOKEN, job_id=JOBS["d7"], caption_format=caption_format).text
    assert others != text
    assert not any(acted(sandbox))


def test_srt_blocks_are_numbered_and_in_order(caption):
    found = blocks(caption())
    assert [int(number) for number, *_rest in found] == list(range(1, len(found) + 1)) and len(found) >= 5
    times = [time for _number, start, end, _text in found for time in (start, end)]
    assert times == sorted(times)
    assert found[0][3].startswith(">> ")


def test_other_formats_hold_the_same_text(caption):
    spoken = [line for *_rest, text in blocks(caption()) for line in text.split("\n")]
    assert caption("TRANSCRIPT").splitlines() == spoken
    vtt = caption("WEB_VTT")
    assert vtt.startswith("WEBVTT\n\n00:00:") and vtt.count(" --> ") == len(blocks(caption()))
    assert re.match(r"0:00:\d\d\.\d{3},0:00:\d\d\.\d{3}\n>> ", caption("SBV"))
    tree = ElementTree.fromstring(caption("DFXP"))
    lines = [text for line in tree.iter(f"{TTML}p") for text in line.itertext()]
    assert lines == spoken
    assert caption("SCC").startswith("Scenarist_SCC V1.0\n\n00:00:")


def test_caption_options_have_their_effect(caption):
    plain = caption()
    assert all(len(line) <= 42 for *_rest, text in blocks(plain) for line in text.split("\n"))
    narrow = blocks(caption(characters_per_caption_line="25", lines_per_caption="1"))
    assert len(narrow) > len(blocks(plain))
    assert all(len(text) <= 25 for *_rest, text in narrow)
    assert len(blocks(caption(caption_words_min="14"))) < len(blocks(plain))
    assert len(blocks(caption(caption_by_sentence="false", lines_per_caption="9"))) < len(blocks(plain))
    assert caption(force_case="upper") == plain.upper() and caption(force_case="lower") == plain.lower()
    assert caption(line_ending_format="WINDOWS") == plain.replace("\n", "\r\n")
    assert caption(utf8_mark="true") == "\ufeff" + plain
    assert caption(emit_speaker_change_tokens_as="--", display_speaker_id="no").count("-- ") == plain.count(">> ")
    assert ">> Speaker 1:" in caption(display_speaker_id="number") and "Speaker" not in plain
    assert "[MUSIC]" in caption(remove_sound_references="false") and "MUSIC" not in plain
    assert "(MUSIC)" in caption(remove_sound_references="false", sound_boundaries="('(',')')")
    assert ">> Sounds: MUSIC" in caption(
        remove_sound_references="false", strip_square_brackets="true", display_effects_speaker_as="Sounds"
    )
    assert "MUSIC" not in caption(remove_sound_references="false", remove_sounds_list='["MUSIC"]')
    assert caption(srt_format="{caption_number:d}: {start_second:02d} {unknown}\\n").startswith("1: 04 {unknown}\n2: ")


def test_dfxp_options_have_their_effect(caption):
    assert "Morning news" in caption("DFXP") and JOBS["a4"] in caption("DFXP")
    assert "Morning news" not in caption("DFXP", include_dfxp_metadata="false")
    assert "<head>mine</head>" in caption("DFXP", dfxp_header="<head>mine</head>")
    assert caption(dfxp_header="<head>mine</head>") == caption()


def test_options_without_effect_are_accepted(caption):
    numbers = (
        "layout_target_caption_length_ms maximum_caption_duration merge_gap_interval minimum_caption_length_ms "
        "minimum_gap_between_captions_ms silence_max_ms sound_threshold"
    )
    flags = (
        "disallow_dangling line_break_on_sentence mask_profanity qt_seamless remove_disfluencies replace_slang "
        "single_speaker_per_caption sound_tokens_by_caption sound_tokens_by_line speaker_on_new_line"
    )
    options = {**dict.fromkeys(numbers.split(), "100"), **dict.fromkeys(flags.split(), "true")}
    lists = {"sound_tokens_by_caption_list": "[]", "sound_tokens_by_line_list": '["NOISE"]'}
    assert caption(**options, **lists, replace_english_spelling="B", iwp_name="FINAL")


@pytest.mark.parametrize(
    "change,kind",
    [
        ({"caption_format": None}, "MISSING_PARAMETER"),
        ({"caption_format": "PDF"}, "INVALID_OPTION"),
        ({"build_url": "maybe"}, "INVALID_OPTION"),
        ({"caption_words_min": "few"}, "INVALID_QUERY"),
        ({"lines_per_caption": "0"}, "INVALID_QUERY"),
        ({"force_case": "title"}, "INVALID_OPTION"),
        ({"line_ending_format": "MAC"}, "INVALID_OPTION"),
        ({"remove_sounds_list": "MUSIC"}, "INVALID_QUERY"),
        ({"remove_sounds_list": '["SONG"]'}, "INVALID_OPTION"),
        ({"sound_boundaries": "["}, "INVALID_OPTION"),
        ({"iwp_name": "LAST"}, "INVALID_OPTION"),
        ({"iwp_name": "MECHANICAL"}, "ITEM_NOT_FOUND"),
        ({"elementlist_version": "first"}, "INVALID_QUERY"),
        ({"elementlist_version": "2014-07-31T12:35:52Z"}, "ITEM_NOT_FOUND"),
        ({"job_id": JOBS["ff"]}, "ITEM_NOT_FOUND"),
    ],
)
def test_invalid_caption_request_is_refused(cielo24, change, kind):
    asked = {"job_id": JOBS["a4"], "caption_format": "SRT", **change}
    assert_error(cielo24("job/get_caption", **asked), kind)


def test_caption_url_is_permanent_until_job_is_deleted(sandbox, cielo24, caption):
    asked = {"build_url": "true", "force_case": "upper"}
    first = cielo24("job/get_caption", job_id=JOBS["a4"], caption_format="SRT", **asked)
    assert first.headers["Content-Type"] == "application/json" and list(first.json()) == ["CaptionUrl"]
    url = first.json()["CaptionUrl"]
    assert url.startswith(f"{sandbox.url}/captions/") and url.endswith(f"{JOBS['a4']}.srt")
    # The URL needs no authentication and stays the same.
    assert requests.get(url, timeout=10).text == caption(force_case="upper")
    assert ok(cielo24("job/get_caption", job_id=JOBS["a4"], caption_format="SRT", **asked))["CaptionUrl"] == url
    other = ok(cielo24("job/get_caption", job_id=JOBS["a4"], caption_format="SRT", build_url="true"))["CaptionUrl"]
    assert other != url and requests.get(other, timeout=10).text == caption()
    assert requests.post(url, timeout=10).status_code == 405
    assert requests.get(url.replace("/captions/", "/captions/0"), timeout=10).status_code == 404
    cielo24("job/delete", job_id=JOBS["a4"])
    assert requests.get(url, timeout=10).status_code == 404


@pytest.mark.parametrize("call", ["get_caption", "get_transcript", "get_elementlist"])
def test_output_of_incomplete_job_is_refused(sandbox, cielo24, call):
    for name in ("a1", "a2", "a3", "a5", "a6"):
        assert_error(cielo24(f"job/{call}", job_id=JOBS[name], caption_format="SRT"), "INVALID_QUERY")
    sandbox.variants(early_output_error="ITEM_NOT_FOUND")
    assert_error(cielo24(f"job/{call}", job_id=JOBS["a3"], caption_format="SRT"), "ITEM_NOT_FOUND")


def test_transcript_options_have_their_effect(transcript):
    plain = transcript()
    assert re.match(r"\[00:00:\d\d\.\d{3}\]\n>> \w+ \w+: ", plain) and plain == transcript()
    assert len(plain.split("\n\n")) == plain.count(">> ")
    assert len(transcript(create_paragraphs="false").split("\n\n")) == 1
    assert transcript(newlines_after_paragraph="3") == plain.replace("\n\n", "\n\n\n")
    assert transcript(newlines_after_sentence="1").count("\n") > plain.count("\n")
    assert "[" not in transcript(timecode_every_paragraph="false")
    assert re.match(r"00-00\n>>", transcript(timecode_format="%H-%M"))
    assert transcript(timecode_offset="60000").startswith("[00:01:")
    assert "[MUSIC]" in transcript(remove_sound_references="false") and "MUSIC" not in plain
    assert transcript(emit_speaker_change_tokens_as="--") == plain.replace(">>", "--")


def test_transcript_can_be_html(cielo24, transcript):
    response = cielo24("job/get_transcript", job_id=JOBS["a4"], file_format="html")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.text.startswith("<html>") and response.text.count("<p>") == transcript().count(">> ")
    assert cielo24("job/get_transcript", job_id=JOBS["a4"]).headers["Content-Type"] == "text/plain; charset=utf-8"
    assert_error(cielo24("job/get_transcript", job_id=JOBS["a4"], file_format="pdf"), "INVALID_OPTION")


def test_disfluencies_and_slang_obey_options(sandbox, cielo24, seed):
    jobs = [{"id": f"{number:032x}", "name": "x", "status": "Complete"} for number in range(1, 13)]
    seed["cielo24"]["accounts"][0]["jobs"] = jobs
    sandbox.reset(seed)

    def everything(**options):
        responses = (cielo24("job/get_transcript", job_id=job["id"], **options) for job in jobs)
        return "\n".join(response.text for response in responses)

    assert "Um, we have" not in everything() and "We have three" in everything()
    assert "Um, we have" in everything(remove_disfluencies="false")
    assert "gonna" in everything() and "gonna" not in everything(replace_slang="true")


def test_element_list_has_documented_tokens(cielo24):
    versions = ok(cielo24("job/list_elementlists", job_id=JOBS["a4"]))
    assert [version["iwp_name"] for version in versions] == ["PREMIUM", "FINAL"]
    completed = ok(cielo24("job/info", job_id=JOBS["a4"]))["CompletedDate"]
    assert {version["version"] for version in versions} == {completed}
    assert ok(cielo24("job/list_elementlists", job_id=JOBS["a3"])) == []
    body = ok(cielo24("job/get_elementlist", job_id=JOBS["a4"], elementlist_version=completed, iwp_name="FINAL"))
    assert {"version", "start_time", "end_time", "language", "segments", "speakers"} <= set(body)
    assert ok(cielo24("job/get_elementlist", job_id=JOBS["a4"], elementlist_version=completed[:19] + "Z")) == body
    tokens = [
        token for segment in body["segments"] for sequence in segment["sequences"] for token in sequence["tokens"]
    ]
    assert {token["type"] for token in tokens} == {"word", "punctuation", "sound"}
    assert sum(token["tags"] == ["ENDS_SENTENCE"] for token in tokens) == 6
    assert_error(cielo24("job/get_elementlist", job_id=JOBS["a4"], iwp_name="SPEAKER_ID"), "ITEM_NOT_FOUND")
    assert_error(cielo24("job/get_elementlist", job_id=JOBS["a4"], iwp_name="LAST"), "INVALID_OPTION")


def test_statistics_add_up_minutes_by_week_and_month(sandbox, cielo24, seed):
    sandbox.reset({**seed, "now": "2026-03-20T12:00:00Z", "frozen": True})
    returned = ok(cielo24("job/info", job_id=JOBS["a4"]))["ReturnDate"]
    body = ok(cielo24("job/aggregate_statistics"))
    now = body["end_date"]
    whole = {"start_date": returned, "end_date": now}
    assert now.startswith("2026-03-20T12:00:00.") and body == {"data": [{"billable_minutes": 30.0, **whole}], **whole}
    body = ok(cielo24("job/aggregate_statistics", group_by="month"))
    assert [part["billable_minutes"] for part in body["data"]] == [30.0, 0]
    assert [part["end_date"] for part in body["data"]] == ["2026-02-28T23:59:59.999999", now]
    assert body["data"][1]["start_date"] == "2026-03-01T00:00:00.000000"
    weeks = ok(cielo24("job/aggregate_statistics", group_by="week", start_date="2026-03-01", end_date="2026-03-10"))
    assert [part["start_date"][:10] for part in weeks["data"]] == ["2026-03-01", "2026-03-02", "2026-03-09"]
    assert all(part["billable_minutes"] == 0 for part in weeks["data"])
    # The sub-account has two hours.
    for name, minutes in ((SUB, 120.0), ("*", 150.0)):
        body = ok(cielo24("job/aggregate_statistics", account_id=name, metrics='["billable_minutes"]'))
        assert [part["billable_minutes"] for part in body["data"]] == [minutes]


def test_invalid_statistics_request_is_refused(cielo24):
    for change, kind in (
        ({"metrics": '["jobs"]'}, "INVALID_OPTION"),
        ({"metrics": "billable_minutes"}, "INVALID_QUERY"),
        ({"group_by": "day"}, "INVALID_OPTION"),
        ({"start_date": "today"}, "INVALID_QUERY"),
        ({"account_id": "academy"}, "ACCOUNT_UNPRIVILEGED"),
    ):
        assert_error(cielo24("job/aggregate_statistics", **change), kind)
