"""Google Cloud, through its REST APIs."""
