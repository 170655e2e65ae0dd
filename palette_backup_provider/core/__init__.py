"""The vocabulary of the provider. Imports nothing from the rest of the package, and no Pulumi."""
