"""Step 5: the officer's side: wall, listening, warnings, notes."""
