"""Rotation of a credential in place: what a state carries for it, and when which step is due.

A due rotation is an ordinary update of the credential: check moves `made_on` to today and sets
`retiring_until`, so that a preview shows both dates. The update makes a new credential and keeps
the old one as `previous`; whatever uses the credential gets the new one in the same run. No update
of the credential removes the old one, as such an update comes before those of whatever uses it. The
deletion of a small resource beside it does (retired.py): Pulumi deletes last, and only when all
else went well. So the end of the old one changes nothing here: `retiring_until` stays until the
next rotation.
"""
