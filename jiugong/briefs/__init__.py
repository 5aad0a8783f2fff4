"""Briefs: every figure anybody reads is a query with a name, and opens to its rows.

The Today board, the brief as an office would file it, the API and the command line read the same figures; nothing
is typed into a template.

Words: figure, rows, board, square, brief.
"""
