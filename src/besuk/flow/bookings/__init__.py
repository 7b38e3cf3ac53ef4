"""Step 2: holds, bookings, quota."""
