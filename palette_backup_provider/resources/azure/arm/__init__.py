"""What resource groups, roles and storage accounts share."""
