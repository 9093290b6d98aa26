# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from tarfile import GNU_FORMAT, TarInfo

# Archives of any size, generated while they are sent. A deflate stream may consist of pieces that were compressed
# separately, so one compressed segment can be repeated as often as needed.

SEGMENT = 1 << 21
CHUNK = 1 << 20
LEVELS = {"text": 6, "random": 0}
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
LAST_BLOCK = b"\x03\x00"  # an empty deflate block that is marked as the last one
TAR_BLOCK = 512
END_OF_TAR = b"\0" * (2 * TAR_BLOCK)
CRC_POLYNOMIAL = 0xEDB88320
COMPONENTS = ("NETWORK", "STORAGE", "REPL", "COMMAND", "INDEX", "ACCESS")


@dataclass(frozen=True)
class Member:
    """A file in an archive."""

    path: str
    first_line: str  # tells it from other files, whose content is otherwise the same


@dataclass(frozen=True)
class Piece:
    """Compressed bytes that are repeated `times` times."""

    data: bytes
    times: int = 1

    def __len__(self) -> int:
        return len(self.data) * self.times


class Archive:
    """A tar.gz that is held as pieces. `flipped` is the position of a byte that is wrong."""

    def __init__(self, pieces: Sequence[Piece], length: int | None = None, flipped: int | None = None):
        self._pieces = pieces
        self._flipped = flipped
        self.length = sum(map(len, pieces)) if length is None else length

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from start up to, but not including, end."""
        position = 0
        for piece in self._pieces:
            first, last = max(start, position), min(end, position + len(piece))
            if first < last:
                for at, chunk in _chunks_of_piece(piece, first - position, last - position):
                    yield self._flip(chunk, position + at)
            position += len(piece)

    def _flip(self, chunk: bytes, at: int) -> bytes:
        if self._flipped is None or not at <= self._flipped < at + len(chunk):
            return chunk
        changed = bytearray(chunk)
        changed[self._flipped - at] ^= 0xFF
        return bytes(changed)


def _chunks_of_piece(piece: Piece, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yields large chunks of a piece, each with its position in the piece."""
    unit = len(piece.data)
    # Joined once, so that a short segment does not make short chunks.
    joined = piece.data * min(piece.times, max(1, CHUNK // unit))
    while start < end:
        inside = start % unit
        size = min(len(joined) - inside, end - start)
        yield start, joined if size == len(joined) else joined[inside : inside + size]
        start += size


class GzipWriter:
    """Assembles a gzip file and computes its checksum."""

    def __init__(self, content: str):
        self._content = content
        self._crc = 0
        self._plain = 0
        self.pieces = [Piece(GZIP_HEADER)]

    def add(self, plain: bytes) -> None:
        if plain:
            self._add(_deflate(plain, LEVELS[self._content]), zlib.crc32(plain), len(plain), 1)

    def add_segments(self, times: int) -> None:
        if times:
            plain, deflated = segment(self._content)
            self._add(deflated, zlib.crc32(plain), len(plain), times)

    def end(self) -> list[Piece]:
        return [*self.pieces, Piece(LAST_BLOCK + struct.pack("<II", self._crc, self._plain & 0xFFFFFFFF))]

    def _add(self, deflated: bytes, crc: int, plain: int, times: int) -> None:
        self.pieces.append(Piece(deflated, times))
        shift = _shift(plain)
        for bit in _bits(times):
            # crc and shift are those of as many repetitions as this bit stands for.
            if bit:
                self._crc = _multiply(shift, self._crc) ^ crc
            crc, shift = _multiply(shift, crc) ^ crc, _multiply(shift, shift)
        self._plain += plain * times


def _bits(number: int) -> Iterator[int]:
    while number:
        yield number & 1
        number >>= 1


def build_archive(members: Sequence[Member], size: int, content: str, kind: str, mtime: float) -> Archive:
    """An archive of about `size` bytes.

    `kind` is whole, cut_gzip, cut_tar, corrupt or empty.
    """
    writer = GzipWriter(content)
    share = size // max(1, len(members))
    plain, deflated = segment(content)
    times, rest = divmod(share, len(deflated))
    part = plain[: rest * len(plain) // len(deflated)]
    for index, member in enumerate(members):
        first = f"{member.first_line}\n".encode()
        length = len(first) + times * len(plain) + len(part)
        header = TarInfo(member.path)
        header.size, header.mtime = length, int(mtime)
        writer.add(header.tobuf(GNU_FORMAT) + first)
        writer.add_segments(times)
        if kind == "cut_tar" and index == len(members) - 1:
            writer.add(part[: len(part) // 2])
            return Archive(writer.end())
        writer.add(part + b"\0" * (-length % TAR_BLOCK))
    writer.add(END_OF_TAR)
    pieces = writer.end()
    length = sum(map(len, pieces))
    if kind == "cut_gzip":
        return Archive(pieces, length=length * 2 // 3)
    if kind == "empty":
        return Archive(pieces, length=0)
    return Archive(pieces, flipped=length // 2 if kind == "corrupt" else None)


@cache
def segment(content: str) -> tuple[bytes, bytes]:
    """The content of all files: plain, and compressed."""
    numbers = random.Random(content)
    plain = numbers.getrandbits(8 * SEGMENT).to_bytes(SEGMENT, "big") if content == "random" else _log_lines(numbers)
    return plain, _deflate(plain, LEVELS[content])


def _log_lines(numbers: random.Random) -> bytes:
    lines, size, time_ms = [], 0, 0
    while size < SEGMENT:
        time_ms += numbers.randrange(900)
        seconds, thousandths = divmod(time_ms, 1000)
        clock = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
        lines.append(
            f'{{"t":{{"$date":"2026-03-01T{clock}+00:00"}},"s":"I","c":"{numbers.choice(COMPONENTS)}",'
            f'"id":{numbers.randrange(20000, 60000)},"ctx":"conn{numbers.randrange(9000)}","msg":"Slow query",'
            f'"attr":{{"queryHash":"{numbers.getrandbits(32):08X}","durationMillis":{numbers.randrange(9000)}}}}}\n'
        )
        size += len(lines[-1])
    return "".join(lines).encode()


def _deflate(plain: bytes, level: int) -> bytes:
    """Raw deflate that refers to nothing before it, ends at a byte boundary, and can be continued."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)


# The checksum of two concatenated strings is that of the first, times x to the power of the number of bits of the
# second, plus that of the second. All of these are polynomials over GF(2), modulo the polynomial of the checksum, with
# the lowest power leftmost.


def _multiply(one: int, other: int) -> int:
    product = 0
    for position in range(31, -1, -1):
        if one >> position & 1:
            product ^= other
        other = other >> 1 ^ (CRC_POLYNOMIAL if other & 1 else 0)
    return product


def _shift(length: int) -> int:
    """x to the power of the number of bits in `length` bytes."""
    result, power = 1 << 31, 1 << 23  # 1, and x to the eighth
    for bit in _bits(length):
        if bit:
            result = _multiply(power, result)
        power = _multiply(power, power)
    return result
