"""Kernels are forked on Linux only; the tests of forking are for there."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def _only_where_kernels_are_forked() -> None:
    if sys.platform != "linux":
        pytest.skip("kernels are forked on Linux only")
