"""Feed bytes in, entries out; topic queries."""
