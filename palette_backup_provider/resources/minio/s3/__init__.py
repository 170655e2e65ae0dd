"""What is in a bucket on MinIO, and whether Velero can work with it."""
