"""What AWS's own headers may be mangled into."""

HEADERS = {"x-amz-bucket-region": ("", "mars")}
