"""The only code that changes rows of screening. Verbs, by noun."""
