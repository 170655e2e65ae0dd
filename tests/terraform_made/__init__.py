"""Every location that Spectro Cloud's Terraform provider can make: what is in its state, and the
request by which it makes it.

https://github.com/spectrocloud/terraform-provider-spectrocloud,
spectrocloud/common_backup_storage_location.go
"""
