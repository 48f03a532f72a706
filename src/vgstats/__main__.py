"""`python -m vgstats` is `vgstats`."""

from vgstats.cli import main

if __name__ == "__main__":  # and not in a process that it starts
    main()
