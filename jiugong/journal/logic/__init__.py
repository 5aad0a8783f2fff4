"""What the outbox thinks, in plain Python: when to try again, when it is quiet, what an answer means, what leaves the house."""
