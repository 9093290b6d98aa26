# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every changing module is put through: arguments, and what must come of them."""

from __future__ import annotations

import accounts
from accounts import caption, job, stream


class Scenario:
    """A task that changes something.

    :param name: for the test's id.
    :param module: name of the module.
    :param arguments: a function of the sandbox's URL.
    :param variants: of the sandbox.
    :param changes: how many changes of the server's state the task amounts to.
    """

    def __init__(self, name, module, arguments, changes, **variants):
        self.name = name
        self.module = module
        self.arguments = arguments
        self.changes = changes
        self.variants = variants

    def __repr__(self):
        return self.name


SCENARIOS = [
    Scenario(
        "delete-log-jobs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a1"), job("ff"), job("a6")]),
        changes=2,
    ),
    Scenario(
        "delete-one-log-job",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a4")]),
        changes=1,
    ),
    Scenario(
        "delete-log-jobs-sha256-pages-without-totals",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="absent", job_ids=[job("a6"), job("a2")]),
        changes=2,
        digest_algorithm="SHA-256",
        max_items_per_page=2,
        total_count=False,
        page_links=False,
    ),
    Scenario(
        "retry-log-jobs",
        "log_collection_job",
        lambda url: accounts.log_collection(url, state="retried", job_ids=[job("a4"), job("a3"), job("a2")]),
        changes=2,
    ),
    Scenario(
        "cancel-restore-jobs-v2",
        "restore_job",
        lambda url: accounts.atlas(url, state="absent", job_ids=[job("b3"), job("b1"), job("b8"), job("b2")]),
        changes=2,
    ),
    Scenario(
        "cancel-restore-job-v1",
        "restore_job",
        lambda url: accounts.atlas(url, state="absent", api_version="v1.0", job_ids=[job("b2")]),
        changes=1,
        cancelled_job="gone",
    ),
    Scenario(
        "delete-log-streams-by-name",
        "lts_log_stream",
        lambda url: accounts.lts(
            url, state="absent", log_group_name="app", log_stream_names=["nginx", "nothing", "worker"]
        ),
        changes=2,
    ),
    Scenario(
        "delete-log-streams-with-transfers",
        "lts_log_stream",
        lambda url: accounts.lts(
            url,
            state="absent",
            log_group_id="11111111-bbbb-4000-8000-000000000002",
            log_stream_ids=[stream("bbbb", 2), stream("bbbb", 3), stream("bbbb", 1)],
            delete_transfers=True,
        ),
        changes=5,
    ),
    Scenario(
        "delete-captioning-jobs",
        "cielo24_job",
        lambda url: accounts.cielo24(url, state="absent", job_ids=[caption("a1"), caption("ff"), caption("b1")]),
        changes=2,
    ),
    Scenario(
        "delete-captioning-job-by-token-on-the-older-path",
        "cielo24_job",
        lambda url: {
            "base_url": url,
            "api_token": accounts.CIELO24_TOKEN,
            "state": "absent",
            "job_ids": [caption("a2")],
        },
        changes=1,
        delete_paths="del",
        deleted_job_info="still_answers",
    ),
]
