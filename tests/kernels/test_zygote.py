"""The process that kernels are forked from, by itself."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from kernel_runs import WHO, gone, run, who

from vgstats.kernels import forks, server


def order(folder) -> server.Order:
    environment = {**os.environ, **forks._server.environment}
    return server.Order(["-f", str(folder / "kernel.json")], environment, str(folder), [])


def test_it_is_waited_for_when_it_is_shut_down(tmp_path):
    run(tmp_path, WHO)
    process = forks._server._process
    forks.shut_down()
    assert process.returncode == 0
    forks.shut_down()


def test_a_kernel_that_nobody_waits_for_any_more_is_ended(tmp_path, monkeypatch):
    _, zygote = who(run(tmp_path, WHO, WHO))
    os.kill(zygote, signal.SIGSTOP)
    try:
        monkeypatch.setattr(server, "_PATIENCE", 0.1)
        with pytest.raises(server.NoForkError, match="0 seconds"):
            asyncio.run(forks.fork_kernel(order(tmp_path)))
    finally:
        os.kill(zygote, signal.SIGCONT)
    monkeypatch.undo()
    known = set(forks._server._ended)
    kernel, again = who(run(tmp_path, WHO))
    assert again == zygote
    (unwanted,) = set(forks._server._ended) - known - {kernel}
    assert gone(unwanted)
    assert forks._server.status(unwanted) == -signal.SIGKILL
