# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import asyncio
import errno
import ipaddress
import logging
import os
import signal
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def fail(sentence: str, code: int) -> int:
    """Prints why the sandbox cannot run, and returns the exit code."""
    print(f"sandbox: {sentence}", file=sys.stderr)
    return code


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="A stand-in, on this machine, for the job services that the collection saasops.jobs manages."
    )
    parser.add_argument("--port", type=int, default=8424, help="port to listen on; 0 takes a free one (%(default)s)")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--allow-remote", action="store_true", help="allow an address for --bind that other machines can reach"
    )
    parser.add_argument("--seed", default=str(HERE / "seed.yml"), metavar="FILE", help="what exists at the start")
    parser.add_argument("--port-file", metavar="FILE", help="write the port number to this file")
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="exit when this process has ended")
    parser.add_argument("--quiet", action="store_true", help="do not print a line for each request")
    return parser.parse_args()


def missing_libraries() -> str | None:
    """A sentence that says what is missing, if anything is."""
    packages = {"aiohttp": "aiohttp", "yaml": "PyYAML"}
    needed = " and ".join(package for module, package in packages.items() if find_spec(module) is None)
    if not needed:
        return None
    return (
        f"{sys.executable} has no {needed}; install what is needed with: "
        f"{sys.executable} -m pip install -r {HERE / 'requirements.txt'}"
    )


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # A zombie, which has ended but was not waited for, still has its id.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def write_port(path: str, port: int) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    Path(temporary).write_text(f"{port}\n")
    os.replace(temporary, path)


async def stop_with_parent(pid: int, stop: asyncio.Event) -> None:
    while is_running(pid):
        await asyncio.sleep(1)
    stop.set()


async def serve(options: argparse.Namespace, address: tuple[Any, ...], family: int) -> None:
    # Imported only after the check for the libraries; aiohttp, which is slow, after the seed has been read.
    from sandbox.request_log import RequestLog
    from sandbox.seed import read_file
    from sandbox.world import World

    world = World(read_file(options.seed))

    from sandbox.app import App

    app = App(world, RequestLog(not options.quiet), address, family)
    await app.listener.open()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    watcher = asyncio.ensure_future(stop_with_parent(options.parent_pid, stop)) if options.parent_pid else None
    if options.port_file:
        write_port(options.port_file, app.listener.port)
    host = f"[{address[0]}]" if family == socket.AF_INET6 else address[0]
    print(f"sandbox: listening on http://{host}:{app.listener.port}", flush=True)
    await stop.wait()
    if watcher:
        watcher.cancel()
    await app.stop()


def main() -> int:
    options = parse_arguments()
    problem = missing_libraries()
    if problem:
        return fail(problem, 2)
    try:
        family, _type, _protocol, _name, address = socket.getaddrinfo(
            options.bind, options.port, type=socket.SOCK_STREAM
        )[0]
    except (OSError, OverflowError, UnicodeError):
        return fail(f"--bind {options.bind} --port {options.port} is not an address of this machine.", 2)
    if not ipaddress.ip_address(address[0]).is_loopback and not options.allow_remote:
        return fail(
            f"{options.bind} can be reached from other machines, and anyone could then control the sandbox; "
            "add --allow-remote if that is what you want.",
            2,
        )
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)

    from sandbox.seed import SeedError

    try:
        asyncio.run(serve(options, address, family))
    except SeedError as error:
        return fail(str(error), 2)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return fail(f"port {options.port} on {options.bind} is in use already; choose another with --port.", 1)
        return fail(str(error), 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
