"""Forms of the reports app, one matter per module."""
