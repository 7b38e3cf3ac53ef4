"""Commands and processes."""
