"""Journal: what was done, and who looked at whom, why.

Every change leaves an entry in the transaction in which it is made; every look at a person's data leaves a look-up.
An append-only row of another room is its own entry. Nothing here is edited.

Words: entry, look-up, reason.
"""
