"""The process that reports are forked from, by itself."""

from __future__ import annotations

import gc
import os
import sys

from kernel_runs import WHO, gone, run, who

from vgstats.kernels import forks
from vgstats.kernels.zygote import Imported


def test_it_is_waited_for_when_it_is_shut_down(tmp_path):
    run(tmp_path, WHO)
    process = forks._zygotes[-1].process
    forks.shut_down()
    assert process.returncode == 0
    forks.shut_down()


def test_a_child_that_nobody_waits_for_any_more_ends(tmp_path):
    child = forks.fork(dict(os.environ), str(tmp_path), [])
    child.link.close()
    assert gone(child.pid)


def test_one_whose_files_have_changed_lets_its_children_finish(tmp_path):
    child = forks.fork(dict(os.environ), str(tmp_path), [])
    (zygote,) = (z for z in forks._zygotes if z.usable)
    forks._retire(zygote)
    assert who(run(tmp_path, WHO))[1] != zygote.process.pid
    child.link.send((0, "1 + 1"))
    outputs, count, failed = child.link.recv()
    assert (outputs[0][0].data["text/plain"], count, failed) == ("2", 1, False)
    child.link.close()
    assert zygote.process.wait() == 0


def test_what_a_package_reads_for_every_report_is_read_once_and_watched(tmp_path, monkeypatch):
    package = tmp_path / "warmed"
    package.mkdir()
    (package / "figures.csv").write_text("1")
    (package / "__init__.py").write_text("read = []\ndef warm_up():\n    read.append(1)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    imported = Imported()
    imported.load(["warmed"])
    imported.load(["warmed"])
    gc.unfreeze()
    assert sys.modules.pop("warmed").read == [1]
    assert not imported.changed()
    os.utime(package / "figures.csv", (1, 1))
    assert imported.changed()
