"""How AWS says no."""

from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.aws.call import Call


def refusal(call: Call, code: str, message: str, status: int = 403) -> Response:
    """An error in the shape of the called service's protocol."""
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if call.service == "ec2":
        body = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
    elif call.service in ("s3", ""):
        body = f"<Error>{error}</Error>"
    else:
        error = f"<Type>Sender</Type>{error}"
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
    return Response(f'<?xml version="1.0"?>{body}', status, content_type="text/xml")


def unknown_key(call: Call) -> Response:
    """How AWS refuses an access key that it does not know, or not yet."""
    if call.service == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return refusal(call, "InvalidAccessKeyId", message)
    message = "The security token included in the request is invalid."
    return refusal(call, "InvalidClientTokenId", message)
