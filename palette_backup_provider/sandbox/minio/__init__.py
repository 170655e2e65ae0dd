"""MinIO: the real server."""
