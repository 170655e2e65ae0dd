"""A CA's file is read as OpenSSL reads it: comments may be in any language and any encoding."""

from pathlib import Path

import pytest

from palette_backup_provider.clients.aws.trial import Place, S3Client
from palette_backup_provider.clients.azure.connection import AzureConnection, send
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.trust import certificates
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.authority import Authority
from tests.unit.clients.callers import SECRET
from tests.unit.clients.loopback import Reply, serve

COMMENTS = {
    "utf-8": "# Zertifizierungsstelle für Köln\n".encode(),
    "latin-1": "# Zertifizierungsstelle für Köln\n".encode("latin-1"),
    "byte order mark": b"\xef\xbb\xbf",
}


def call(way: str, url: str, path: Path) -> object:
    text = path.read_bytes().decode("utf-8", "replace")
    config = {"palette:apiKey": SECRET, "palette:host": url}
    match way:
        case "palette" | "palette text":
            config["palette:caCert"] = str(path) if way == "palette" else text
            return PaletteClient.connect(Settings(config.get, {})).tenant()
        case "azure":
            reach = AzureConnection.connect(Settings({"palette:azureCaCert": str(path)}.get, {}))
            return send(reach.http("Azure", url, dict), "GET", "/v1/users/info")
        case "s3":
            place = Place("b", "us-east-1", url, path_style=True, ca_cert=certificates(text))
            return S3Client().round_trip(place, "AKIAEXAMPLE", SECRET, "k")
        case "minio":
            given = {"MINIO_ENDPOINT": url, "MINIO_USER": "me", "MINIO_PASSWORD": SECRET}
            return MinioClient.connect(
                Settings(lambda _: None, {**given, "MINIO_CACERT_FILE": str(path)})
            ).server()
    raise AssertionError(way)


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("way", ["palette", "palette text", "azure", "s3", "minio"])
def test_a_comment_in_any_language(way: str, comment: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.path.write_bytes(COMMENTS[comment] + authority.path.read_bytes())
    with serve(authority.server) as server:
        server.on("GET /v1/users/info", Reply(200, {"tenantUid": "t"}))
        xml = {"Content-Type": "application/xml", "Connection": "close"}
        server.otherwise = Reply(403, "<Error><Code>AccessDenied</Code></Error>", xml)
        try:
            call(way, server.url, authority.path)
        except ApiError as error:
            assert error.status == 403
        assert server.requests


@pytest.mark.parametrize("value", ["", "für Köln", "-----BEGIN CERTIFICATE-----\nü\n"])
def test_what_holds_no_certificate_is_told(value: str) -> None:
    with pytest.raises(ValueError, match="is not a PEM certificate"):
        certificates(value)
