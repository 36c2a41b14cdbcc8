"""Writes of the training app that touch several rows or need a lock."""
