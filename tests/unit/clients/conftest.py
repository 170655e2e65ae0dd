from tests.unit.clients.signing_in import nothing_to_sign_in_with

__all__ = ["nothing_to_sign_in_with"]
