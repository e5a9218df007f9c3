"""How hypothesis looks for examples in every folder, whichever are run together."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "sangdam",
    deadline=None,  # two cores, several people
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("nightly", settings.get_profile("sangdam"), max_examples=1000)
settings.load_profile("sangdam")  # scripts/test --nightly takes the other one
