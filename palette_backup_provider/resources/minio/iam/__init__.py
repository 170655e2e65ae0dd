"""What users, policies and access keys on MinIO share."""
