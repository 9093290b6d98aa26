# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import inspect
import json
import subprocess
import sys
import zipfile

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import zip_imports

# Imports what it is told to, and prints how often each file was compiled, and the file and value of each import.
PROGRAM = """
import importlib, json, sys
sys.path[:0] = json.loads(sys.argv[1])
compiled = []
sys.addaudithook(lambda event, arguments: event == "compile" and compiled.append(str(arguments[1])))
found = {}
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    found[name] = [module.__file__, getattr(module, "VALUE", None)]
print(json.dumps([found, {file: compiled.count(file) for file in compiled}]))
"""
FILES = {"package/__init__.py": "", "package/inner/__init__.py": "VALUE = 1", "package/inner/leaf.py": "VALUE = 2"}


@pytest.fixture
def payload(tmp_path):
    """A zip file as Ansible makes it for a module."""
    with zipfile.ZipFile(tmp_path / "payload.zip", "w") as archive:
        for name, text in {**FILES, "package/zip_imports.py": inspect.getsource(zip_imports)}.items():
            archive.writestr(name, text)
    return tmp_path / "payload.zip"


def run(places, *names):
    command = [sys.executable, "-c", PROGRAM, json.dumps([str(place) for place in places]), *names]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_files_of_a_module_are_compiled_once(payload):
    found, compiled = run([payload], "package.zip_imports", "package.inner.leaf", "package.inner")
    leaf, inner = f"{payload}/package/inner/leaf.py", f"{payload}/package/inner/__init__.py"
    assert (found["package.inner.leaf"], found["package.inner"]) == ([leaf, 2], [inner, 1])
    assert (compiled[leaf], compiled[inner]) == (1, 1)


def test_without_it_python_compiles_them_more_often(payload):
    """As soon as this fails with every supported Python, zip_imports is of no use any more."""
    _found, compiled = run([payload], "package.inner.leaf")
    assert compiled[f"{payload}/package/inner/leaf.py"] > 1


def test_other_zip_files_are_imported_as_python_does_it(payload, tmp_path):
    other = tmp_path / "payload.zip.other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("thing.py", "VALUE = __loader__.__class__.__name__")
    found, _compiled = run([payload, other], "package.zip_imports", "thing")
    assert found["thing"] == [f"{other}/thing.py", "zipimporter"]


def test_outside_of_a_zip_file_it_changes_nothing(tmp_path):
    (tmp_path / "zip_imports.py").write_text(inspect.getsource(zip_imports))
    (tmp_path / "hooks.py").write_text("import sys\nVALUE = len(sys.path_hooks)")
    counts = [run([tmp_path], *names, "hooks")[0]["hooks"][1] for names in ([], ["zip_imports"])]
    assert counts[0] == counts[1]


def test_a_missing_module_is_still_missing(payload):
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run([payload], "package.zip_imports", "package.nothing")
    assert "ModuleNotFoundError: No module named 'package.nothing'" in failed.value.stderr
