"""Wiring: settings, addresses, processes. Imported by nobody."""
