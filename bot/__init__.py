"""Threadline: reads the articles a community shares and keeps their discussions together."""

__version__ = "0.1.0"
