"""The only code that asks for rows of tracing. Nouns, scoped by the actor first."""
