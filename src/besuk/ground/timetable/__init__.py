"""Supply: weekly session templates and closures become slots."""
