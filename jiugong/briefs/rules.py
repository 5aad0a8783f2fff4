"""The rules that hold in a park, as the brief tells them: its release, its duties, and what is stricter than the nation."""

from django.utils.translation import get_language

from jiugong.briefs.scope import Scope
from jiugong.briefs.sentences import CHINESE
from jiugong.policy import DutyInForce
from jiugong.rulebook import queries as rulebook
from jiugong.rulebook.queries import Stricter


def duties_in_force(scope: Scope) -> list[DutyInForce]:
    """What the park asks on the last day of the period."""
    return scope.always(f"duties on {scope.last}", lambda: rulebook.duties_on(scope.park, scope.last))


def release_in_words(scope: Scope, language: str) -> str:
    """The title of the release that the park goes by on the last day; empty where it adopted none."""
    release = rulebook.release_on(scope.park, scope.last)
    if release is None:
        return ""
    return release.pack.title.zh_hans if language == CHINESE else release.pack.title.en


def stricter_rules(scope: Scope) -> list[Stricter]:
    """The local rules of the last day that are stricter than the national ones (层层加码), in the reader's language."""
    return scope.always(f"stricter on {scope.last} in {get_language()}",
                        lambda: rulebook.stricter_supplements(scope.park, scope.last))
