# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response


@pytest.mark.parametrize(
    "text, is_page",
    [
        ("<!DOCTYPE html><html>", True),
        ("\ufeff\n<html lang='en'>", True),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', True),
        ("<!-- a portal --><HTML>", True),
        ("<head><title>Sign in</title>", True),
        ("<script>top.location='/login'</script>", True),
        ("<meta http-equiv=refresh>", True),
        ('<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml">', False),
        ("<SAMI><HEAD>", False),
        ("1\n00:00:00,000 --> 00:00:02,000\n<i>Hello</i>", False),
        ("WEBVTT", False),
        ("", False),
    ],
)
def test_text_is_a_page_if_it_begins_like_one(text, is_page):
    assert Response(200, {}, text.encode()).is_page is is_page
