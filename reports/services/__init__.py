"""Acts of the reports app."""
