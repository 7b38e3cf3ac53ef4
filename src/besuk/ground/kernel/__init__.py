"""Facility identity, time, refusals, lifecycles, locks, outbox, secrets: what everything stands on."""
