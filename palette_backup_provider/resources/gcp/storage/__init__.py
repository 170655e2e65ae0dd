"""What a bucket on Google Cloud is made of: its settings, its rules, and what is in it."""
