"""The only code that changes rows of the registry. Verbs, by noun."""
