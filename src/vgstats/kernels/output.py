"""How a kernel publishes what is printed: without a port, which ipykernel opens, and without idle rounds."""

from __future__ import annotations

import os
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread, OutStream
from zmq.eventloop.zmqstream import ZMQStream


class PortlessOutput(IOPubThread):
    """The thread that publishes output, listening on a file beside the kernel's other connections.

    Where the kernel itself listens on ports it does as ipykernel does.
    """

    _address: str | None = None

    def _setup_pipe_in(self) -> None:
        published_at = self.socket.getsockopt_string(zmq.LAST_ENDPOINT)
        if not published_at.startswith("ipc://"):
            super()._setup_pipe_in()  # type: ignore[no-untyped-call]
            return
        self._address = f"{published_at}-forked"
        self._pipe_uuid = os.urandom(16)
        collected = self.socket.context.socket(zmq.PULL)
        collected.linger = 0
        collected.bind(self._address)
        self._pipe_in = ZMQStream(collected, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[Any, Any]:
        if self._address is None:
            return super()._setup_pipe_out()  # type: ignore[no-untyped-call, no-any-return]
        context: zmq.Context[Any] = zmq.Context()
        out = context.socket(zmq.PUSH)
        out.linger = 3000  # milliseconds to get rid of what was printed before the process ends
        out.connect(self._address)
        return context, out


class QuietStream(OutStream):
    """Standard output or errors; asked to flush, it wakes the publishing thread only if there is something.

    ipykernel flushes both several times a cell, and waits each time for the other thread.
    """

    def flush(self) -> None:
        """Publish what was written since the last time."""
        with self._buffer_lock:
            written = bool(self._buffers)
        if written or self.echo is not None:
            super().flush()  # type: ignore[no-untyped-call]
