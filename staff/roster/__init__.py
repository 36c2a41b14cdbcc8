"""Rosters: read a sheet, compare it with the city, write the difference."""
