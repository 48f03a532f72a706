"""The zygote of this process: started when first needed, and again when it is gone."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from collections.abc import Mapping

from vgstats.kernels.server import (
    ForkedKernel,
    ForkServer,
    GoneError,
    NoForkError,
    Order,
    read_at_start,
)

_lock = threading.Lock()
_server: ForkServer | None = None
# With those that only wait for the last of their kernels.
_servers: weakref.WeakSet[ForkServer] = weakref.WeakSet()
_failures = 0
_PATIENCE = 1  # seconds


def available() -> bool:
    """Return whether kernels can be forked here: on Linux. Elsewhere a fork is missing or not safe."""
    return sys.platform == "linux"


async def fork_kernel(order: Order) -> ForkedKernel:
    """Return a kernel forked from this process's zygote, which is started when there is none.

    Raises:
        NoForkError: the system cannot, or the zygote cannot be started, or the kernel's environment
            differs from the zygote's in what is read at start.
    """
    if not available():
        raise NoForkError(f"Kernels are not forked on {sys.platform}.")
    while True:
        server = _current(order.environment)
        if server.environment != read_at_start(order.environment):
            raise NoForkError(
                "The kernel's environment is not the one that the zygote was started with."
            )
        try:
            return await server.fork(order)
        except GoneError:
            _retire(server)


def _current(environment: Mapping[str, str]) -> ForkServer:
    global _server
    with _lock:
        if _failures > 1:
            raise NoForkError("The process that kernels are forked from does not start.")
        if _server is None:
            try:
                _server = ForkServer(environment)
            except OSError as error:
                raise NoForkError(
                    f"No process to fork kernels from can be started: {error}."
                ) from None
            _servers.add(_server)
        return _server


def _retire(server: ForkServer) -> None:
    """Use another zygote from now on; this one ends with the last of its kernels."""
    global _server, _failures
    with _lock:
        if _server is server:
            _server = None
            _failures = 0 if server.useful else _failures + 1


def hold() -> None:
    """Let no zygote be started any more: a thread that needs one waits until the process ends."""
    _lock.acquire(timeout=_PATIENCE)


def shut_down() -> None:
    """End this process's zygote and its kernels; the next kernel starts another."""
    global _server, _failures
    with _lock:
        servers = list(_servers)  # first, so that none goes with its last name, unwaited for
        _servers.clear()
        _server, _failures = None, 0
    for server in servers:
        server.close()


def _after_fork() -> None:
    global _lock, _server, _servers
    for server in _servers:
        server.forget()
    _lock, _server, _servers = threading.Lock(), None, weakref.WeakSet()


atexit.register(shut_down)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
