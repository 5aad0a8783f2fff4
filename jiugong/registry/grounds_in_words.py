"""What may be wrong with the ground that a file draws, each with what to do about it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal
from jiugong.registry.logic.ground import Wrong

SENTENCES = {
    "not_json": _("This is no GeoJSON. Save it as GeoJSON (.geojson) in UTF-8 and send it again."),
    "not_features": _("This is no FeatureCollection. Export a FeatureCollection of polygons and points."),
    "no_features": _("Nothing is drawn in it. Draw at least one grid or place one site."),
    "no_headings": _("No sheet has the headings 企业名称, 经度 and 纬度. Add them."),
    "too_many_bytes": _("It has more than %(most)s MB. Draw it more simply, or split the file."),
    "too_many_features": _("It has %(count)s features; up to %(most)s are taken. Split the file."),
    "other_coordinates": _("Its coordinates are in %(crs)s. Only WGS 84 is taken, and nothing is converted: GCJ-02 and "
                           "BD-09 lie some hundred metres aside. Export it in WGS 84."),
    "no_name": _("It has no name. Give each polygon the name of its grid and each point that of its enterprise."),
    "name_too_long": _("A name has up to %(most)s characters. Shorten it."),
    "name_twice": _("This name stands twice. Keep the feature that is right; a grid in parts is one MultiPolygon."),
    "no_geometry": _("It has no geometry. Draw it again."),
    "geometry_unknown": _("It is a %(kind)s. A grid is a Polygon or a MultiPolygon, a site a Point."),
    "no_positions": _("It has no positions. Draw it again."),
    "not_a_position": _("%(found)s is no position. Write longitude, latitude, as in 117.0301, 33.6405."),
    "latitude_first": _("%(found)s has the latitude first. Write the longitude first."),
    "not_on_earth": _("%(found)s does not lie on the earth: a longitude goes to 180, a latitude to 90 degrees."),
    "one_position": _("A site is one position; here are %(count)s. Write one line."),
    "too_many_positions": _("An outline has up to %(most)s positions; this one has %(count)s. Draw it more simply."),
    "too_few_positions": _("An outline needs three corners or more; this one has %(count)s. Add corners."),
    "not_closed": _("Its ring is not closed. The last position must be the first one again."),
    "position_twice": _("The same position stands twice in a row. Take one of them away."),
    "crosses_itself": _("Its outline crosses or touches itself near %(at)s. Draw it around the ground, once."),
    "hole_outside": _("A hole lies outside the outline. Draw it inside, or take it away."),
    "too_large": _("It is more than %(most)s degree wide, which is no grid of a park. Look at the order of the coordinates."),
    "too_far_apart": _("Its features lie more than %(most)s degree apart, which is no park. Look for the one that is astray."),
    "site_unknown": _("The park has no enterprise of this name. Import the roster first, or correct the name."),
    "in_two_grids": _("It would lie in %(one)s and in %(other)s at once. Draw these two so that they do not overlap there."),
    "day_far_away": _("Grids are drawn for a day at most %(most)s days ahead. Choose another day."),
}


class GroundWrong(Refusal):
    """Something in the ground is wrong, so that nothing of it was taken. `wrong` lists everything."""

    code = "registry.ground_wrong"
    message = _("%(count)s things are wrong, and nothing was taken. The first: %(first)s")

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = list(wrong)
        super().__init__(count=len(self.wrong), first=said(self.wrong[0]),
                         wrong=[{"number": each.number, "name": each.name, "code": each.code, "message": sentence(each)}
                                for each in self.wrong])


def sentence(wrong: Wrong) -> str:
    """What is wrong, and what to do."""
    return str(SENTENCES[wrong.code]) % wrong.facts


def said(wrong: Wrong) -> str:
    """The same with the name of the feature before it."""
    return f"{wrong.name}: {sentence(wrong)}" if wrong.name else sentence(wrong)
