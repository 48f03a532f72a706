"""The process that kernels are forked from, by itself."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys

import pytest
from kernel_runs import WHO, gone, run, who

from vgstats.kernels import forks, server
from vgstats.kernels.zygote import Zygote


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


def test_what_a_package_reads_for_every_report_is_read_once_and_watched(tmp_path, monkeypatch):
    package = tmp_path / "warmed"
    package.mkdir()
    (package / "figures.csv").write_text("1")
    (package / "__init__.py").write_text("read = []\ndef warm_up():\n    read.append(1)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = Zygote(ours, {})
        process.load(["warmed"])
        process.load(["warmed"])
        assert sys.modules.pop("warmed").read == [1]
        assert process._changed() == ""
        gc.unfreeze()
        os.utime(package / "figures.csv", (1, 1))
        assert process._changed() == str(package / "figures.csv")
