"""How Jupyter starts and ends a warm kernel. Chosen by the name `vgstats` wherever Jupyter asks."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Integer, List, Unicode

from vgstats.kernels.forks import fork_kernel
from vgstats.kernels.server import ForkedKernel, NoForkError, Order

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_HARMLESS = {"-Xfrozen_modules=off"}


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from the zygote of this process; starts ordinary ones where that cannot be.

    Only kernels of this very Python are forked. Either kind computes with one thread, unless the
    environment says otherwise: as many kernels as cores are run at the same time.
    """

    process: Any = None
    fork = Bool(True, help="Fork kernels; False starts ordinary ones.").tag(config=True)
    modules = List(Unicode(), help="Modules to import once, before kernels are forked.").tag(
        config=True
    )
    memory = Integer(
        None, allow_none=True, help="Bytes that a kernel may take beyond what it starts with."
    ).tag(config=True)
    scratch = Unicode(help="A folder to remove with the kernel.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Return what to launch with, one computing thread among it."""
        kwargs = await super().pre_launch(**kwargs)
        for name in _THREADS:
            kwargs["env"].setdefault(name, "1")
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel and return how to connect to it."""
        wanted = self._scrub_kwargs(kwargs)
        arguments = _ipykernel_arguments(cmd)
        folder = str(wanted.get("cwd") or Path.cwd())
        # matplotlib reads a matplotlibrc of the current folder when it is imported.
        plain = not wanted.keys() - {"env", "cwd"} and not Path(folder, "matplotlibrc").exists()
        if self.fork and plain and arguments is not None:
            order = Order(
                arguments,
                dict(wanted["env"]),
                folder,
                list(self.modules),
                self.memory,
                self.scratch,
            )
            try:
                self.process = await fork_kernel(order)
            except NoForkError as reason:
                self.log.info("An ordinary kernel is started. %s", reason)
            else:
                self.pid, self.cwd = self.process.pid, folder
                return self.connection_info
        info = await super().launch_kernel(cmd, **kwargs)
        if os.name == "posix":
            from vgstats.kernels.child import limit_memory

            limit_memory(self.process.pid, self.memory)
        return info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Look often for the end that was just asked for: Jupyter itself looks ten times a second."""
        until = time.monotonic() + 0.5
        while isinstance(self.process, ForkedKernel) and time.monotonic() < until:
            if await self.poll() is not None:
                return
            await asyncio.sleep(0.005)


def _ipykernel_arguments(cmd: list[str]) -> list[str] | None:
    """Return ipykernel's arguments when `cmd` starts it with this very Python, else None."""
    for number, word in enumerate(cmd[1:-1], 1):
        if word == "-m":
            ours = cmd[0] == sys.executable and set(cmd[1:number]) <= _HARMLESS
            known = cmd[number + 1] in {"ipykernel", "ipykernel_launcher"}
            return cmd[number + 2 :] if ours and known else None
    return None
