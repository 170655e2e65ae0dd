"""The vocabulary of the provider. Imports nothing from the rest of the package, and no Pulumi.

Messages name Pulumi's commands all the same, and some rules exist because of what its engine does,
such as checking a replacement twice.
"""
