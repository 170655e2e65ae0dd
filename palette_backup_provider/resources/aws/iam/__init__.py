"""What users, roles, policies and access keys on AWS share."""
