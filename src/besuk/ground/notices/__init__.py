"""Messages to people: templates, channels, delivery log. Knows no visit."""
