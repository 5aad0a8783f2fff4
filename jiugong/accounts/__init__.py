"""Accounts: who may act, over what. Everybody signs in under a name of his own.

A user holds roles over a place or a unit and everything below it; from them, and from the day, this room makes the
`Actor` that every action and query takes first. A role is a list of named powers; what no role lists, nobody holds.

Words: user, role, membership, token, actor.
"""
