"""Everything that changes what holds in a park."""

from jiugong.rulebook.actions.adopting import adopt

__all__ = ["adopt"]
