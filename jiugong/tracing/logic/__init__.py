"""Who met whom, from when to when it counts, and how files of whereabouts are understood. Plain Python."""
