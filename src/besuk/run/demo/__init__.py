"""The demo: a whole site with made-up people (`make demo`)."""
