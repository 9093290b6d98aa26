# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that shows a local page."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

CHROMIUM = shutil.which("chromium")
MISSING = "there is no chromium; on Debian, apt-get install chromium"
_DARK = "--blink-settings=preferredColorScheme=0"


class Browser:
    """Runs Chromium anew for each page, without a network.

    :param home: a folder for its profile.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def dom(self, page: Path, view: str = "") -> str:
        """The page as HTML, after its script has run.

        :param view: what follows the address as its fragment.
        """
        return self._run(page, view, "--dump-dom").stdout

    def screenshot(self, page: Path, width: int, height: int, *, dark: bool = False) -> Picture:
        file = self._home / "screenshot.png"
        size = ("--force-device-scale-factor=1", "--hide-scrollbars", f"--window-size={width},{height}")
        self._run(page, "", f"--screenshot={file}", *size, *((_DARK,) if dark else ()))
        return Picture(file.read_bytes())

    def pdf(self, page: Path) -> bytes:
        """The page as it is printed."""
        file = self._home / "page.pdf"
        self._run(page, "", "--no-pdf-header-footer", f"--print-to-pdf={file}")
        return file.read_bytes()

    def _run(self, page: Path, view: str, *options: str) -> subprocess.CompletedProcess[str]:
        assert CHROMIUM
        isolated = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self._home / 'profile'}")
        # Names of hosts lead nowhere.
        offline = ("--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-first-run")
        return subprocess.run(
            [CHROMIUM, *isolated, *offline, *options, f"{page.as_uri()}{view}"],
            capture_output=True,
            text=True,
            timeout=240,
            check=True,
        )


class Picture:
    """A PNG file as Chromium writes it: 8 bits a channel, not interlaced.

    width, height: in pixels.
    """

    def __init__(self, png: bytes) -> None:
        chunks = list(_chunks(png))
        self.width, self.height, depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
        assert depth == 8
        self._channels = {2: 3, 6: 4}[kind]
        data = b"".join(content for name, content in chunks if name == b"IDAT")
        self._lines = list(self._unfiltered(zlib.decompress(data)))

    def colour(self, x: int, y: int) -> tuple[int, ...]:
        """Red, green and blue of a pixel."""
        return tuple(self._lines[y][x * self._channels : x * self._channels + 3])

    def colours(self) -> set[tuple[int, ...]]:
        """Those of every fifth pixel, to the left and downwards."""
        return {self.colour(x, y) for y in range(0, self.height, 5) for x in range(0, self.width, 5)}

    def _unfiltered(self, data: bytes) -> Iterator[bytes]:
        step, length = self._channels, self.width * self._channels
        above = bytes(length)
        for start in range(0, len(data), length + 1):
            line = bytearray(data[start + 1 : start + 1 + length])
            for i in range(length):
                left = line[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                line[i] = (line[i] + _predicted(data[start], left, above[i], corner)) & 255
            above = bytes(line)
            yield above


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _predicted(method: int, left: int, above: int, corner: int) -> int:
    """What a byte is predicted to be, by the filter of its line."""
    if method < 3:
        return (0, left, above)[method]
    if method == 3:
        return (left + above) // 2
    guess = left + above - corner
    return min((left, above, corner), key=lambda byte: abs(guess - byte))
