"""Django's SQLite backend with the parameter limit the linked SQLite really has."""
