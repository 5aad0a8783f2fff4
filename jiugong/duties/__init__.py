"""Duties: who owes what now, and who has not done it.

A duty is a question, not a row: *owed* is computed from the roster and the rules in force on the day, *done* is the
evidence that was recorded, and what is missing is owed less done less excused. Nothing owed is ever copied into a
table, so a corrected roster or a new rule corrects the list at once.

Long because evidence comes in eleven kinds, each with its shape, its form, its words and its list; what they share is
written once.

Words: duty, rule, window, owed, evidence, advice, check, doubt, done, excuse, excused, missing, gap, returnee.
"""
