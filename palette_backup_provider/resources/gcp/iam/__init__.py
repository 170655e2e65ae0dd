"""What service accounts, their keys and their bindings on Google Cloud share."""
