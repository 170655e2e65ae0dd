"""Azure Resource Manager, Microsoft Graph and Blob Storage, through their REST APIs."""
