"""What one process with SQLite takes while nothing happens: memory and processor, its reading child apart.

python benchmarks/scale/idle.py --seconds 60
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def memory(pid: int) -> float:
    """Resident, in MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def processor(pid: int) -> float:
    """Seconds used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes it started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def main(seconds: float) -> None:
    stand_in = subprocess.Popen(
        [sys.executable, str(ROOT / "tests/torture/standin.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert stand_in.stdout is not None
    port = stand_in.stdout.readline().strip()
    url = f"sqlite:///{tempfile.mkdtemp()}/t.sqlite3"
    environment = {**os.environ, "THREADLINE_DATABASE_URL": url, "DISCORD_TOKEN": "MTAwMA.test.token"}
    actor = [sys.executable, str(ROOT / "benchmarks/scale/actor.py"), port]
    subprocess.run(
        [*actor, "db", "upgrade"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    bot = subprocess.Popen([*actor, "run"], env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert bot.stderr is not None
    for line in bot.stderr:
        if "connected" in line:
            break
    time.sleep(10)
    used, began = processor(bot.pid), time.monotonic()
    time.sleep(seconds)
    share = (processor(bot.pid) - used) / (time.monotonic() - began)
    print(f"idle: {memory(bot.pid):.0f} MiB resident, {100 * share:.2f} % of a core")
    for child in children(bot.pid):
        print(f"the child that reads pages: {memory(child):.0f} MiB")
    bot.terminate()
    bot.wait(timeout=30)
    stand_in.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    main(parser.parse_args().seconds)
