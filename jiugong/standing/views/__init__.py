"""The pages of standing: a person's page, his own page without an account, a team's entry."""
