# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs pip into an empty environment of ansible-test, from the configured package index.

ansible-test would download a bootstrap script from a server of its own. With this file in the place where it caches
that script, the package index is all that the tests need. It is called with the packages to install, and uses the pip
that every Python bundles.
"""

import ensurepip
import glob
import os
import sys
import tempfile


def bundled_pip():
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
    folders.append(getattr(ensurepip, "_WHEEL_PKG_DIR", None) or "/usr/share/python-wheels")
    for folder in folders:
        wheels = glob.glob(os.path.join(folder, "pip-*.whl"))
        if wheels:
            return wheels[0]
    sys.exit(f"This Python ({sys.executable}) bundles no pip: looked in {', '.join(folders)}")


sys.path.insert(0, bundled_pip())
packages = [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]
# Where pip runs from a wheel it unpacks its certificates as soon as it is imported, and leaves them behind.
with tempfile.TemporaryDirectory() as tempfile.tempdir:
    from pip._internal.cli.main import main

    sys.exit(main(["install", "--quiet", "--upgrade", "--force-reinstall", "--no-warn-script-location", *packages]))
