"""What was done, by whom: one hash chain per facility, written in the transaction of the act."""
