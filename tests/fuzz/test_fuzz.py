"""A little of every fuzzing, each time; and what it found before."""

from __future__ import annotations

import pytest
from fuzzed import TARGETS
from hypothesis import HealthCheck, given, settings

untimed = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found_in_a_few_tries(name: str) -> None:
    target = TARGETS[name]

    @untimed
    @given(target.inputs)
    def attempt(value: object) -> None:
        target.check(value)

    attempt()


@pytest.mark.parametrize(("name", "value"), [("extract", "·".encode())])
def test_what_was_found_before_is_not_found_again(name: str, value: object) -> None:
    TARGETS[name].check(value)
