"""The field's check-in endpoint beside ours, where it installs."""

from bench.serving import say


def beside(store: str, *, clients: int, seconds: float) -> None:
    say(f"pretix beside it, {store}: not measured yet")
