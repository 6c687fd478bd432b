"""Fuzzes for as long as it is told: python tests/fuzz [--minutes 60] [--only extract]."""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback

from fuzzed import TARGETS, Target
from hypothesis import HealthCheck, given, settings

#: A single input that takes longer is a finding.
LONGEST = 20  #: seconds


def fuzz(target: Target, until: float) -> int:
    """Try inputs until then; returns how many. Raises what the first bad one raises, made small."""
    tried = 0

    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def attempt(value: object) -> None:
        nonlocal tried
        tried += 1
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        target.check(value)
        faulthandler.cancel_dump_traceback_later()

    while time.monotonic() < until:
        attempt()
    return tried


def main() -> int:
    """Share the time among the targets; 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--only", choices=TARGETS, action="append")
    chosen = parser.parse_args()
    names = chosen.only or list(TARGETS)
    failed = False
    for name in names:
        began = time.monotonic()
        try:
            tried = fuzz(TARGETS[name], began + chosen.minutes * 60 / len(names))
        except Exception:  # noqa: BLE001  (whatever it is, it is a finding)
            failed = True
            sys.stdout.write(
                f"{name}: a finding; write it down in tests/fuzz/test_fuzz.py\n{traceback.format_exc()}\n"
            )
        else:
            sys.stdout.write(f"{name}: {tried} inputs in {time.monotonic() - began:.0f} s, nothing found\n")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
