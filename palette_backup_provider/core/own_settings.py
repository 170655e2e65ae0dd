"""The settings of this package itself."""

from collections.abc import Mapping

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.namespace import Key, Namespace

API_KEY = Key(
    "palette:apiKey",
    "The API key; required.",
    ("PALETTE_API_KEY", "SPECTROCLOUD_APIKEY"),
    secret=True,
)
HOST = Key(
    "palette:host",
    "A self-hosted Palette, by host or address. Default: api.spectrocloud.com.",
    ("PALETTE_HOST", "SPECTROCLOUD_HOST"),
)
PROJECT = Key(
    "palette:project",
    "Name or uid of the project that locations go into.",
    ("PALETTE_PROJECT",),
)
CA_CERT = Key(
    "palette:caCert",
    "PEM, or the path of a file of it, of the CA that signs Palette's certificate.",
    ("PALETTE_CA_CERT",),
)
INSECURE = Key(
    "palette:insecure",
    "`true` allows plain http beyond this machine.",
    ("PALETTE_INSECURE",),
    takes=bool,
)
RECOVER = Key(
    "palette:recover",
    "`true` reclaims what this stack made although it is in use: its state was lost.",
    ("PALETTE_RECOVER",),
    takes=bool,
)
STORAGE_STAYS = Key(
    "palette:storageStays",
    "`true`, for one destroy with `--target` or `--exclude`: the storage stays, so a "
    "location goes without asking it.",
    ("PALETTE_STORAGE_STAYS",),
    takes=bool,
)
DEEP_REFRESH = Key(
    "palette:deepRefresh",
    "`true` has every refresh try the credential of each location. Default: false.",
    ("PALETTE_DEEP_REFRESH",),
    takes=bool,
)
QUIET = Key(
    "palette:quiet",
    "`true` tells nothing of how waits get on. What a run changed or warns of is told all the "
    "same. Default: false.",
    ("PALETTE_QUIET",),
    takes=bool,
)
NATIVE = Key(
    "palette:native",
    "`true` has the plugin serve a program in Python, as it serves those in other languages. "
    "Default: false.",
    takes=bool,
)
TAGS = Key("palette:tags", "Tags on everything that carries tags, a map.", takes=Mapping[str, str])
NAME_PREFIX = Key("palette:namePrefix", "What every made name begins with.")

PALETTE = Namespace(
    "palette",
    (
        API_KEY,
        HOST,
        PROJECT,
        CA_CERT,
        INSECURE,
        RECOVER,
        STORAGE_STAYS,
        DEEP_REFRESH,
        QUIET,
        NATIVE,
        TAGS,
        NAME_PREFIX,
        *(key for cloud in CLOUDS.values() for key in cloud.keys),
    ),
)
