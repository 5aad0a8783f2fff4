"""The few words that leave the house: the park, what kind of thing, its name, and where to read it. Nothing of anybody."""

import re
from collections.abc import Mapping

PLACES = ("park", "kind", "title", "link")
NEEDED = ("title", "link")
A_PLACE = re.compile(r"\{(\w*)\}")
A_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9-])[0-9]{6,}[0-9Xx]*")
WORDS = {"zh-hans": "【{park}】{kind}：{title}。请打开查看：{link}", "en": "[{park}] {kind}: {title}. Please open: {link}"}
LONGEST_TITLE = 80


def written(template: str, facts: Mapping[str, str]) -> str:
    """A template with its places filled. A title is cut, and a number in it that could be somebody's is left out."""
    title = A_LONG_NUMBER.sub("…", " ".join(facts.get("title", "").split()))[:LONGEST_TITLE]
    known = {**facts, "title": title}
    return A_PLACE.sub(lambda place: known.get(place[1], ""), template).strip()


def faults_of(template: str) -> list[str]:
    """Which places a park's own words name that there are not, or leave out that must be there; empty is good."""
    named = A_PLACE.findall(template)
    return [place for place in named if place not in PLACES] + [place for place in NEEDED if place not in named]


def carries_key(about: str) -> bool:
    """Does a message carry what opens a door? Such a one goes to one address alone, at once, in words of the house."""
    return about.startswith(("sign-in:", "way:"))
