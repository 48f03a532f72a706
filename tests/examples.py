"""How many random examples a test has; the whole suite's own numbers are in `conftest`.

Imported by tests only, so that the profile of the run has been chosen by then.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

# Each example takes long.
fewer = settings(max_examples=settings.default.max_examples // 2)
# The test's folder is the same for all examples, which write to it anew.
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
# What the examples share is slow, and so is explaining why one of them fails.
bounded = settings(
    phases=[phase for phase in Phase if phase is not Phase.explain],
    suppress_health_check=list(HealthCheck),
)
