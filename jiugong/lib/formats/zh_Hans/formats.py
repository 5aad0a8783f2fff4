"""Figures with a comma between thousands, as in 1,020: Django's Chinese format has none."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
