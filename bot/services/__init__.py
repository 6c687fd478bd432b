"""The use cases: each a class with its rules, handed what it needs."""
