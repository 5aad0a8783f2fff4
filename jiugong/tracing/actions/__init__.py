"""The only code that changes rows of tracing. Verbs, by noun."""
