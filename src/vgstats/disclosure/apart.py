"""Blocks that share no number are decided in processes of their own, where there is enough to do.

What is decided in a block depends on nothing outside it, so it is the same with any number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import current_process, get_context

from vgstats.disclosure.moves import Block
from vgstats.disclosure.statements import Mask

Decide = Callable[[Block, Mask], Mask | None]

_WORTH = 600  # small numbers in all blocks but the largest, about ten seconds of work


def each_apart(decide: Decide, parts: Sequence[Block], primary: Mask) -> list[Mask | None]:
    """Return what is decided of each block, from the small numbers of the whole system."""
    masks = [primary[part.rows] for part in parts]
    small = sorted(int(mask.sum()) for mask in masks)
    processes = min(os.cpu_count() or 1, len(parts))
    if processes > 1 and sum(small[:-1]) >= _WORTH and not current_process().daemon:
        try:
            with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
                return list(pool.map(decide, parts, masks))
        except BrokenProcessPool:
            pass  # none can be started here, as in a script that does not guard its main part
    return [decide(part, mask) for part, mask in zip(parts, masks, strict=True)]
