"""One story for each thing the service does."""
