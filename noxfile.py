# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be checked, built and shown; `make help` lists it. antsibull-nox adds what antsibull-nox.toml configures.

antsibull-nox's own ansible-test sessions fetch ansible-core from its repository and run in containers. Ours take it
from the package index and run in virtual environments.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import NoReturn

import antsibull_nox
import nox

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / ".build"
COLLECTION = "saasops.jobs"
COLLECTION_PATH = Path("ansible_collections", *COLLECTION.split("."))
GROUPS = nox.project.load_toml("pyproject.toml")

# Percent of plugins/ that the unit and integration tests together must reach. Raise it when they reach more.
COVERAGE_FLOOR = {"statements": 97.0, "branches": 94.0}
# The modules' oldest Python, and the newest that the oldest ansible-core can run on, if there is any.
OLDEST_PYTHON = "3.9"
OLDEST_CORE_PYTHON = next((minor for minor in ("3.13", "3.12", "3.11") if shutil.which(f"python{minor}")), None)
# What must be in the collection's tarball, and what may: all that its users need.
REQUIRED = {"CHANGELOG.md", "LICENSE", "README.md", "extensions", "meta", "plugins", "roles"}
ALLOWED = REQUIRED | {"FILES.json", "MANIFEST.json", "changelogs", "docs", "playbooks"}
# Pages of docs/ that are rendered with the documentation of the modules.
PAGES = (
    "credentials.md",
    "ad_hoc.md",
    "awx.md",
    "inventory.md",
    "scaling.md",
    "events.md",
    "other-logs-and-backups.md",
)
# How many tests run at a time. They wait for the sandbox and for Ansible more than they compute.
WORKERS = os.environ.get("WORKERS") or "5"

nox.needs_version = ">=2026.10.20"
# What `nox` and `make test` run, in this order. Integration takes longest, so it starts early.
nox.options.sessions = ["lint", "typing", "repository", "extra-checks", "license-check", "unit", "integration"]
nox.options.sessions += ["events", "sanity", "sanity_oldest_core", "sandbox", "vendors"]
nox.options.sessions += ["unit_oldest_python", "unit_oldest_core", "ansible-lint", "docs-check"]
nox.options.sessions += ["package", "build-import-check", "coverage"]
nox.options.envdir = ".build/sessions"
nox.options.reuse_venv = "yes"
nox.options.stop_on_first_error = True
nox.options.allow_parallel = True

antsibull_nox.load_antsibull_nox_toml()


# ------------------------------------------------------------------------------------------------------ environments


def install(session: nox.Session, *groups: str) -> None:
    """Installs dependency groups of pyproject.toml, and puts this tree where Ansible looks for collections."""
    session.install(*nox.project.dependency_groups(GROUPS, *groups))
    link = BUILD / "tree" / COLLECTION_PATH
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to(ROOT)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(BUILD / "tree")
    versions = "import platform, ansible.release; print(platform.python_version(), ansible.release.__version__)"
    python, core = session.run("python", "-c", versions, silent=True, log=False).split()
    note(f"Python {python}, ansible-core {core}")


def note(text: str) -> None:
    """Prints what dev/run.py repeats in its summary."""
    print(f"-> {text}", flush=True)


def skip(session: nox.Session, why: str) -> NoReturn:
    note(f"skipped: {why}")
    session.skip(why)


def known_files(*patterns: str) -> list[Path]:
    """The files that git knows or would add."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and Path(name).exists()]


# -------------------------------------------------------------------------------------------------------------- lint


@nox.session
def repository(session: nox.Session) -> None:
    """Check the changelog, the shell scripts, and that sanity errors are fixed, not ignored."""
    session.install(*nox.project.dependency_groups(GROUPS, "repository"))
    session.run("antsibull-changelog", "lint")
    session.run("shellcheck", ".ci/run", *map(str, known_files("*.sh")))
    if ignored := known_files("tests/sanity/ignore*"):
        session.error(f"Sanity errors are fixed, not ignored: {ignored}")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types of the plugins, of the event source and of the sandbox; settings are in pyproject.toml."""
    install(session, "typing")
    own = f"ansible_collections.{COLLECTION}"
    packages = ("-p", f"{own}.plugins", "-p", f"{own}.extensions", "-p", "sandbox")
    session.run("mypy", *packages, *session.posargs, env={"MYPYPATH": ".build/tree:roles/sandbox/files"})


# ------------------------------------------------------------------------------------------------------------- tests


def measure(session: nox.Session) -> list[str]:
    """Sets what makes Ansible's processes measure coverage; returns pytest's options for its own.

    Modules are measured by a hook of ansible-core, Ansible's own process by a callback plugin. Both start when our
    code does, and only in some tests (see tests/integration/conftest.py), as it takes its time.
    """
    data = BUILD / "coverage" / session.name
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    settings, file = str(ROOT / "pyproject.toml"), str(data / "data")
    session.env.update(
        {
            "COVERAGE_ROOT": str(ROOT),
            "COVERAGE_RCFILE": settings,
            "COVERAGE_FILE": file,
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "dev" / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "measure",
            "_ANSIBLE_ANSIBALLZ_COVERAGE_CONFIG": json.dumps({"config": settings, "output": f"{file}.module"}),
        }
    )
    return ["--cov", f"--cov-config={settings}", "--cov-report="]


def pytest(session: nox.Session, folder: str, *options: str) -> None:
    """Runs the tests in a folder, or those of its files that the arguments name.

    Temporary files that help to see why one failed stay below .build/.
    """
    temporary = BUILD / "tmp"
    temporary.mkdir(exist_ok=True)
    where = [] if any(argument.startswith(folder) for argument in session.posargs) else [folder]
    session.run("python", "-m", "pytest", *where, *options, env={"PYTEST_DEBUG_TEMPROOT": str(temporary)})


def parallel(session: nox.Session) -> list[str]:
    """Returns pytest's options: the given ones, which run one test after another, or a number of workers."""
    return session.posargs or ["-n", WORKERS, "--dist", "worksteal"]


@nox.session
def unit(session: nox.Session) -> None:
    """Run the unit tests with the newest of all."""
    install(session, "test", "core")
    pytest(session, "tests/unit", *measure(session), *session.posargs)


@nox.session
def unit_oldest_python(session: nox.Session) -> None:
    """Run the unit tests on the modules' oldest Python, with the lowest requests."""
    if not shutil.which(f"python{OLDEST_PYTHON}"):
        skip(session, f"Python {OLDEST_PYTHON} was not found")
    install(session, "core")
    ansible_test(session, "units", "--venv", "--python", OLDEST_PYTHON)


@nox.session(python=OLDEST_CORE_PYTHON)
def unit_oldest_core(session: nox.Session) -> None:
    """Run the unit tests with the oldest ansible-core."""
    if not OLDEST_CORE_PYTHON:
        skip(session, "no Python for the oldest ansible-core was found")
    install(session, "test", "oldest-core")
    pytest(session, "tests/unit", *session.posargs)


@nox.session
def sandbox(session: nox.Session) -> None:
    """Test that the sandbox is what the services' contracts say."""
    install(session, "test", "core")
    pytest(session, "tests/sandbox", *parallel(session))


@nox.session
def vendors(session: nox.Session) -> None:
    """Test the sandbox with the clients that LTS's and IAM's vendors publish."""
    try:
        install(session, "vendors")
    except nox.command.CommandFailed:
        skip(session, "the vendors' clients cannot be installed with this Python")
    pytest(session, "tests/vendors", *session.posargs)


@nox.session
def integration(session: nox.Session) -> None:
    """Test the collection against the sandbox, in pytest's process and in those of Ansible."""
    install(session, "test", "core")
    place_awx(session)
    pytest(session, "tests/integration", *measure(session), *parallel(session))


@nox.session
def events(session: nox.Session) -> None:
    """Test the event source and its rulebook in processes of ansible-rulebook, which need Java."""
    try:
        install(session, "events", "core")
    except nox.command.CommandFailed:
        skip(session, "ansible-rulebook, or a Java for it, cannot be installed with this Python")
    pytest(session, "tests/events", *parallel(session))


def place_awx(session: nox.Session) -> None:
    """Puts the collection awx.awx into .build/awx, where the tests of the role awx_setup look for it.

    It is taken out of the bundle `ansible`, which is not installed, as that would decide which ansible-core there is.
    """
    place, bundle = BUILD / "awx", BUILD / "bundle"
    if place.exists():
        return
    wanted = nox.project.dependency_groups(GROUPS, "awx")
    options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(bundle))
    session.run("python", "-m", "pip", "download", *options, *wanted)
    [wheel] = bundle.glob("*.whl")
    unpacked = BUILD / "awx.part"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.startswith("ansible_collections/awx/awx/")]
        archive.extractall(unpacked, files)
    shutil.rmtree(bundle)
    unpacked.rename(place)


@nox.session(requires=["unit", "integration"])
def coverage(session: nox.Session) -> None:
    """Report what the unit and integration tests do not reach in plugins/; fail below COVERAGE_FLOOR."""
    session.install(*nox.project.dependency_groups(GROUPS, "coverage"))
    folder = BUILD / "coverage"
    session.env["COVERAGE_FILE"] = str(folder / "data")
    session.run("coverage", "combine", "--keep", *(str(folder / name / "data") for name in ("unit", "integration")))
    session.run("coverage", "report")
    session.run("coverage", "json", "--quiet", "-o", str(folder / "coverage.json"))
    totals = json.loads((folder / "coverage.json").read_text())["totals"]
    reached = {name: totals[f"percent_{name}_covered"] for name in COVERAGE_FLOOR}
    note(", ".join(f"{reached[name]:.1f} % of {name} (floor {floor} %)" for name, floor in COVERAGE_FLOOR.items()))
    if any(reached[name] < floor for name, floor in COVERAGE_FLOOR.items()):
        session.error("The tests reach less of plugins/ than COVERAGE_FLOOR asks for.")


@nox.session
def quick(session: nox.Session) -> None:
    """Check in two minutes: ruff, unit tests, and every state of every module in pytest's process."""
    install(session, "test", "core", "quick")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    pytest(session, "tests/unit")
    pytest(session, "tests/integration", "-m", "quick", "-n", WORKERS)


@nox.session
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity with the newest ansible-core, on every Python found."""
    install(session, "sanity", "core")
    ansible_test(session, "sanity")


@nox.session(python=OLDEST_CORE_PYTHON, requires=["sanity"])  # one at a time: they share a cache
def sanity_oldest_core(session: nox.Session) -> None:
    """Run ansible-test sanity with the oldest ansible-core, on every Python found."""
    if not OLDEST_CORE_PYTHON:
        skip(session, "no Python for the oldest ansible-core was found")
    install(session, "sanity", "oldest-core")
    ansible_test(session, "sanity")


def ansible_test(session: nox.Session, *arguments: str) -> None:
    """Runs ansible-test in a copy below ansible_collections/, and in a git repository of its own.

    In a folder that git ignores it would find nothing to test, and say that all is well.
    """
    copy = BUILD / "copy" / session.name / COLLECTION_PATH
    shutil.rmtree(copy, ignore_errors=True)
    development = ("dev", ".*", "Makefile", "ansible.cfg", "pyproject.toml", "noxfile.py", "antsibull-nox.toml")
    for file in known_files(".", *(f":!{name}" for name in development)):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, copy / file, follow_symlinks=False)
    place_get_pip(session)
    with session.chdir(copy):
        session.run("git", "init", "--quiet", external=True)
        session.run("git", "add", "--all", external=True)
        said = session.run("ansible-test", *arguments, "--color", "no", env={"LC_ALL": "C.UTF-8"}, silent=True)
    print(said)
    if "All targets skipped" in said:
        session.error("ansible-test saw nothing to test.")
    if tested := re.findall(r'^Running sanity test "import" on Python (\S+)$', said, re.MULTILINE):
        note(f"on Python {' '.join(tested)}")


def place_get_pip(session: nox.Session) -> None:
    """Puts dev/get_pip.py where ansible-test would cache the script that it downloads otherwise.

    Which pip it wants is written in ansible-test itself.
    """
    [package] = Path(session.virtualenv.location).glob("lib/python3*/site-packages/ansible_test")
    source = (package / "_internal" / "python_requirements.py").read_text()
    cache = Path.home() / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip\W{1,6}(\d+(?:\.\d+)+)", source):
        shutil.copy(ROOT / "dev" / "get_pip.py", cache / f"get_pip_{version.replace('.', '_')}.py")


# ----------------------------------------------------------------------------------------------- packages and pages


@nox.session
def package(session: nox.Session) -> None:
    """Build the tarball, look at what is in it, install it and verify it."""
    install(session, "core")
    tarball = build_tarball(session)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = installed = str(BUILD / "installed")
    shutil.rmtree(installed, ignore_errors=True)
    session.run("ansible-galaxy", "collection", "install", "--offline", "-p", installed, str(tarball))
    session.run("ansible-galaxy", "collection", "verify", "--offline", COLLECTION)
    session.run("ansible-doc", "-l", COLLECTION)
    session.run("ansible-doc", "-t", "role", "-l", COLLECTION)


@nox.session
def build(session: nox.Session) -> None:
    """Build the collection's tarball in .build/dist."""
    install(session, "core")
    build_tarball(session)


def build_tarball(session: nox.Session) -> Path:
    dist = BUILD / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("ansible-galaxy", "collection", "build", "--output-path", str(dist), silent=True)
    [tarball] = dist.glob("*.tar.gz")
    with tarfile.open(tarball) as tar:
        files = {Path(member.name) for member in tar if not member.isdir()}
    folders = {file.parts[0] for file in files}
    unknown = files - set(known_files()) - {Path("FILES.json"), Path("MANIFEST.json")}
    if unknown or folders - ALLOWED or REQUIRED - folders:
        session.error(f"Unknown to git: {unknown}; unwanted: {folders - ALLOWED}; missing: {REQUIRED - folders}")
    note(f"{tarball.relative_to(ROOT)}: {len(files)} files, {tarball.stat().st_size // 1024} KiB")
    return tarball


@nox.session
def docs(session: nox.Session) -> None:
    """Build the HTML documentation in .build/docs."""
    install(session, "docs", "core")
    site = BUILD / "docs"
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(mode=0o755)
    options = ("--use-current", "--squash-hierarchy", "--lenient", "--dest-dir", str(site))
    session.run("antsibull-docs", "sphinx-init", *options, COLLECTION)
    with (site / "conf.py").open("a") as conf:
        conf.write('\nextensions += ["myst_parser", "sphinxcontrib.mermaid"]\nmyst_fence_as_directive = ["mermaid"]\n')
    with session.chdir(site):
        session.run("bash", "build.sh", external=True)
        # The script removes what it has not made, so the repository's own pages come afterwards.
        pages = [*(Path(page).stem for page in PAGES), "contributing"]
        with Path("rst/index.rst").open("a") as index:
            index.write("\n.. toctree::\n   :maxdepth: 1\n\n" + "".join(f"   {page}\n" for page in pages))
        for page in PAGES:
            shutil.copy(ROOT / "docs" / page, f"rst/{page}")
        shutil.copy(ROOT / "CONTRIBUTING.md", "rst/contributing.md")
        session.run("sphinx-build", "-M", "html", "rst", "build", "-c", ".")
    note(f"{site.relative_to(ROOT)}/build/html/index.html")


@nox.session
def demo(session: nox.Session) -> None:
    """Install the collection like a user, start the sandbox and run the demo playbook three times."""
    install(session, "test", "core")
    link = BUILD / "dev"  # README.md names it
    link.unlink(missing_ok=True)
    link.symlink_to(session.virtualenv.location)
    session.run("python", "dev/demo.py", str(build_tarball(session)))


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the collection against other ways, and write docs/benchmarks."""
    install(session, "test", "core", "bench")
    session.run("python", "tests/benchmarks", *session.posargs, env={"PYTHONPATH": "tests/support"})
