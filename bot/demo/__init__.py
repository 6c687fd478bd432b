"""The demo: the real bot against a simulated Discord in the browser; no token, no network."""

from bot.demo.running import run_demo

__all__ = ["run_demo"]
