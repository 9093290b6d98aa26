# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-core does with files: symbolic permissions and SELinux contexts.

ansible-core offers these to modules only. FileModule is one that reads no arguments and writes no result, so that both
runners can use them.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ..errors import JobsError
from .file_flags import Flags, flags_of

_CONTEXT = ("seuser", "serole", "setype", "selevel")


def apply_symbols(symbols: str, mode: int) -> int:
    """Return permissions after a symbolic change. For a moment, ansible-core changes the umask of the process.

    :param symbols: such as u=rw,g+r.
    :param mode: the permissions before.
    :raises ValueError: the text is malformed.
    """
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
        details = more.get("details") or more.get("exception")
        raise JobsError(": ".join(str(part).strip() for part in (msg, details) if part))


@dataclass(frozen=True)
class Labels:
    """The SELinux context and the flags that a user wants for files. Where SELinux is off, its part is ignored.

    :ivar context: user, role, type and level; None for a part that does not matter.
    :ivar flags: the change of flags, or None.
    :ivar special: see FileModule.
    """

    context: tuple[str | None, ...] = ()
    flags: Flags | None = None
    special: tuple[str, ...] | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], special: Sequence[str] | None) -> Labels:
        """Return what the options of a module ask for."""
        context = tuple(params.get(name) for name in _CONTEXT)
        flags = params.get("attributes") or ""
        return cls(
            context if any(part is not None for part in context) else (),
            Flags(flags) if flags.lstrip("+-=") else None,
            None if special is None else tuple(special),
        )

    @property
    def are_given(self) -> bool:
        """Whether there is anything to set."""
        return bool(self.context or self.flags)

    def fields(self) -> dict[str, str | None]:
        """Return the fields that results have, without values."""
        given = {"secontext": self.context, "attributes": self.flags}
        return {name: None for name, value in given.items() if value}

    def seen(self, path: str) -> dict[str, str | None]:
        """Return what a file has of that.

        :raises JobsError: it cannot be read.
        """
        seen = self.fields()
        if self.context:
            context = FileModule(self.special).selinux_context(path)
            seen["secontext"] = ":".join(context) if all(context) else None
        if self.flags:
            seen["attributes"] = _joined(flags_of(path))
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
            wanted["attributes"] = _joined(self.flags.after(frozenset(seen.get("attributes") or "")))
        return wanted

    def set_context(self, path: str, final_path: str) -> None:
        """Set the SELinux context of a file.

        :param final_path: where the file will be: the policy has a context for each path.
        :raises JobsError: it could not be set.
        """
        if self.context:
            module = FileModule(self.special)
            module.set_context_if_different(path, self._context_at(module, final_path), False)

    def _context_at(self, module: FileModule, path: str) -> list[str | None]:
        """Return the context for a file at a path, with what the policy has for `_default`."""
        parts = dict(zip(_CONTEXT, self.context))
        found: list[str | None] = module.load_file_common_arguments(parts, path)["secontext"]
        return found


def _joined(flags: frozenset[str]) -> str:
    return "".join(sorted(flags))
