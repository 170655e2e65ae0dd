"""S3Proxy: S3 in front of other stores (Apache 2.0), here of a folder. From Maven Central; what
Maven brings is used only if it has the contents that `s3proxy.sum` pins.

Version 2.2 is of 2024: it knows none of the checksums that boto3 sends since January 2025.

To pin anew after a change of the version: run this, and take the SHA-256 sums of what Maven copies.
"""

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificates

from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.tools.cache import Cache
from tests.stores.store import HOST, KEY, Certificate, Kind, Launch

VERSION = "2.2.0"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>palette-backup</groupId>
  <artifactId>tests-s3proxy</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.gaul</groupId>
      <artifactId>s3proxy</artifactId>
      <version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""
_PASSWORD = "of-a-keystore-in-a-test"


def pinned() -> dict[str, str]:
    """The SHA-256 sum of each file, by its name."""
    lines = Path(__file__).with_name("s3proxy.sum").read_text().splitlines()
    return {name: found for found, name in (line.split() for line in lines)}


def demand_pinned(folder: Path) -> None:
    """Refuse a folder that holds anything but what is pinned."""
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    wrong = sorted(name for name, _ in there.items() ^ pinned().items())
    assert not wrong, f"Maven brought other files than are pinned: {', '.join({*wrong})}"


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    assert maven, "Install Maven and Java 11 or newer: there is no `mvn` on PATH to get S3Proxy."
    pom = folder / "pom.xml"
    pom.write_text(POM)
    where = [f"-DoutputDirectory={folder / 'lib'}", "-DincludeScope=runtime"]
    subprocess.run(
        [maven, "-q", "-B", "-f", str(pom), COPY, *where], env=env.cleared(os.environ), check=True
    )
    demand_pinned(folder / "lib")


@cache
def jars() -> Path:
    """The folder of S3Proxy and of what it needs, got once and kept."""
    return Cache.of_user().make(f"s3proxy-{VERSION}", _fetch, print) / "lib"


def _prepare(folder: Path, port: int, certificate: Certificate | None) -> Launch:
    (folder / "data").mkdir()
    settings = {
        "s3proxy.authorization": "aws-v4",
        "s3proxy.identity": KEY[0],
        "s3proxy.credential": KEY[1],
        "jclouds.provider": "filesystem",
        "jclouds.filesystem.basedir": str(folder / "data"),
        "jclouds.identity": "unused",
        "jclouds.credential": "unused",
    }
    if certificate:
        store = folder / "store.p12"
        store.write_bytes(_keystore(certificate))
        settings |= {
            "s3proxy.secure-endpoint": f"https://{HOST}:{port}",
            "s3proxy.keystore-path": str(store),
            "s3proxy.keystore-password": _PASSWORD,
        }
    else:
        settings["s3proxy.endpoint"] = f"http://{HOST}:{port}"
    file = folder / "s3proxy.conf"
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    java = shutil.which("java")
    assert java, "Install Java 11 or newer: there is no `java` on PATH to run S3Proxy with."
    command = [java, "-Xmx256m", "-cp", f"{jars()}/*", "org.gaul.s3proxy.Main"]
    return Launch([*command, "--properties", str(file)], {})


def _keystore(certificate: Certificate) -> bytes:
    first, *others = load_pem_x509_certificates(certificate.chain)
    key = load_pem_private_key(certificate.key, None)
    return pkcs12.serialize_key_and_certificates(
        b"s3proxy",
        key,  # type: ignore[arg-type]
        first,
        others,
        BestAvailableEncryption(_PASSWORD.encode()),
    )


S3PROXY = Kind("s3proxy", _prepare, checks_region=False, knows_checksums=False)
