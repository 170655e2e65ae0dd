"""What all clients share: connections, certificates, deadlines, retries and reading an answer."""
