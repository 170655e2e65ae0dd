"""Programs in YAML that make a location on AWS."""
