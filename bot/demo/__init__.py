"""The demo without a token: the real bot against a simulated Discord, in the browser."""
