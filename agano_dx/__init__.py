"""Agano DX: the wiring of the project."""

VERSION = "0.1.0"
