import pytest

from palette_backup_provider.clients.aws.regions import palette_region, partition


@pytest.mark.parametrize(
    ("region", "of"),
    [
        ("eu-west-1", "aws"),
        ("mx-northwest-9", "aws"),  # newer than any list of ours may be
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
    ],
)
def test_a_region_that_may_be_there_is_taken(region: str, of: str) -> None:
    assert palette_region(region) == region and partition(region) == of


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("eu-wst-1", "'eu-wst-1' is no AWS region. Did you mean eu-west-1?"),
        ("mars-moon-1", "'mars-moon-1' is not an AWS region: expected the form of eu-west-1"),
        ("aa-moon-1", "'aa-moon-1' is no AWS region."),
        ("cn-north-1", "'cn-north-1' is in the partition aws-cn; Palette knows only aws, aws-us-g"),
    ],
)
def test_what_no_region_is_called_is_refused(region: str, says: str) -> None:
    with pytest.raises(ValueError) as refused:
        palette_region(region)
    assert str(refused.value).startswith(says)
