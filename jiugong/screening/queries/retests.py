"""The single retests of a tube."""

from jiugong.screening.models import Retest, Tube


def retested_in(tube: Tube) -> list[Retest]:
    """Everybody of a tube who is, or was, to be sampled alone, in the order of the tube."""
    return list(Retest.objects.filter(specimen__tube=tube, specimen__undo__isnull=True).select_related(
        "specimen__person", "closed_by").order_by("specimen__position", "pk"))
