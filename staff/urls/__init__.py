"""Addresses of the staff app."""
