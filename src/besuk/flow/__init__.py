"""The visit, step by step, left to right."""
