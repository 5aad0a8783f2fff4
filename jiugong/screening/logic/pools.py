"""What a tube may hold: 1, 5, 10 or 20 swabs; other pools have not been validated."""

POOL_SIZES = (1, 5, 10, 20)


def smallest_that_holds(swabs: int) -> int | None:
    """The smallest validated tube that holds so many swabs; None where no tube does."""
    return next((size for size in POOL_SIZES if size >= swabs), None)
