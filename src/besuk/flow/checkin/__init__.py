"""Step 3: device test, arrival, waiting room, no-show."""
