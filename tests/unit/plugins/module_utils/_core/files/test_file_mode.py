# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.file_mode import Mode


@pytest.mark.parametrize(
    "symbols, of_new, of_0644",
    [
        ("u=rw,g=r", 0o640, 0o644),
        ("u=rw,g=r,o=", 0o640, 0o640),
        ("g+r", 0o640, 0o644),
        ("go-rwx", 0o600, 0o600),
        ("a=r", 0o444, 0o444),
        ("u=rwX,g=u", 0o660, 0o664),
        (" u+x ", 0o700, 0o744),
    ],
)
def test_symbols_change_the_permissions_that_a_file_has(symbols, of_new, of_0644):
    mode = Mode(symbols, 0o600)
    assert (mode.on(0o600), mode.on(0o644)) == (of_new, of_0644)


def test_symbols_without_users_heed_the_umask_and_leave_it_as_it_was():
    before = os.umask(0o027)
    try:
        assert Mode("+r", 0o600).on(0o600) == 0o640
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_octal_digits_are_the_permissions_whatever_the_file_has():
    assert Mode("0640", 0o600).on(0o777) == 0o640


@pytest.mark.parametrize(
    "given", ["u=rws", "+t", "u=rw;g=r", "x=r", "u=rz", "rw", "u", ",", "u=r,", "u=r g=r", ["u=r"], None, True]
)
def test_malformed_symbols_are_refused_with_an_example_of_right_ones(given):
    with pytest.raises(errors.InvalidInput, match="or in symbols such as 'u=rw,g=r'"):
        Mode(given, 0o600)
