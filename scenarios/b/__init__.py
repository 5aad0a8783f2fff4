"""Story B: a comprehensive zone in May 2022. Enterprises sample their own people at their own points, two tests a day."""
