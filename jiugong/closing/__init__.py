"""Closing: a day that is over is settled, counted and sealed, so that nobody changes it unseen.

Closing a day settles who missed what, counts it, and seals the day's rows with a chain of keyed hashes; the key is not in
the database. What arrives afterwards is kept, marked late, and changes no sealed count. `verify` names every row that was
edited, deleted or inserted past the house.

Long because sealing, what comes afterwards and verifying are one promise, whose attacks are tested beside it.

Words: closed day, seal, sealed, miss, late, verify.
"""
