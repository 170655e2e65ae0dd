"""What Azure's own headers may be mangled into."""

HEADERS = {"Azure-AsyncOperation": ("http://[", "", "https://elsewhere.example/")}
