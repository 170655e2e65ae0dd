"""The regions of AWS, their partitions, and which of them Palette can use.

botocore knows those of its time; newer ones may be there as well.
"""

import re
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from palette_backup_provider.core.places import COMPASS, nearest

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
}
PALETTE_PARTITIONS = ("aws", "aws-us-gov", "aws-iso", "aws-iso-b")


@cache
def known() -> frozenset[str]:
    """Their codes, in all partitions; empty without botocore."""
    try:
        from botocore.loaders import create_loader
    except ModuleNotFoundError:
        return frozenset()
    partitions = create_loader().load_data("partitions")["partitions"]
    codes = (region for partition in partitions for region in partition["regions"])
    return frozenset(region for region in codes if not region.endswith("-global"))


def demand_plausible(region: str) -> None:
    """Raise ValueError for a name that no region can have: of its words, one is no direction."""
    if region.split("-")[-2] not in COMPASS:
        raise ValueError(f"{region!r} is no AWS region.{nearest(region, known())}")


def absent(region: str, why: str) -> str:
    """The message for a region that botocore does not know, and for which AWS does not answer."""
    return (
        f"{region!r} is no AWS region that the installed botocore knows, and S3 does not answer "
        f"for it.{nearest(region, known())} {why}"
    )


def partition(region: str) -> str:
    """The AWS partition that `region` is in, by its prefix."""
    return next((name for prefix, name in PARTITIONS.items() if region.startswith(prefix)), "aws")


def palette_region(region: str) -> str:
    """`region`, if it is AWS's, of a partition that Palette can use."""
    if not REGION.fullmatch(region):
        raise ValueError(f"{region!r} is not an AWS region: expected the form of eu-west-1")
    if partition(region) not in PALETTE_PARTITIONS:
        raise ValueError(
            f"{region!r} is in the partition {partition(region)}; Palette knows only "
            f"{', '.join(PALETTE_PARTITIONS)}"
        )
    demand_plausible(region)
    return region


PaletteRegion = Annotated[str, AfterValidator(palette_region)]
