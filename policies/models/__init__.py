"""Every model of this app; the only path by which other apps import them."""

from policies.models.adoptions import PackAdoption, PackEdition

__all__ = ["PackAdoption", "PackEdition"]
