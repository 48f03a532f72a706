"""Ctrl-C while figures are read is Ctrl-C, and no error of the database (in a real run: test_round)."""

from __future__ import annotations

import pytest

from vgstats.store.files import interruptible


def test_what_the_database_makes_of_an_interruption_is_one_again():
    with pytest.raises(KeyboardInterrupt), interruptible():
        raise RuntimeError("Query interrupted")


def test_another_error_is_left_as_it_is():
    with pytest.raises(RuntimeError, match="something else"), interruptible():
        raise RuntimeError("something else")
