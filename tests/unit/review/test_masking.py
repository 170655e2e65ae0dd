"""A public comment shows no id, and still tells one from another."""

from palette_backup_provider.review.markdown import markdown
from palette_backup_provider.review.masking import Mask
from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import report
from tests.unit.review.golden import RECORDED
from tests.unit.review.sample import digest, step

IDS = (
    "123456789012",
    "00000000-0000-4000-8000-000000000001",
    "0123456789abcdef01234567",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "acme-backups-prod",
)


def test_ids_are_numbered() -> None:
    values = {"made_by": " ".join(IDS[:4]), "email": "x@acme-backups-prod.iam.example"}
    changed = step("create", "some:Bucket", None, {**values, "__made_under": IDS[4]})
    found = preview("p", digest(changed))
    comment = Mask([found])(markdown([report(found)]))
    assert not [one for one in IDS if one in comment]
    assert "account-" in comment and "x@place-" in comment
    mask = Mask([found])
    assert mask(IDS[0]) == mask(IDS[0]) != mask("210987654321")


def test_no_recorded_comment_shows_an_account() -> None:
    for file in RECORDED:
        found = preview(file.name, file.read_text())
        assert "123456789012" not in Mask([found])(markdown([report(found)]))
