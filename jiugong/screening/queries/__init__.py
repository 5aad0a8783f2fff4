"""The only code that asks for rows of screening. Nouns, scoped by the actor first."""
