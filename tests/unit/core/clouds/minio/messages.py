"""What is said of MinIO, and holds no secret."""

MESSAGES = (
    'http://127.0.0.1:9000 answered s3:list_buckets with 403: <?xml version="1.0"?><Error>'
    "<Code>InvalidAccessKeyId</Code></Error>",
)
