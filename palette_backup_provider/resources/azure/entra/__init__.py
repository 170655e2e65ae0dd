"""What applications and their client secrets share."""
