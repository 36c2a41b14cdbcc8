"""Training history and e-learning logs from files: completions from before the system."""
