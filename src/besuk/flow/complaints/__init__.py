"""After a visit: how it was for the family, what they complain of, and what they were answered."""
