"""Builders and clocks for tests. No product code imports this package."""
