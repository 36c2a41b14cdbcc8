"""Services of the reports app, one matter per module."""
