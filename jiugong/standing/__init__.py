"""Standing: what holds now for a person, and why.

This room keeps no tables. It asks the rooms below, and says what holds, since when, until when, by which rule or
fact, and what the person can do about it: on his page for officers, on his own page without an account, where he
reports about himself, and on the screen on which a leader enters for his whole team.

Long because each of these is met twice, as a page and as an operation that a phone may call hours later.

Words: standing, holds, because, own page, team entry.
"""
