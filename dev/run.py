# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs nox and runs it: `run.py -s unit -- -k retry`. Everything that it writes is below .build/.

`make` calls this, so that a machine needs only Python, that tools leave nothing in the home folder, and that no process
outlives the run. Those who have nox and antsibull-nox can run nox instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
NOX = BUILD / "nox" / "bin"
HOME = Path.home()
PYTHONS = range(9, 15)
GRACE = 20  # seconds that nox has to end when it is interrupted
NOX_PYTHONS = range(11, 15)  # what ansible-core and its tools run on
PATH = os.environ["PATH"].split(os.pathsep)


def main(arguments: list[str]) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    forget_moved_checkout()
    temporary = Path(tempfile.mkdtemp())  # not below .build/: there are sockets in it, whose paths must be short
    try:
        pythons = {minor: path for minor in PYTHONS if (path := find_python(minor))}
        environment = make_environment(pythons, temporary)
        python = os.environ.get("PYTHON") or next((pythons[x] for x in reversed(NOX_PYTHONS) if x in pythons), None)
        if not python:
            sys.exit("There is no Python 3.11 to 3.14 that runs and has the venv module. Set PYTHON=/path/to/python3.")
        install_nox(python, environment)
        return run_nox(arguments, environment, temporary / "report.json")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def forget_moved_checkout() -> None:
    """Virtual environments hold absolute paths: when the checkout was moved, they are made again."""
    location = BUILD / "location"
    if not location.exists() or location.read_text() != str(BUILD):
        for entry in BUILD.glob("*"):
            if entry.name != "cache":
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        BUILD.mkdir(exist_ok=True)
        location.write_text(str(BUILD))


def find_python(minor: int) -> str | None:
    """The path of a Python 3.MINOR. Each is run first: a shim of pyenv can be on the PATH and yet not start."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or HOME / ".pyenv")
    folders = [*map(Path, PATH), *pyenv.glob("versions/*/bin"), *HOME.glob(".local/share/uv/python/cpython-*/bin")]
    folders += map(Path, ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"))
    probe = "import ensurepip, sys, venv; print(sys._base_executable)"
    for python in (folder / f"python3.{minor}" for folder in folders):
        if python.exists():
            found = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                return found.stdout.strip()
    return None


def make_environment(pythons: dict[int, str], temporary: Path) -> dict[str, str]:
    """The caller's environment, with homes and caches below .build/, and with Pythons on the PATH that run."""
    home, bin_folder = BUILD / "home", BUILD / "pythons"
    shutil.rmtree(bin_folder, ignore_errors=True)
    links = {bin_folder / f"python3.{minor}": Path(python) for minor, python in pythons.items()}
    # The user's settings for package indexes still hold.
    config = Path(os.environ.get("XDG_CONFIG_HOME") or HOME / ".config")
    links |= {home / ".config" / name: config / name for name in ("pip", "uv")}
    links |= {home / name: HOME / name for name in (".pip", ".netrc")}
    for link, target in links.items():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        if target.exists():
            link.symlink_to(target)
    unwanted = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "XDG_CONFIG_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    if (HOME / ".gitconfig").exists():
        environment.setdefault("GIT_CONFIG_GLOBAL", str(HOME / ".gitconfig"))
    return environment | {
        "HOME": str(home),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),  # Ansible looks up the user's real home for it
        "XDG_CACHE_HOME": str(BUILD / "cache"),
        "PIP_CACHE_DIR": str(BUILD / "cache" / "pip"),
        "UV_CACHE_DIR": str(BUILD / "cache" / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NOX_ENABLE_STALENESS_CHECK": "1",
        "PATH": os.pathsep.join([str(NOX), str(bin_folder), *(x for x in PATH if not x.endswith("/shims"))]),
        "TMPDIR": str(temporary),
    }


def install_nox(python: str, environment: dict[str, str]) -> None:
    """Makes the virtual environment of nox unless it is there: with uv, or with pip where uv does not work."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["nox"]
    made_from, mark = NOX.parent / "made-from", f"{python} {wanted}"
    if made_from.exists() and made_from.read_text() == mark:
        return
    print(f"Making {NOX.parent.relative_to(ROOT)} with {python}", flush=True)
    shutil.rmtree(NOX.parent, ignore_errors=True)

    def succeeds(*command: str | Path) -> bool:
        return subprocess.run(command, env=environment, check=False).returncode == 0

    pip = (NOX / "python", "-m", "pip", "install", "--quiet")
    if not succeeds(python, "-m", "venv", NOX.parent):
        sys.exit(f"{python} cannot make virtual environments.")
    if not (succeeds(*pip, "uv") and succeeds(NOX / "uv", "pip", "install", "--quiet", "--python", pip[0], *wanted)):
        print("uv does not work here; using pip, which takes longer.", flush=True)
        (NOX / "uv").unlink(missing_ok=True)
        if not succeeds(*pip, *wanted):
            sys.exit("The package index does not have what is needed.")
    made_from.write_text(mark)


def run_nox(arguments: list[str], environment: dict[str, str], report: Path) -> int:
    """Runs nox, shows its output, and then what it comes to. All that nox started ends with it."""
    backend = "uv" if (NOX / "uv").exists() else "virtualenv"
    command = [NOX / "nox", "--default-venv-backend", backend, "--report", report, *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    notes: dict[str, list[str]] = {}
    pytest_lines: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **pipes) as nox:
        threading.Thread(target=lambda: (nox.wait(), signal_group(nox, signal.SIGTERM)), daemon=True).start()
        try:
            show(nox.stdout, notes, pytest_lines)
        except KeyboardInterrupt:
            signal_group(nox, signal.SIGINT)
            threading.Thread(target=lambda: (time.sleep(GRACE), signal_group(nox, signal.SIGKILL)), daemon=True).start()
            show(nox.stdout, notes, pytest_lines)
    if report.exists():
        print("\n== Summary")
        for ran in json.loads(report.read_text())["sessions"]:
            name = (ran["signatures"] or [ran["name"]])[0]
            print(f"{name:22} {ran['result']:8} {ran['duration']:5.0f} s  {'; '.join(notes.get(name, ()))}".rstrip())
        print(*pytest_lines, sep="\n")
    return nox.returncode


def show(output: Iterable[str], notes: dict[str, list[str]], pytest_lines: list[str]) -> None:
    """Shows nox's output; gathers what belongs into the summary, by session."""
    session = ""
    for line in output:
        print(line, end="", flush=True)
        if found := re.match(r"nox > Running session (\S+)", line):
            session = found[1]
        elif found := re.match(r"-> (.*)|=+ (.*(?:passed|failed|skipped|error).* in [\d.]+s.*?) =+$", line):
            notes.setdefault(session, []).append(found[1] or found[2])
            pytest_lines += [line.strip()] if found[2] else []


def signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def interrupt(*_details: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
