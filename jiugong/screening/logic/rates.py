"""The figures by which points, desks and samplers are counted, each with where it comes from.

A rate has a reference, or an assumption that is shown as such; with neither it does not stand here.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A document: its title, who issued it, and when."""

    title: str
    issuer: str
    published: str


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One figure: from `least` to `most`, and the one that is taken. In both languages, since it is data."""

    key: str
    zh: str
    en: str
    least: int
    most: int
    taken: int
    reference: Reference | None = None
    assumption_zh: str = ""
    assumption_en: str = ""

    def __post_init__(self) -> None:
        if not (self.reference or (self.assumption_zh and self.assumption_en)):
            raise ValueError(f"{self.key} has neither a reference nor an assumption")

    def name(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def assumption(self, language: str) -> str:
        return self.assumption_zh if language.startswith("zh") else self.assumption_en

    def as_data(self, language: str) -> dict[str, Any]:
        """The figure and its source, as an answer shows it."""
        return {"key": self.key, "name": self.name(language), "least": self.least, "most": self.most, "taken": self.taken,
                "reference": vars(self.reference) if self.reference else None,
                "assumption": self.assumption(language) or None}


POINTS_2022 = Reference(title="常态化核酸采样点设置的新闻发布", issuer="国家卫生健康委", published="2022-05-13")
AREA_TESTING = Reference(
    title="区域新型冠状病毒核酸检测组织实施指南（第三版）", issuer="国务院联防联控机制综合组", published="2022-03-22")

PEOPLE_PER_POINT = Rate(
    key="people_per_point", zh="每个采样点的人数", en="People for one sampling point", least=2_000, most=3_000, taken=2_500,
    reference=POINTS_2022, assumption_zh="原文为2000至3000人；取中值2500。",
    assumption_en="The text says 2,000 to 3,000; the middle is taken.")
PEOPLE_PER_DESK = Rate(
    key="people_per_desk", zh="每个采样台的人数", en="People for one desk", least=600, most=800, taken=700,
    reference=POINTS_2022, assumption_zh="原文为600至800人；取中值700。",
    assumption_en="The text says 600 to 800; the middle is taken.")
PEOPLE_PER_SAMPLER = Rate(
    key="people_per_sampler", zh="24小时一轮，每名采样人员的人数", en="People for one sampler, in a round of 24 hours",
    least=360, most=360, taken=360, reference=AREA_TESTING, assumption_zh="原文未逐条核对。",
    assumption_en="The text was not checked word by word.")
SWABS_PER_HOUR = Rate(
    key="swabs_per_sampler_hour", zh="每名采样人员每小时采样人数", en="Swabs that one sampler takes in an hour",
    least=30, most=60, taken=45, assumption_zh="未见官方数字；30至60为通行估计，取45（360人÷8小时工作也是45）。",
    assumption_en="No official figure was found. 30 to 60 is a common estimate; 45 is taken, which is 360 people in 8 hours.")
SAMPLERS_PER_DESK = Rate(
    key="samplers_per_desk", zh="每个采样台的采样人员", en="Samplers at one desk", least=2, most=2, taken=2,
    assumption_zh="由两项规定推算：每台600至800人，每名采样人员360人。",
    assumption_en="Follows from two rules: 600 to 800 people a desk, 360 a sampler.")
DESKS_PER_POINT = Rate(
    key="desks_per_point", zh="每个采样点最多的采样台", en="Desks at one point, at most", least=5, most=5, taken=5,
    assumption_zh="由两项规定推算：每点至多3000人，每台至少600人。",
    assumption_en="Follows from two rules: at most 3,000 people a point, at least 600 a desk.")
RATES = (PEOPLE_PER_POINT, PEOPLE_PER_DESK, PEOPLE_PER_SAMPLER, SWABS_PER_HOUR, SAMPLERS_PER_DESK, DESKS_PER_POINT)
