"""Where the peers were measured."""

MEASURED = "100 MinIO locations, another machine with 2 cores"
