"""Taking the enterprises of a roster: found by credit code, else by name; their site and the grid it lies in."""

from collections import defaultdict
from datetime import date

from jiugong.lib.sheets import name_key
from jiugong.registry.actions.trees import Trees
from jiugong.registry.logic.facts import EnterpriseRow, RosterFile
from jiugong.registry.models import Place, Siting, Unit
from jiugong.registry.words import PlaceKind, UnitKind

Change = tuple[str, str, str, str]                 # who or what, field, before, after
Sitings = dict[int, list[Siting]]                  # by site, the latest first


def settle_enterprises(file: RosterFile, trees: Trees, *, at: date) -> tuple[list[Unit], list[Change]]:
    """Make and change enterprises as the file says. Returns those that are new, and what changed on the others."""
    changes = _rename(file, trees)
    _grow(file, trees)
    sitings = _sitings(trees)
    created = []
    for row in file.enterprises:
        unit = trees.down((row.key,))
        trees.go_on(unit, at)
        told = _details(unit, row) + _siting(unit, row, trees, sitings, at=at)
        if trees.was_here(unit):
            changes += told
        else:
            created.append(unit)
    return created, changes


def _rename(file: RosterFile, trees: Trees) -> list[Change]:
    """An enterprise that comes with its credit code and another name has been renamed."""
    by_code = {unit.credit_code: unit for unit in trees.enterprises() if unit.credit_code}
    changes: list[Change] = []
    for row in file.enterprises:
        unit = by_code.get(row.credit_code) if row.credit_code else None
        if unit and unit.key != row.key and not trees.enterprise(row.key):
            changes.append((row.name, "name", unit.name, row.name))
            trees.rename(unit, row.name)
    return changes


def _grow(file: RosterFile, trees: Trees) -> None:
    """Enterprises, their sites, the grids. One whose own row is bad is entered by name alone if good rows need it."""
    needed = {row.enterprise for row in file.workers} | {row.over[1] for row in file.charges if row.over[0] == "unit"}
    names = [row.name for row in file.enterprises] + [
        name for key, name in file.named_only.items() if key in needed]
    grids = [row.grid for row in file.enterprises] + [
        file.grids[row.over[1]] for row in file.charges if row.over[0] == "grid" and row.over[1] in file.grids]
    trees.grow_units((trees.office, UnitKind.ENTERPRISE.value, name) for name in names)
    trees.grow_places((trees.ground, PlaceKind.GRID.value, grid) for grid in grids)

    homeless = [unit for unit in trees.enterprises() if not unit.site_id]
    trees.grow_places((trees.ground, PlaceKind.SITE.value, unit.name) for unit in homeless)
    for unit in homeless:
        unit.site = trees.place(trees.ground, PlaceKind.SITE.value, unit.name)
    Unit.objects.bulk_update(homeless, ["site"], batch_size=500)


def _details(unit: Unit, row: EnterpriseRow) -> list[Change]:
    """Kind, credit code, remark and address as the file says; a column that it does not have changes nothing."""
    changes: list[Change] = []
    site = unit.site
    if site and "address" in row.given and site.address != row.address:
        changes.append((row.name, "address", site.address, row.address))
        site.address = row.address
        site.save(update_fields=["address"])
    wanted = {"enterprise_kind": ("kind", row.kind), "credit_code": ("credit_code", row.credit_code),
              "remark": ("remark", row.remark)}
    for field, (column, value) in wanted.items():
        before = getattr(unit, field)
        unasked = column not in row.given and before
        if before == value or unasked or (field == "credit_code" and not value):
            continue
        changes.append((row.name, column, before, value))
        setattr(unit, field, value)
    if changes:
        unit.save(update_fields=list(wanted))
    return changes


def _siting(unit: Unit, row: EnterpriseRow, trees: Trees, sitings: Sitings, *, at: date) -> list[Change]:
    """Put the site into the grid that the file names: at first from the beginning, later from a day on."""
    site = unit.site
    if not row.grid or site is None:
        return []
    grid = trees.places[trees.ground.pk, PlaceKind.GRID.value, name_key(row.grid)]
    before = sitings[site.pk]
    current = next((each for each in before if each.until is None), None)
    if current and current.grid_id == grid.pk:
        return []
    for each in before:
        if each.until is None or each.until > at:
            each.until = max(at, each.since) if each.since else at
            each.save(update_fields=["until"])
    sitings[site.pk].append(Siting.objects.create(site=site, grid=grid, since=at if before else None))
    return [(row.name, "grid", current.grid.name if current else "", grid.name)]


def _sitings(trees: Trees) -> Sitings:
    by_site: Sitings = defaultdict(list)
    for siting in Siting.objects.filter(site__park=trees.park).select_related("grid"):
        by_site[siting.site_id].append(siting)
    return by_site


def site_of(unit: Unit) -> Place:
    """The site on which an enterprise stands; every enterprise that was taken has one."""
    if unit.site is None:
        raise LookupError(f"{unit} has no site")
    return unit.site
