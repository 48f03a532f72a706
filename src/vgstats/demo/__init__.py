"""Synthetic national figures, to try vgstats with: every one of them is made up."""

from vgstats.demo.national import MEASURES, Size, write_demo
from vgstats.demo.passing import store

__all__ = ["MEASURES", "Size", "store", "write_demo"]
