"""Forms of the leaders app."""
