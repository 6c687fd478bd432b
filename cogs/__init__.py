"""Discord commands and events: ask a service, draw its answer, decide nothing."""
