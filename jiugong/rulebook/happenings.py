"""What the rulebook tells the house."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RulesChanged:
    """A park goes by another release, or a local rule of it begins or ends: whoever remembers a value asks again."""

    park_id: int
