"""What stands before every service: faults, limits, delays and the routes that set them."""
