# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys of cielo24 that are to exist, or not to.

https://cielo24.readthedocs.io/en/latest/access_control/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._core.errors import OutcomeUnknown, ServiceError
from ..._core.http.endpoint import Endpoint
from ..._core.http.retry import Effect
from ..._core.reconcile.change import PlannedChange
from ..._core.reconcile.item import Item
from ..._core.reconcile.reconciler import Observation, Reconciler
from .account import Account

# Without force_new the service returns the key that exists, so it can be sent again. It may generate one all the same.
GENERATE = Endpoint("generate an API key", "GET", "/api/account/generate_api_key", Effect.CHANGE)
REMOVE = Endpoint("remove the API key", "GET", "/api/account/remove_api_key", Effect.CHANGE)


class PresentKeyReconciler(Reconciler[str, None]):
    """An API key that is to exist. It is named by its account, and what is observed of it is the key itself.

    :param username: name of the account that has the key; None if it is not known.
    :param known_key: a key that may exist, or None. It needs the name.
    :param account_id: the account below this one that the key is for, or None for this one.
    :param force_new: generate a key even if there is one.
    """

    noun = "API key"
    result_key = "api_keys"

    def __init__(
        self,
        account: Account,
        username: str | None,
        known_key: str | None,
        *,
        account_id: str | None,
        force_new: bool,
    ) -> None:
        self._account = account
        self._username = username
        self._known_key = known_key
        self._account_id = account_id
        self._force_new = force_new
        # Each attempt would generate another key.
        self.retry_if_invisible = not force_new

    def observe(self, keys: Sequence[str]) -> Observation[str, None]:
        username, known_key = self._username, self._known_key
        if self._force_new or not username or not known_key or not self._account.signs_in(username, known_key):
            return Observation({}, facts=None)
        return Observation(dict.fromkeys(keys, known_key), facts=None)

    def is_conclusive(self, key: str, observed: str | None) -> bool:
        # The service does not list its keys.
        return observed is not None

    def plan(self, key: str, observed: str | None, facts: None) -> PlannedChange:
        return PlannedChange("generate", after={"id": key}) if observed is None else PlannedChange()

    def apply(self, item: Item[str]) -> bool:
        query = {"account_id": self._account_id} if self._account_id else {}
        if self._force_new:
            query["force_new"] = "true"
        response = self._account.call(GENERATE, query)
        api_key = response.json_object().get("ApiKey")
        if not isinstance(api_key, str) or not api_key:
            raise OutcomeUnknown(self._account.client.unexpected_response(GENERATE, response))
        item.extra["api_key"] = api_key
        return True

    def fields(self, key: str, observed: str | None) -> dict[str, Any]:
        return {"id": key, "api_key": observed} if observed else {"id": key}


class AbsentKeyReconciler(Reconciler[str, None]):
    """An API key that is to be removed. It is named by its account, and what is observed of it is the key itself.

    :param username: name of the account that has the key.
    """

    noun = "API key"
    result_key = "api_keys"

    def __init__(self, account: Account, username: str, known_key: str) -> None:
        self._account = account
        self._username = username
        self._known_key = known_key

    def observe(self, keys: Sequence[str]) -> Observation[str, None]:
        is_there = self._account.signs_in(self._username, self._known_key)
        return Observation(dict.fromkeys(keys, self._known_key) if is_there else {}, facts=None)

    def plan(self, key: str, observed: str | None, facts: None) -> PlannedChange:
        if observed is not None:
            return PlannedChange("remove", before={"id": key})
        # Nothing tells a key that is gone from one that never was.
        return PlannedChange(
            warnings=(
                f"cielo24 does not accept known_key for the account {self._username}: either the key has been removed "
                "already, or one of the two is misspelt.",
            )
        )

    def apply(self, item: Item[str]) -> bool:
        try:
            self._account.call(REMOVE, {"api_securekey": self._known_key})
        except ServiceError as error:
            if error.code == "ITEM_NOT_FOUND":
                return False
            raise
        return True

    def fields(self, key: str, observed: str | None) -> dict[str, Any]:
        return {"id": key}
