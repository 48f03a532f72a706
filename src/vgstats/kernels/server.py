"""The parent's side of one zygote: it asks for kernels and keeps what it is told of them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vgstats.errors import VgstatsError

# Read when Python starts or a library is imported: a zygote cannot give a kernel other values.
_READ_AT_START = (
    "PYTHON", "LD_", "LC_", "LANG", "MPL", "MATPLOTLIB", "OMP_", "OPENBLAS_", "MKL_", "ARROW_", "HOME", "XDG_",
)  # fmt: skip
# What IPython sets before it runs any code, and a warning that only the zygote's terminal would show.
_DEFAULTS = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# The folder that is current must not be where modules or a matplotlibrc are found.
_START = (
    "import os, sys; given = dict(os.environ); os.chdir('/'); sys.path[:] = [p for p in sys.path if p]; "
    "from vgstats.kernels.zygote import main; main(given)"
)
_PATIENCE = 60.0  # seconds for the first kernel, which waits for the imports


class NoForkError(VgstatsError):
    """A kernel cannot be forked; an ordinary one can be started instead."""


class GoneError(Exception):
    """The zygote has ended, or must: its source files have changed. Another can be started."""


@dataclass(frozen=True)
class Order:
    """A kernel to fork: ipykernel's arguments, environment, working directory, bytes of memory.

    `modules` are imported before the fork. `scratch` is removed should the kernel outlive this process.
    """

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    modules: list[str]
    memory: int | None = None
    scratch: str = ""


def read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that only count when a process starts or imports."""
    return {n: value for n, value in environment.items() if n.startswith(_READ_AT_START)}


class ForkServer:
    """A running zygote, and what it has told of its kernels."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = read_at_start(environment)
        self.useful = False
        self.gone = False
        self._lock = threading.Lock()
        self._ids = itertools.count()
        self._answers: dict[int, dict[str, Any]] = {}
        self._unwanted: set[int] = set()
        self._ended: dict[int, int | None] = {}
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", _START, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**_DEFAULTS, **environment},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    async def fork(self, order: Order) -> ForkedKernel:
        """Return a new kernel.

        Raises:
            NoForkError: the system refuses, or it takes too long.
            GoneError: the zygote has ended, or must.
        """
        number = next(self._ids)
        with Path(os.devnull).open("rb") as nothing:
            self._tell({"ask": "fork", "id": number, **asdict(order)}, [nothing.fileno(), 1, 2])
        until = time.monotonic() + _PATIENCE
        try:
            while (answer := self._answer(number)) is None:
                if time.monotonic() > until:
                    raise NoForkError(f"No kernel is forked within {_PATIENCE:.0f} seconds.")
                await asyncio.sleep(0.003)
        except BaseException:
            self._unwanted.add(number)
            raise
        if "failed" in answer:
            raise NoForkError(f"The system forks no kernel: {answer['failed']}.")
        if "stale" in answer:
            raise GoneError(answer["stale"])
        self.useful = True
        return ForkedKernel(self, answer["pid"])

    def status(self, pid: int) -> int | None:
        """Return how a kernel ended, negative for a signal, or None while it runs."""
        with self._lock:
            self._listen()
            return self._ended.get(pid, -signal.SIGKILL)

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a kernel and all that it started, unless it has ended."""
        with contextlib.suppress(GoneError, ProcessLookupError):
            try:
                self._tell({"ask": "signal", "pid": pid, "signal": number})
            except (
                NoForkError
            ):  # the zygote does not listen, so it has not waited for the kernel either
                os.killpg(pid, number)

    def close(self) -> None:
        """End the zygote and its kernels."""
        with self._lock:
            self._lost()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Let go of the zygote without ending it: it belongs to the process that this was forked from."""
        self.gone = True
        self._line.close()
        self._process.returncode = 0

    def _tell(self, message: dict[str, Any], streams: list[int] | None = None) -> None:
        try:
            socket.send_fds(self._line, [json.dumps(message).encode()], streams or [])
        except (BrokenPipeError, ConnectionError):
            raise GoneError from None
        except OSError as error:
            if self.gone:
                raise GoneError from None
            raise NoForkError(f"The request for a kernel cannot be sent: {error}.") from None

    def _answer(self, number: int) -> dict[str, Any] | None:
        with self._lock:
            self._listen()
            if number not in self._answers and self.gone:
                raise GoneError
            return self._answers.pop(number, None)

    def _listen(self) -> None:
        while not self.gone:
            try:
                message = self._line.recv(1 << 16)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._lost()
                return
            self._note(json.loads(message))

    def _note(self, told: dict[str, Any]) -> None:
        if "ended" in told:
            self._ended[told["ended"]] = told["status"]
            return
        if "pid" in told:
            self._ended[told["pid"]] = None
        if told["id"] not in self._unwanted:
            self._answers[told["id"]] = told
        elif "pid" in told:
            self.signal(told["pid"], signal.SIGKILL)

    def _lost(self) -> None:
        """Take note that the zygote is gone, and its kernels with it, and end what they started."""
        self.gone = True
        self._line.close()
        for pid, status in self._ended.items():
            if status is None:
                self._ended[pid] = -signal.SIGKILL
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)


class ForkedKernel:
    """A forked kernel, with the part of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
        self.pid = pid
        self._server = server

    def poll(self) -> int | None:
        """Return how the kernel ended, negative for a signal, or None while it runs."""
        return self._server.status(self.pid)

    def wait(self) -> int:
        """Wait for the end and return how the kernel ended."""
        while (status := self.poll()) is None:
            time.sleep(0.005)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and all that it started."""
        self._server.signal(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
