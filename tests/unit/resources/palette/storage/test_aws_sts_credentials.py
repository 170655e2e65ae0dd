"""A role instead of a key, as the credentials of a location."""

from tests.unit.resources.palette.tenant import STS, Tenant, storage


def test_a_key_gives_way_to_a_role_in_place(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage())
    stack.update(made, **storage(credentials=STS))
    assert tenant.only().body["spec"]["config"]["credentials"] == {
        "credentialType": "sts",
        "sts": {"arn": STS["role_arn"], "externalId": STS["external_id"]},
        "partition": "aws",
    }
