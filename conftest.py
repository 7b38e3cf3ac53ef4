"""Tests find the cast, the clock and places of their own in besuk.testing.plugin."""

pytest_plugins = ["besuk.testing.plugin"]
