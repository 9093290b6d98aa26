# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which captioning jobs a task fetches captions or transcripts of: by ids or by external ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.context import TaskContext
from ..._core.files.destination import Destination
from ..._core.http.settings import HttpSettings
from ..._core.params import argspec, validators
from ..._core.params.constraints import Constraints
from ..._core.params.raw_arguments import ITEMS, NAMES, SELECTOR
from .account import LONGEST_TEXT, Account
from .external_ids import external_ids
from .output_files import OutputByExternalIdReconciler, OutputReconciler
from .outputs import Output

OPTIONS: argspec.ArgumentSpec = {
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"], **ITEMS},
    "external_ids": {"type": "list", "elements": "str", "aliases": ["external_id"], **NAMES},
    "sub_account": {"type": "str", **SELECTOR},
}
_NAMED_BY = ("job_ids", "external_ids")
CONSTRAINTS = Constraints(
    mutually_exclusive=[_NAMED_BY], required_one_of=[_NAMED_BY], required_by={"sub_account": ["external_ids"]}
)


class OutputSelection:
    """The jobs that a task names.

    :param params: the OPTIONS.
    :param context: in check mode, ids may be placeholders.
    :raises InvalidInput: one of the options is invalid.
    """

    def __init__(self, params: Mapping[str, Any], context: TaskContext) -> None:
        self._has_external_ids = params["external_ids"] is not None
        self._sub_account: str | None = params["sub_account"]
        if self._sub_account is not None:
            validators.text("sub_account", self._sub_account, LONGEST_TEXT)
        if self._has_external_ids:
            self.keys = external_ids(params)
        else:
            self.keys = argspec.ids("job_ids", params, validators.HEX_32, check_mode=context.check_mode) or []

    def reconciler(
        self, account: Account, output: Output, destination: Destination, context: TaskContext, settings: HttpSettings
    ) -> OutputReconciler:
        """The reconciler of their captions or transcripts."""
        if not self._has_external_ids:
            return OutputReconciler(account, output, destination, context, settings)
        return OutputByExternalIdReconciler(
            account, output, destination, context, settings, sub_account=self._sub_account
        )
