"""The information systems that may connect to a school."""

import uuid

from django.db import models
from oauth2_provider.models import AbstractApplication

from accounts.privacy import Retention


class ApiClient(AbstractApplication):
    """An OAuth application that belongs to one school. It stands in for the library's own from the first migration
    on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    class Privacy:
        public = (
            "id",
            "school",
            "client_id",
            "redirect_uris",
            "post_logout_redirect_uris",
            "client_type",
            "authorization_grant_type",
            "client_secret",
            "hash_client_secret",
            "name",
            "skip_authorization",
            "created",
            "updated",
            "algorithm",
            "allowed_origins",
            "cimd_expires_at",
            "registration_source",
        )
        personal = ("user",)
        special = ()
        retention = Retention.SCHOOL
