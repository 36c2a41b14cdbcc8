"""Pages of the leaders app."""
