"""Devices that are held, searches, and what people are allowed with phones and pictures: the plain words."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """What is held."""

    PHONE = "phone"
    TABLET = "tablet"
    LAPTOP = "laptop"
    COMPUTER = "computer"
    WATCH = "watch"
    CAMERA = "camera"
    CONSOLE = "console"
    STORAGE = "storage"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word shown."""
        return {
            "phone": "Phone",
            "tablet": "Tablet",
            "laptop": "Laptop",
            "computer": "Computer",
            "watch": "Smart watch",
            "camera": "Camera",
            "console": "Games console",
            "storage": "Memory stick, card or disk",
            "other": "Something else",
        }[self.value]


class Ending(StrEnum):
    """How the school came to hold a device no longer."""

    RETURNED = "returned"
    KEPT_OUTSIDE = "kept_outside"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"returned": "Given back", "kept_outside": "Stays with those outside the school"}[self.value]


class Authority(StrEnum):
    """By what right a search was authorised."""

    HEADTEACHER = "headteacher"
    AUTHORISED = "authorised"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"headteacher": "The headteacher", "authorised": "Somebody whom the headteacher authorised"}[self.value]


class AllowanceKind(StrEnum):
    """What somebody is allowed, or has consented to."""

    PHONE = "phone"
    IMAGES_OFF_SITE = "images_off_site"
    PHOTO_CONSENT = "photo_consent"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "phone": "Phone at school",
            "images_off_site": "Images taken off site",
            "photo_consent": "Consent to photographs",
        }[self.value]

    @property
    def hint(self) -> str:
        """Whom it concerns, in one line."""
        return {
            "phone": "A pupil may bring a phone: they walk home alone, or board.",
            "images_off_site": "A member of staff may take images of pupils off the site.",
            "photo_consent": "Somebody agreed to be photographed. From 13 on a pupil says so themselves.",
        }[self.value]


class AllowanceGround(StrEnum):
    """Why a pupil may have a phone at school."""

    WALKS_ALONE = "walks_alone"
    BOARDER = "boarder"
    HEALTH = "health"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "walks_alone": "Walks home alone",
            "boarder": "Boards at the school",
            "health": "For their health",
            "other": "Another reason",
        }[self.value]


class Giver(StrEnum):
    """Who gives an allowance or a consent, or takes it back."""

    THEMSELVES = "themselves"
    PARENT = "parent"
    SCHOOL = "school"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"themselves": "They themselves", "parent": "A parent or carer", "school": "The school"}[self.value]
