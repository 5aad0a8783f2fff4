"""Accounts: who may act, over what, from when to when; and that it is he. Everybody signs in under a name of his own.

A user holds roles over a place or a unit and everything below it; from them, and from the moment, this room makes the
`Actor` that every action and query takes first. A role is a list of named powers; what no role lists, nobody holds.

Words: user, role, membership, token, actor; second factor, passkey, session, sign-in link, operator's session; shift, hand-over,
access review.

Long because the door stands here as a whole: the steps of signing in, waiting, sessions, duty and the review of who may see what
share one table of who holds what, and none of them may be read without the others.
"""
