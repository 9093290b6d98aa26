# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a .tar.gz is whole, told while it passes by, in constant memory.

Tools that unpack take an archive that was cut between two files for a whole one. Here its gzip has to end with the
right checksum, and its tar with the two empty blocks that end every archive.

Private to this collection.
"""

from __future__ import annotations

import re
import zlib

_BLOCK = 512
_UNPACKED_AT_ONCE = 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_OLD_SPARSE = b"S"
_PAX_HEADER = b"x"
# Links, devices, folders and pipes: whatever size they state, nothing follows.
_WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")
# More than any that tells the size of a file.
_LARGEST_PAX_HEADER = 1024 * 1024
_PAX_SIZE = re.compile(rb"(?:^|\n)[0-9]+ size=([0-9]{1,19})\n")


class BrokenArchive(Exception):
    """The file is no whole .tar.gz; the text is half a sentence that says why."""


class TarGz:
    """Reads a .tar.gz piece by piece, without keeping anything of it."""

    def __init__(self):
        self._tar = Tar()
        self._gzip = None
        self._is_padding = False

    def feed(self, data):
        """Takes the next piece.

        :raises BrokenArchive: this cannot be one.
        """
        while data:
            if self._gzip is None:
                data = self._begin(data)
                continue
            try:
                unpacked = self._gzip.decompress(data, _UNPACKED_AT_ONCE)
            except zlib.error:
                raise BrokenArchive("its gzip is damaged") from None
            self._tar.feed(unpacked)
            if self._gzip.eof:
                data, self._gzip = self._gzip.unused_data, None
                self._is_padding = True
            else:
                data = self._gzip.unconsumed_tail

    def _begin(self, data):
        """At the start of the file, and where one gzip member has ended: another, or zeros that fill up a block."""
        if self._is_padding:
            data = data.lstrip(b"\0")
            if not data:
                return data
        if data[:1] != b"\x1f":
            raise BrokenArchive("something else follows its gzip" if self._is_padding else "it is no gzip file")
        self._gzip = zlib.decompressobj(_GZIP)
        return data

    def end(self):
        """Says that nothing more comes.

        :raises BrokenArchive: something is missing.
        """
        if self._gzip is not None:
            # What the decompressor still holds back; its own end would have been seen above.
            raise BrokenArchive("it is cut off, its gzip has no end")
        if not self._is_padding:
            raise BrokenArchive("it is empty")
        self._tar.end()


class Tar:
    """The same for the tar inside: headers, the content that they announce, and two empty blocks at the end."""

    def __init__(self):
        self._held = b""
        self._content = 0
        self._is_extended = False
        self._empty_blocks = 0
        # The content of a pax header, and the size that it tells of the file after it, which its own header has no room
        # for if it is beyond 8 GB.
        self._pax = None
        self._pax_size = None

    def feed(self, data):
        """Takes the next piece.

        :raises BrokenArchive: this cannot be one.
        """
        if self._content >= len(data) and not self._held and not self._is_extended and self._pax is None:
            # Within a large file there is nothing to look at.
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

    def _take(self, block):
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
            elif self._pax_size is not None and kind not in (b"L", b"K"):
                size, self._pax_size = self._pax_size, None
            # The content is filled up to whole blocks.
            self._content = 0 if kind in _WITHOUT_CONTENT else -(-size // _BLOCK) * _BLOCK
            self._is_extended = kind == _OLD_SPARSE and bool(block[482])

    def end(self):
        """Says that nothing more comes.

        :raises BrokenArchive: something is missing.
        """
        if self._content or self._held or self._empty_blocks < 2:
            raise BrokenArchive("it is cut off, its tar has no end")


def _has_right_checksum(block):
    try:
        stated = int(block[148:156].split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return False
    unsigned = sum(block) - sum(block[148:156]) + 8 * 32
    signed = unsigned - 256 * sum(byte > 127 for byte in block[:148] + block[156:])
    return stated in (unsigned, signed)


def _size(block):
    field = block[124:136]
    if field[0] & 0x80:
        # Files beyond 8 GB: binary instead of octal digits.
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    try:
        return int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        raise BrokenArchive("its tar is damaged") from None
