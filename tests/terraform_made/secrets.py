"""What is secret in what the provider makes."""

import trustme

SECRET = "s3cr3t-0f-th31r5-zq9x"
CA = trustme.CA().cert_pem.bytes().decode()
