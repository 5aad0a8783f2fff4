"""The closed lists of evidence, as they are stored and as pages name them; which words are allowed says `logic/`."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class EvidenceKind(models.TextChoices):
    HEALTH_REPORT = "health_report", gettext_lazy("Health report")
    TEMPERATURE = "temperature", gettext_lazy("Temperature")
    ANTIGEN = "antigen", gettext_lazy("Antigen test")
    VACCINATION = "vaccination", gettext_lazy("Vaccination")
    TRAINING = "training", gettext_lazy("Training")
    DISINFECTION = "disinfection", gettext_lazy("Disinfection")
    DRILL = "drill", gettext_lazy("Drill")
    HYGIENE_CHECK = "hygiene_check", gettext_lazy("Masks and hands")
    STANDING_WATER = "standing_water", gettext_lazy("Standing water")
    WASTE_TRANSFER = "waste_transfer", gettext_lazy("Waste transfer")
    RETURNEE_LIST = "returnee_list", gettext_lazy("List of returnees")


ICONS = {
    "health_report": "clipboard-check", "temperature": "temperature", "antigen": "test-pipe", "vaccination": "vaccine",
    "training": "school", "disinfection": "spray", "drill": "flag", "hygiene_check": "wash", "waste_transfer": "recycle",
    "standing_water": "wash",
    "returnee_list": "users", "specimen": "flask",
}

# words of closed lists by the field in which they stand
WORDS: Mapping[str, Mapping[str, Any]] = {
    "agent": {
        "chlorine": gettext_lazy("Chlorine"), "alcohol": gettext_lazy("Alcohol"),
        "hydrogen_peroxide": gettext_lazy("Hydrogen peroxide"), "peracetic_acid": gettext_lazy("Peracetic acid"),
        "iodophor": gettext_lazy("Iodophor"), "quaternary_ammonium": gettext_lazy("Quaternary ammonium"),
        "ultraviolet": gettext_lazy("Ultraviolet light"), "heat": gettext_lazy("Heat"),
    },
    "unit": {"mg_per_litre": "mg/L", "percent": "%", "celsius": "°C"},
    "use": {
        "surfaces": gettext_lazy("Surfaces"), "vomit": gettext_lazy("Vomit and stool"), "toilets": gettext_lazy("Toilets"),
        "small_things": gettext_lazy("Small things"), "hands": gettext_lazy("Hands"), "air": gettext_lazy("Air"),
    },
    "way": {
        "wipe": gettext_lazy("Wiped"), "spray": gettext_lazy("Sprayed"), "mop": gettext_lazy("Mopped"),
        "soak": gettext_lazy("Soaked"), "fog": gettext_lazy("Fogged"), "expose": gettext_lazy("Exposed to it"),
    },
    "waste_kind": {
        "domestic": gettext_lazy("Domestic waste"), "protective": gettext_lazy("Used protection"),
        "medical": gettext_lazy("Medical waste"),
    },
    "training_class": {
        "officers": gettext_lazy("Officers"), "all_staff": gettext_lazy("All staff"),
        "new_arrivals": gettext_lazy("New arrivals"), "managers": gettext_lazy("Managers"),
    },
    "drill_class": {
        "tabletop": gettext_lazy("Tabletop"), "functional": gettext_lazy("Functional"), "full": gettext_lazy("Full drill"),
    },
    "level": {
        "park": gettext_lazy("Park"), "enterprise": gettext_lazy("Enterprise"), "workshop": gettext_lazy("Workshop"),
        "team": gettext_lazy("Team"),
    },
    "role": {
        "prevention_officer": gettext_lazy("Prevention officer"), "scanner": gettext_lazy("Scanning officer"),
        "sampler": gettext_lazy("Sampling officer"),
    },
    "result": {
        "negative": gettext_lazy("Negative"), "positive": gettext_lazy("Positive"), "invalid": gettext_lazy("Invalid"),
    },
    "symptoms": {
        "fever": gettext_lazy("Fever"), "cough": gettext_lazy("Cough"), "sore_throat": gettext_lazy("Sore throat"),
        "fatigue": gettext_lazy("Fatigue"), "loss_of_taste": gettext_lazy("Loss of taste or smell"),
        "vomiting": gettext_lazy("Vomiting"), "diarrhoea": gettext_lazy("Diarrhoea"), "stomach_ache": gettext_lazy("Stomach ache"),
        "joint_pain": gettext_lazy("Joint pain"), "rash": gettext_lazy("Rash"), "other": gettext_lazy("Other"),
    },
}


def word(field: str, value: object) -> str:
    """A stored word as pages name it; what is in no list stands as it was written."""
    return str(WORDS.get(field, {}).get(str(value), value))


def kind_in_words(kind: str) -> str:
    """The name of a kind of evidence."""
    return str(EvidenceKind(kind).label) if kind in EvidenceKind.values else kind if kind != "specimen" else _("Swab")


def choices(field: str, allowed: Any = None) -> list[tuple[str, Any]]:
    """The words of a field for a form."""
    return [(value, label) for value, label in WORDS[field].items() if allowed is None or value in allowed]
