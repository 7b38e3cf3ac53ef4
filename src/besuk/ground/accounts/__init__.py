"""Who is who: staff and visitors, their sign-in, roles and capabilities."""
