"""A short form of the long run, and the rule by which it calls memory flat."""
