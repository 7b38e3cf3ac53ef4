"""The media server behind our own words."""
