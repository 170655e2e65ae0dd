"""The shapes of Azure's answers."""

from palette_backup_provider.clients.azure import answers, graph_answers, sign_in_answers

MODULES = (answers, graph_answers, sign_in_answers)
ROUTES = {
    "ARM": answers.ARM,
    "Graph": graph_answers.GRAPH,
    "sign-in": sign_in_answers.SIGN_IN,
    "metadata host": sign_in_answers.METADATA,
}
