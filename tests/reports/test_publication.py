"""A report for publication."""
