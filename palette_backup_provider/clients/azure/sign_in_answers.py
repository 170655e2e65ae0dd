"""What is read of the answers of Microsoft Entra ID and of a cloud's metadata host."""

from typing import Annotated

from pydantic import Field

from palette_backup_provider.clients.rest.answers import ABSENT, Name, Routes, Shape, Url


class Token(Shape):
    access_token: Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")]


class Login(Shape):
    loginEndpoint: Url = ABSENT


class Cloud(Shape):
    name: str
    authentication: Login = ABSENT
    resourceManager: Url = ABSENT
    microsoftGraphResourceId: Url = ABSENT


class Claims(Shape):
    """What an access token says of itself."""

    tid: Name
    roles: list[str] = ABSENT
    scp: str = ABSENT
    wids: list[str] = ABSENT


SIGN_IN = Routes({"POST /{tenant}/oauth2/v2.0/token": Token})
METADATA = Routes({"GET /metadata/endpoints": list[Cloud]})
