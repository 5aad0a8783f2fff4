"""Story D: a furniture park in July 2022. Samplers go from door to door and work down the roster, nine rounds long."""
