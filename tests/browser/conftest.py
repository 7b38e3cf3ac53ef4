"""A running demo of its own for each file of tests, and windows of real Chromium."""

from besuk.testing.running import at_a_running_demo

home, site, chromium = at_a_running_demo("module")
