"""What is said of Google Cloud, and holds no secret."""

MESSAGES = (
    "It refused POST /v1/projects/my-project/serviceAccounts/nightly@my-project.iam."
    "gserviceaccount.com/keys (400 FAILED_PRECONDITION): Precondition check failed.",
)
