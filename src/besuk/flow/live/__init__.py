"""Step 4: the call itself."""
