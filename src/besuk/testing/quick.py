"""Hashing as in production, but cheap: a test signs in many people."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and format; what production hashed can be checked here and the other way round."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
