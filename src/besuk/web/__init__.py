"""How people reach the flow."""
