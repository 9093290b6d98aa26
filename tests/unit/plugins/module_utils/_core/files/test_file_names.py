# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.file_names import archive_name

ID = "66f1c0de00000000000000a1"
MADE = datetime(2026, 3, 31, 10, 0, 59, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    "name, made, part, expected",
    [
        ("rsBlue", MADE, None, f"logs-rsBlue-20260331T0800Z-{ID}.tar.gz"),
        ("green", MADE, "green-shard-0", f"logs-green-20260331T0800Z-{ID}-green-shard-0.tar.gz"),
        ("rsBlue", None, None, f"logs-rsBlue-{ID}.tar.gz"),
        (None, MADE, None, f"logs-20260331T0800Z-{ID}.tar.gz"),
        (None, None, None, f"logs-{ID}.tar.gz"),
    ],
)
def test_an_archive_is_named_after_what_is_known_of_it(name, made, part, expected):
    assert archive_name("logs", name, made, ID, part) == expected


@pytest.mark.parametrize(
    "name, word",
    [
        ("../../etc/passwd", "etc_passwd"),
        (".hidden", "hidden"),
        ("a b\n\0c", "a_b__c"),
        ("Blüe-Éclair", "Blue-Eclair"),
        ("db1_27017", "db1_27017"),
        ("x" * 300, "x" * 48),
        ("\N{RIGHT-TO-LEFT OVERRIDE}evil", "evil"),
        ("кластер", None),
        ("...", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_the_name_of_a_resource_is_made_safe(name, word):
    found = archive_name("logs", name, None, ID)
    assert found == (f"logs-{word}-{ID}.tar.gz" if word else f"logs-{ID}.tar.gz")
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", found)


def test_the_longest_name_leaves_room_for_the_record_beside_the_file():
    name = archive_name("restore", "é" * 999, MADE, ID, "s" * 999)
    assert len(f".{name}.saasops-jobs.json".encode()) <= 255


def test_long_parts_that_differ_at_their_ends_have_names_of_their_own():
    names = {archive_name("restore", "a", None, ID, "s" * 99 + end) for end in "01"}
    assert len(names) == 2
