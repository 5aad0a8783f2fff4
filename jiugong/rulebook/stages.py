"""The life of a plan, an enterprise's or the park's: which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a version of a plan stands. What is approved is never edited: the next version follows it."""

    DRAFT = "draft"
    REVISION_DUE = "revision_due"            # a release was adopted that touches it: to be written anew by a day
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"


NEXT: dict[Stage, set[Stage]] = {
    Stage.DRAFT: {Stage.IN_REVIEW, Stage.REVISION_DUE},
    Stage.REVISION_DUE: {Stage.IN_REVIEW},
    Stage.IN_REVIEW: {Stage.APPROVED, Stage.RETURNED, Stage.REVISION_DUE},
    Stage.RETURNED: {Stage.IN_REVIEW, Stage.REVISION_DUE},
    Stage.APPROVED: set(),
}
WRITABLE = (Stage.DRAFT, Stage.REVISION_DUE, Stage.RETURNED)
