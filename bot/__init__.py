"""Threadline: reads the articles a community shares and keeps their discussions together."""

import os

__version__ = "0.1.0"

# The linear algebra that comes with numpy starts a thread for every further core. Each waits for its first work in a
# busy loop, 45 ms of CPU time whenever numpy is imported, and none gets any here: they shall sleep at once.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
