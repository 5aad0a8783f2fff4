"""Evidence that people know what to do: training of a person, drills of a unit, each by class and level."""

from datetime import timedelta

from jiugong.duties.logic.shapes import Data, Misshapen, Parameters, Read, count, day, text, the_day, whole, word

TRAINING_CLASSES = ("officers", "all_staff", "new_arrivals", "managers")
DRILL_CLASSES = ("tabletop", "functional", "full")
LEVELS = ("park", "enterprise", "workshop", "team")
TRAINED_ROLES = ("prevention_officer", "scanner", "sampler")       # nobody may serve in these without training
ROLE_OF_COURSE = {"防疫专员培训": "prevention_officer", "扫码专员培训": "scanner", "采样专员培训": "sampler"}
MOST_PEOPLE = 50_000


def read_training(data: Data, parameters: Parameters) -> Read:
    """`course`, `held_on`; `valid_until` is the last day on which it counts.

    Where that is not said, it counts for as many days as the rules say (`training.valid_days`), else without an end.

    `role` is for which role it trains: where it is not said, the name of the course tells.
    """
    course, held_on, valid_until = text(data, "course", longest=80), the_day(data, "held_on"), day(
        data, "valid_until", needed=False)
    lasts = parameters.get("training.valid_days")
    if valid_until is None and isinstance(lasts, int) and not isinstance(lasts, bool):
        valid_until = held_on + timedelta(days=lasts)
    if valid_until and valid_until < held_on:
        raise Misshapen("valid_until", "before_held", held_on=held_on.isoformat())
    role = word(data, "role", TRAINED_ROLES, needed=False) or role_of(course)
    return Read(day=held_on, data={
        "course": course, "role": role, "held_on": held_on.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else "",
        "class": word(data, "class", TRAINING_CLASSES, needed=False) or ("officers" if role else "all_staff"),
        "level": word(data, "level", LEVELS, needed=False) or "park"})


def role_of(course: str) -> str:
    """For which role a course trains, by its name; empty where it trains for none."""
    return next((role for name, role in ROLE_OF_COURSE.items() if course.startswith(name.removesuffix("培训"))), "")


def read_drill(data: Data, _parameters: Parameters) -> Read:
    """`title`, `class`, `level`, `held_on`, how many took part and were absent, and what was found."""
    held_on = the_day(data, "held_on")
    return Read(day=held_on, data={
        "title": text(data, "title", longest=120), "class": word(data, "class", DRILL_CLASSES),
        "level": word(data, "level", LEVELS), "held_on": held_on.isoformat(),
        "participants": count(data, "participants", at_least=1, at_most=MOST_PEOPLE),
        "absent": whole(data, "absent", at_most=MOST_PEOPLE, needed=False) or 0,
        "findings": text(data, "findings", needed=False)})
