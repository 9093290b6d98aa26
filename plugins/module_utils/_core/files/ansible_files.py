# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-core does with files: symbolic permissions, SELinux contexts, and the flags of chattr.

ansible-core offers these to modules only. FileModule is one that reads no arguments and writes no result, so that both
runners can use them.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ..errors import JobsError

_CONTEXT = ("seuser", "serole", "setype", "selevel")
# Flags that a file system sets by itself, and that chattr cannot remove.
_INHERENT = frozenset("EINVe")
# While a symbolic mode without users is read, ansible-core changes the umask of the process.
_umask = threading.Lock()


def apply_symbols(symbols: str, mode: int) -> int:
    """Return permissions after a symbolic change.

    :param symbols: such as u=rw,g+r.
    :param mode: the permissions before.
    :raises ValueError: the text is malformed.
    """
    with _umask:
        return int(AnsibleModule._symbolic_mode_to_octal(SimpleNamespace(st_mode=stat.S_IFREG | mode), symbols))


class FileModule(AnsibleModule):  # type: ignore[misc]  # ansible-core has no type information
    """An AnsibleModule without arguments and results, for what it can do with files.

    :param special: the file systems that have one SELinux context for all files, or None for ansible-core's default.
    :param check_mode: its functions change nothing, and only say what they would change.
    """

    def __init__(self, special: Sequence[str] | None, *, check_mode: bool = False) -> None:
        self._internal: dict[str, Any] = {"_ansible_no_log": True, "_ansible_check_mode": check_mode}
        if special is not None:
            self._internal["_ansible_selinux_special_fs"] = list(special)
        super().__init__(argument_spec={}, supports_check_mode=True)

    def _load_params(self) -> None:
        self.params = self._internal

    def _check_locale(self) -> None:
        """The process keeps its locale."""

    def _set_cwd(self) -> None:
        """The process keeps its working directory."""

    def fail_json(self, msg: str, **more: Any) -> NoReturn:
        """:raises JobsError: always."""
        raise JobsError(" ".join(str(part) for part in (msg, more.get("details")) if part))


@dataclass(frozen=True)
class Labels:
    """The SELinux context and the flags that a user wants for files. Where SELinux is off, its part is ignored.

    :ivar context: user, role, type and level; None for a part that does not matter.
    :ivar flags: as chattr takes them, or None.
    :ivar special: see FileModule.
    """

    context: tuple[str | None, ...] = ()
    flags: str | None = None
    special: tuple[str, ...] | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], special: Sequence[str] | None) -> Labels:
        """Return what the options of a module ask for."""
        context = tuple(params.get(name) for name in _CONTEXT)
        flags = params.get("attributes") or ""
        return cls(
            context if any(part is not None for part in context) else (),
            flags if flags.lstrip("+-=") else None,
            None if special is None else tuple(special),
        )

    @property
    def are_given(self) -> bool:
        """Whether there is anything to set."""
        return bool(self.context or self.flags)

    def fields(self) -> dict[str, str | None]:
        """Return the fields that results have, without values."""
        return {name: None for name, is_given in self._asked().items() if is_given}

    def seen(self, path: str) -> dict[str, str | None]:
        """Return what a file has of that.

        :raises JobsError: it cannot be read.
        """
        seen = self.fields()
        if self.context:
            context = FileModule(self.special).selinux_context(path)
            seen["secontext"] = ":".join(context) if all(context) else None
        if self.flags:
            seen["attributes"] = _joined(self._flags_of(path))
        return seen

    def wanted(self, path: str, seen: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return what a file has once all is set.

        :param seen: what it has now.
        :raises JobsError: it cannot be read.
        """
        wanted = dict(seen)
        if self.context:
            diff: dict[str, Any] = {}
            module = FileModule(self.special, check_mode=True)
            if module.set_context_if_different(path, self._context_at(module, path), False, diff) and "after" in diff:
                wanted["secontext"] = ":".join(diff["after"]["secontext"])
        if self.flags:
            wanted["attributes"] = _joined(self._after(frozenset(seen.get("attributes") or "")))
        return wanted

    def set_context(self, path: str, final_path: str) -> None:
        """Set the SELinux context of a file.

        :param final_path: where the file will be: the policy has a context for each path.
        :raises JobsError: it could not be set.
        """
        if self.context:
            module = FileModule(self.special)
            module.set_context_if_different(path, self._context_at(module, final_path), False)

    def set_flags(self, path: str) -> None:
        """Set the flags of a file.

        :raises JobsError: they could not be set.
        """
        if self.flags and self._after(self._flags_of(path)) != self._flags_of(path):
            _chattr(FileModule(self.special), path, self.flags)

    def try_flags(self, path: str) -> None:
        """Set the flags of a file, and take them back.

        :raises JobsError: they could not be set.
        """
        if not self.flags:
            return
        before = self._flags_of(path)
        try:
            self.set_flags(path)
        finally:
            after = self._flags_of(path)
            for operator, letters in (("-", after - before), ("+", before - after)):
                if letters:
                    _chattr(FileModule(self.special), path, operator + _joined(letters))

    def _asked(self) -> dict[str, bool]:
        return {"secontext": bool(self.context), "attributes": bool(self.flags)}

    def _context_at(self, module: FileModule, path: str) -> list[str | None]:
        """Return the context for a file at a path, with what the policy has for `_default`."""
        parts = dict(zip(_CONTEXT, self.context))
        found: list[str | None] = module.load_file_common_arguments(parts, path)["secontext"]
        return found

    def _flags_of(self, path: str) -> frozenset[str]:
        found = FileModule(self.special).get_file_attributes(path, include_version=False)
        return frozenset(found.get("attr_flags", ""))

    def _after(self, flags: frozenset[str]) -> frozenset[str]:
        text = self.flags or "+"
        operator, letters = (text[0], frozenset(text[1:])) if text[0] in "+-=" else ("=", frozenset(text))
        if operator == "=":
            return letters | flags & _INHERENT
        return flags | letters if operator == "+" else flags - letters


def _joined(flags: frozenset[str]) -> str:
    return "".join(sorted(flags))


def _chattr(module: FileModule, path: str, flags: str) -> None:
    """:raises JobsError: it failed."""
    if module.get_bin_path("chattr") is None:
        raise JobsError("attributes cannot be set, as this machine has no program chattr.")
    module.set_attributes_if_different(path, flags.lstrip("="), False, expand=False)
