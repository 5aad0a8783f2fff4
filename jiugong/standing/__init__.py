"""Standing: what holds now for a person, and why.

This room keeps no tables. It asks the rooms below, and says what holds, since when, until when, by which rule or
fact, and what the person can do about it.

Words: standing, holds, because.
"""
