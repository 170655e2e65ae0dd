"""Azure: Resource Manager, Entra and Blob Storage."""
