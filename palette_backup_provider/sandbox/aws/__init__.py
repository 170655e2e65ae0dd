"""AWS: moto, and the rules that it does not know."""
