"""Writes of the leaders app that touch several rows or need a lock."""
