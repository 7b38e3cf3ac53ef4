"""The prison: its policy, blocks, inmates, rooms and stations."""
