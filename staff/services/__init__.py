"""Writes of the staff app that touch several rows or need a lock."""
