"""Besuk: supervised video visits between people in prison and their families."""
