# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role restore_download_sweep, in real Ansible processes."""

from __future__ import annotations

import role_accounts
from accounts import job


def test_restore_download_sweep_of_forgotten_downloads_is_predicted_done_and_idempotent(sandbox, roles):
    wanted = role_accounts.atlas(sandbox.url, cluster_names=["blue", "green", "indigo"], max_cancellations=2)
    runs = [{**wanted, "max_cancellations": 1}, {**wanted, "check_mode": True}, wanted, wanted]
    refused, checked, real, again = roles.run_each("restore_download_sweep", runs)
    report = {"blue": [job("b2")], "green": [job("c1")], "indigo": []}
    assert refused.failure.startswith(
        "2 downloads would be cancelled, but restore_download_sweep_max_cancellations allows 1."
    )
    assert refused.failure.endswith(f"They are: {job('b2')}, {job('c1')}.")
    assert (refused.downloads, refused.acted) == ({}, 0)
    assert (checked.failure, checked.downloads, checked.changed, checked.acted) == (None, report, 1, 0)
    assert (real.failure, real.downloads, real.changed, real.acted) == (None, report, 1, 2)
    nothing = {"blue": [], "green": [], "indigo": []}
    assert (again.failure, again.downloads, again.changed, again.acted) == (None, nothing, 0, 2)


def test_restore_download_sweep_with_include_preparing_fails_on_single_shards_and_cancels_the_others(sandbox, roles):
    # That of a single shard cannot be cancelled, and one that was fetched is left alone.
    wanted = {"cluster_names": ["green", "blue"], "include_preparing": True, "older_than": "1m", "api_version": "v1.0"}
    wanted.update(role_accounts.SERVICE_ACCOUNT, public_key="", private_key="")
    run = roles.run("restore_download_sweep", "-vvvv", **role_accounts.atlas(sandbox.url, **wanted))
    assert run.failure
    assert "as it is the download of a single shard" in run.output
    assert run.downloads == {"green": [job("c1")], "blue": [job("b1"), job("b2")]}
    assert sandbox.acted() == 3
    assert role_accounts.SERVICE_ACCOUNT["client_secret"] not in run.output
    assert any("/api/atlas/v1.0/" in line for line in sandbox.lines())
