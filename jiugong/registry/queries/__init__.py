"""The only code that asks for rows of the registry. Nouns, scoped by the actor first."""
