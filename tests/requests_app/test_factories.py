import pytest

from requests_app.choices import Status
from requests_app.models import Request
from tests.factories import make_request


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_a_request_of_any_status_satisfies_the_database(status: str) -> None:
    first, second = make_request(status), make_request(status)
    assert Request.objects.filter(status=status).count() == 2
    assert status == Status.DRAFT or str(first.rank) < str(second.rank)
