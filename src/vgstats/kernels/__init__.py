"""Kernels that start warm: forked from a process that has imported what report notebooks need."""
