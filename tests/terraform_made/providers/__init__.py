"""What each provider that the location is kept with can make: a module each, which is found."""
