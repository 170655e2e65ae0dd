"""The shapes of Google Cloud's answers."""

from palette_backup_provider.clients.gcp import answers

MODULES = (answers,)
ROUTES = {"Google": answers.ROUTES}
