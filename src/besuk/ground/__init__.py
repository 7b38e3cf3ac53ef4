"""What every step of a visit stands on."""
