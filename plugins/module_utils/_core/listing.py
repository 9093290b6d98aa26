# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all _info modules have in common.

Private to this collection.
"""

from __future__ import annotations


def select(keys, find, everything):
    """The items that an _info module is about.

    :param keys: what was asked for, or None for everything.
    :param find: a function of keys that returns {key: item} of those that exist.
    :param everything: a function that returns all items.
    :returns: (items in the order of the keys or of the service, keys that do not exist).
    """
    if keys is None:
        return everything(), []
    found = find(keys)
    return [found[key] for key in keys if key in found], [key for key in keys if key not in found]


def listing(result_key, items, missing, fits, fields):
    """The documented result of an _info module.

    :param items: what select() found.
    :param missing: keys that were asked for and do not exist.
    :param fits: a function of an item: the filters.
    :param fields: a function of an item that returns its documented fields with `id`.
    """
    entries = [fields(item) for item in items if fits(item)]
    return {"changed": False, result_key: entries, "total": len(items), "missing": missing}
