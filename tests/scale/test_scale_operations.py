"""What operators are given agrees with what the bot does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import build
from bot.metrics import Metrics
from bot.model import Backlog, GivenUp, JobKind
from bot.sandbox import SandboxKilled

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def names() -> frozenset[str]:
    """Every metric that a process shows."""
    metrics = Metrics()

    class Child:
        async def run(self, *_: Any) -> None:
            raise SandboxKilled("too slow")

    with pytest.raises(SandboxKilled):
        await metrics.metered(Child()).run(print)  # type: ignore[arg-type]
    metrics.answered("GET", 200, None)
    dead = GivenUp(kind=JobKind.FEED, id=1, why="gone")
    text = metrics.show([Backlog(kind=JobKind.FEED, due=1, oldest=None)], [dead], [(0, 0.1)], 0).decode()
    return frozenset(re.findall(r"^([a-z_]+)[{ ]", text, re.MULTILINE))


def used(text: str) -> set[str]:
    return set(re.findall(r"\b(?:threadline|process)_[a-z_]+\b", text)) - {"threadline_"}


@pytest.mark.parametrize(
    "file", ["docs/grafana/dashboard.json", "docs/grafana/alerts.yaml", "docs/operations.md"]
)
def test_only_metrics_that_exist_are_drawn_and_watched(file: str, names: frozenset[str]) -> None:
    assert used((ROOT / file).read_text()) <= names


def test_the_dashboard_and_the_rules_can_be_read() -> None:
    dashboard = json.loads((ROOT / "docs/grafana/dashboard.json").read_text())
    rules = yaml.safe_load((ROOT / "docs/grafana/alerts.yaml").read_text())

    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    assert all(rule["expr"] and rule["annotations"]["summary"] for rule in rules["groups"][0]["rules"])


def test_containers_run_commands_that_exist_as_nobody_in_particular() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    dockerfile = (ROOT / "Dockerfile").read_text()
    commands = {info.name or info.callback.__name__ for info in build().registered_commands if info.callback}

    asked = [service["command"][0] for service in compose["services"].values() if "command" in service]

    assert set(asked) == {"run", "worker", "deliver"}
    assert set(asked) <= commands
    assert "\nUSER threadline\n" in dockerfile
    assert re.search(r"^FROM .*-slim$", dockerfile, re.MULTILINE)


def test_no_worker_is_handed_the_token() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    holders = {
        name for name, service in services.items() if "DISCORD_TOKEN" in service.get("environment", {})
    }

    assert holders == {"bot", "gateway", "deliver"}


def test_the_image_is_given_every_file_that_it_copies() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        for name in line.split()[:-1]
    }

    assert copied <= kept
    assert all((ROOT / name).exists() for name in copied)
