"""Google Cloud: IAM and Cloud Storage."""
