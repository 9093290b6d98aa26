"""Fails when the collection's tarball holds a file that it should not, or lacks one that it must have.

Usage: check_tarball.py TARBALL FILE-OF-ZERO-TERMINATED-NAMES-THAT-GIT-KNOWS
"""

import sys
import tarfile
from pathlib import Path

ALLOWED = {
    "CHANGELOG.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "changelogs",
    "docs",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}
REQUIRED = {"LICENSE", "README.md", "CHANGELOG.md", "meta/runtime.yml"}
GENERATED = {"FILES.json", "MANIFEST.json"}


def main(tarball: str, known: str) -> int:
    with tarfile.open(tarball) as tar:
        files = {member.name for member in tar if not member.isdir()}
    tracked = set(Path(known).read_text(encoding="utf-8").split("\0"))
    complaints = [f"{name}: not meant for users" for name in files if name.split("/")[0] not in ALLOWED]
    complaints += [f"{name}: git does not know it" for name in files - tracked - GENERATED]
    complaints += [f"{name}: missing" for name in REQUIRED - files]
    for complaint in sorted(complaints):
        print(f"{Path(tarball).name}: {complaint}")
    if not complaints:
        print(f"{Path(tarball).name}: {len(files)} files, {Path(tarball).stat().st_size // 1024} KiB")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
