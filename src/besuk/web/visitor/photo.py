"""A refused photo is told beside its field, everything else above the form."""

from collections.abc import Sequence

from besuk.ground.kernel.errors import Refusal
from besuk.ground.kernel.refusals import Told, told

OF_PICTURES = "IMAGE_"


def photo_refusals(reasons: Sequence[Refusal]) -> dict[str, list[Told]]:
    """The refusals in two lists, as the templates expect them."""
    of_photo = [one for one in reasons if one.code.startswith(OF_PICTURES)]
    return {
        "picture_refusals": told(of_photo, to_staff=False),
        "refusals": told([one for one in reasons if one not in of_photo], to_staff=False),
    }
