"""What an AWS bucket is made of: its settings, its rules, and what is in it."""
