"""Many users at once, with one password."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.operations.users import NewUser, create_users

pytestmark = pytest.mark.django_db


def test_users_come_back_in_order_and_share_the_password() -> None:
    new = [NewUser(" Zoe@School.example ", "Zoe Zed"), NewUser("abe@school.example", "Abe Ay")]

    made = create_users(users=new, password_hash=make_password("a long enough password"))

    assert [user.email for user in made] == ["zoe@school.example", "abe@school.example"]
    for user in User.objects.all():
        assert user.check_password("a long enough password")
        assert user.is_active
        assert not user.is_superuser


def test_one_address_that_is_taken_refuses_them_all() -> None:
    User.objects.create_user("zoe@school.example", full_name="Zoe Zed")
    new = [NewUser("abe@school.example", "Abe Ay"), NewUser("ZOE@school.example", "Zoe Other")]

    with pytest.raises(IntegrityError), transaction.atomic():
        create_users(users=new, password_hash=make_password(None))

    assert User.objects.count() == 1
