"""Parts that pages of every audience share."""
