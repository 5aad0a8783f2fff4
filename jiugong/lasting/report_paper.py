"""The report of an erasure as a paper: printed, signed by hand, filed. It says what the signed document says, and no more.

Of the people whose data went it holds nothing: tables, counts, hashes. The names on it are those of the two who decided and of
whoever stood by, for it is their proof.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jiugong.lasting.logic.signing import is_signed
from jiugong.lasting.models import Erasure
from jiugong.lasting.purposes import purpose_in_words
from jiugong.lasting.sentences import limit_in_words
from jiugong.lib import papers

PAPER = Path(__file__).resolve().parent / "papers" / "erasure.typ"


def paper_of(report: Mapping[str, Any], zone: ZoneInfo) -> bytes:
    """The report as PDF, in the reader's language, with the hours of its park."""
    title = _("Report of an erasure")
    return papers.pdf(PAPER, {
        "title": title, "park": report["park"], "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "foot": f"{report['park']} · {report['report']}",
        "broken": "" if is_signed(report) else _("The signature does not hold: this report was changed after it was written."),
        "facts": _facts(report, zone), "gone": _gone(report), "keys": _keys(report), "stays": _stays(report),
        "limits": {"title": _("What it cannot promise"), "lines": [limit_in_words(each) for each in report["limits"]]},
        "proof": _proof(report),
        "hands": [(_("Proposed by"), report["proposed_by"]), (_("Released by"), report["released_by"]),
                  (_("Stood by"), report["auditor"])]}, title=title)


def _facts(report: Mapping[str, Any], zone: ZoneInfo) -> list[tuple[str, str, bool]]:
    def at(moment: str | None) -> str:
        return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else "–"

    return [(_("Number of the report"), report["report"], True),
            (_("The emergency ended on"), report["emergency_ended_on"] or "–", False),
            (_("Proposed by"), f"{report['proposed_by']}  {at(report['proposed_at'])}", False),
            (_("Released by"), f"{report['released_by']}  {at(report['released_at'])}", False),
            (_("Stood by"), report["auditor"], False), (_("Erased on"), at(report["ended_at"]), False),
            (_("Number of the list"), report["list_sha256"], True), (_("Rows on the list"), str(report["rows_listed"]), False)]


def _gone(report: Mapping[str, Any]) -> dict[str, Any]:
    listed, done = report["list"], report["rows_erased"]
    rows = [{"table": name, "purpose": purpose_in_words(listed[name]["purpose"]) if name in listed else "",
             "hash": listed.get(name, {}).get("rows_sha256", ""), "listed": str(listed.get(name, {}).get("rows", "–")),
             "deleted": str(done.get(name, {}).get("deleted", 0)), "blanked": str(done.get(name, {}).get("blanked", 0))}
            for name in sorted({*listed, *done}, key=lambda name: (listed.get(name, {}).get("purpose", ""), name))]
    return {"title": _("What was erased"), "rows": rows,
            "heads": [_("Purpose, table, hash of the rows"), _("Listed"), _("Deleted"), _("Blanked")],
            "note": _("Blanked: the row stays without what it told of somebody. Logs went on being written while people read the "
                      "list.")}


def _keys(report: Mapping[str, Any]) -> dict[str, Any]:
    backups, keys = report["backups_destroyed"], report["keys_destroyed"]
    return {"title": _("Keys, backups, the store"), "lines": [
        ngettext("%(count)s key was destroyed: what it sealed anywhere opens nowhere any more.",
                 "%(count)s keys were destroyed: what they sealed anywhere opens nowhere any more.", keys) % {"count": keys},
        _("The database (%(store)s) was swept: %(did)s.") % {
            "store": report["store"].get("store", "–"), "did": ", ".join(report["store"].get("did", [])) or "–"},
        ngettext("%(count)s backup was overwritten and removed; its SHA-256:",
                 "%(count)s backups were overwritten and removed; their SHA-256:", len(backups)) % {"count": len(backups)}
        if backups else _("There was no backup.")],
        "hashes": [each["sha256"] for each in backups]}


def _stays(report: Mapping[str, Any]) -> dict[str, Any]:
    rows = [{"table": name, "days": str(len(days)), "rows": str(sum(days.values()))}
            for name, days in sorted(report["days"].items())]
    return {"title": _("What stays"), "rows": rows, "heads": [_("Counted rows of the table"), _("Days"), _("Rows")],
            "lines": [_("Figures of each day, the seals of closed days, rules and places, of nobody; logs without names until "
                        "their time is over; this report with the names of those who decided.")]}


def _proof(report: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": _("How it is checked"), "how": _(
        "The signed document is the JSON file of the same number. Take signature and public_key out, write the rest as JSON with "
        "sorted keys, no spaces and no escapes, in UTF-8, and check it with Ed25519."),
        "facts": [(_("Public key"), report["public_key"]), (_("Signature"), report["signature"])]}


def report_as_file(erasure: Erasure, *, as_pdf: bool) -> HttpResponse:
    """The signed report as the JSON document that it is, or as a paper."""
    report, kind = erasure.report or {}, "pdf" if as_pdf else "json"
    content = paper_of(report, erasure.park.zone) if as_pdf else json.dumps(report, ensure_ascii=False, indent=1).encode()
    return HttpResponse(content, content_type=f"application/{kind}", headers={
        "Content-Disposition": f'attachment; filename="erasure-{erasure.uid}.{kind}"'})
