# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks whether a .tar.gz is complete while it is being received, in constant memory.

Tools that unpack archives accept one that was truncated between two files. Here, the gzip has to end with the right
checksum, and the tar with the two empty blocks that end every archive.
"""

from __future__ import annotations

import re
from typing import Any
from zlib import MAX_WBITS

from .inflate import fastest

_BLOCK = 512
# Bytes that are unpacked in one step. They fit into the processor's cache, which is much faster than more at once.
_UNPACKED_AT_ONCE = 256 * 1024
# Tells zlib to expect the header and the end of gzip.
_GZIP = 16 + MAX_WBITS
# Types of entries in a tar.
_OLD_SPARSE = b"S"
_PAX_HEADER = b"x"
# Names that are too long for a header, as GNU tar writes them.
_LONG_NAMES = (b"L", b"K")
# Links, devices, folders and pipes: whatever size they state, they have no content.
_WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")
# Bytes of a pax header that are kept. The size of a file is within them.
_LARGEST_PAX_HEADER = 1024 * 1024
_PAX_SIZE = re.compile(rb"(?:^|\n)[0-9]+ size=([0-9]{1,19})\n")


class BrokenArchive(Exception):
    """The file is not a complete .tar.gz. The message is half a sentence that says why."""


class TarGz:
    """Checks a .tar.gz piece by piece, without keeping any of it."""

    def __init__(self) -> None:
        self._tar = Tar()
        self._zlib = fastest()
        # The decompressor of the current gzip member. zlib has no public name for its type.
        self._gzip: Any = None
        # Whether a gzip member has ended.
        self._is_padding = False

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        :raises BrokenArchive: this cannot be a complete archive.
        """
        while data:
            if self._gzip is None:
                data = self._begin(data)
                continue
            try:
                unpacked = self._gzip.decompress(data, _UNPACKED_AT_ONCE)
            except self._zlib.error:
                raise BrokenArchive("its gzip is damaged") from None
            self._tar.feed(unpacked)
            if self._gzip.eof:
                data, self._gzip = self._gzip.unused_data, None
                self._is_padding = True
            else:
                data = self._gzip.unconsumed_tail

    def _begin(self, data: bytes) -> bytes:
        """Begin a gzip member. The first may be followed by others, and by zeros that fill up a block."""
        if self._is_padding:
            data = data.lstrip(b"\0")
            if not data:
                return data
        if data[:1] != b"\x1f":
            raise BrokenArchive("other data follows its gzip stream" if self._is_padding else "it is not a gzip file")
        self._gzip = self._zlib.decompressobj(_GZIP)
        return data

    def end(self) -> None:
        """Take note that nothing more comes.

        :raises BrokenArchive: something is missing.
        """
        if self._gzip is not None:
            # If the member had ended, feed() would have seen that.
            raise BrokenArchive("it is truncated: its gzip stream has no end")
        if not self._is_padding:
            raise BrokenArchive("it is empty")
        self._tar.end()


class Tar:
    """Checks the tar inside: headers, the content that they announce, and two empty blocks at the end."""

    def __init__(self) -> None:
        # The beginning of an incomplete block.
        self._held = b""
        # Bytes of content that are still to come.
        self._content = 0
        # Whether another block of the header comes first, as GNU tar writes for sparse files.
        self._is_extended = False
        self._empty_blocks = 0
        # The content of a pax header. It holds the size of the next file, if that is beyond the 8 GB that an ordinary
        # header has room for.
        self._pax: bytes | None = None
        self._pax_size: int | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        :raises BrokenArchive: this cannot be a complete archive.
        """
        if self._content >= len(data) and not self._held and not self._is_extended and self._pax is None:
            # This is all content of a large file.
            self._content -= len(data)
            return
        view, position = memoryview(self._held + data), 0
        size = len(view)
        while position < size:
            if self._content and not self._is_extended:
                step = min(self._content, size - position)
                if self._pax is not None and len(self._pax) < _LARGEST_PAX_HEADER:
                    self._pax += bytes(view[position : position + step])
                self._content -= step
                position += step
                continue
            if size - position < _BLOCK or self._empty_blocks >= 2:
                break
            self._take(bytes(view[position : position + _BLOCK]))
            position += _BLOCK
        # Whatever follows the end is not part of the archive.
        self._held = b"" if self._empty_blocks >= 2 else bytes(view[position:])

    def _take(self, block: bytes) -> None:
        """Read a block that is not content."""
        if self._pax is not None:
            told = _PAX_SIZE.search(self._pax)
            self._pax_size = int(told.group(1)) if told else self._pax_size
            self._pax = None
        if self._is_extended:
            self._is_extended = bool(block[504])
        elif not any(block):
            self._empty_blocks += 1
        else:
            if self._empty_blocks or not _has_right_checksum(block):
                raise BrokenArchive("its tar is damaged")
            kind, size = block[156:157], _size(block)
            if kind == _PAX_HEADER:
                self._pax = b""
            elif self._pax_size is not None and kind not in _LONG_NAMES:
                size, self._pax_size = self._pax_size, None
            # The content fills whole blocks.
            self._content = 0 if kind in _WITHOUT_CONTENT else -(-size // _BLOCK) * _BLOCK
            self._is_extended = kind == _OLD_SPARSE and bool(block[482])

    def end(self) -> None:
        """Take note that nothing more comes.

        :raises BrokenArchive: something is missing.
        """
        if self._content or self._held or self._empty_blocks < 2:
            raise BrokenArchive("it is truncated: its tar has no end")


def _has_right_checksum(block: bytes) -> bool:
    try:
        stated = int(block[148:156].split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return False
    unsigned = sum(block) - sum(block[148:156]) + 8 * 32
    # Some old programs add up signed bytes.
    signed = unsigned - 256 * sum(byte > 127 for byte in block[:148] + block[156:])
    return stated in (unsigned, signed)


def _size(block: bytes) -> int:
    field = block[124:136]
    if field[0] & 0x80:
        # Beyond 8 GB, some programs write a binary number instead of octal digits.
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    try:
        size = int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        raise BrokenArchive("its tar is damaged") from None
    if size < 0:
        raise BrokenArchive("its tar is damaged")
    return size
