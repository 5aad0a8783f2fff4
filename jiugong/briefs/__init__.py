"""Briefs: every figure anybody reads is a query with a name, and opens to its rows.

The Today board, the brief as an office would file it, the API and the command line read the same figures; nothing
is typed into a template.

Long because every figure brings its rows, the board is seen at four depths, and a brief is a page and three papers in
two languages; each file is short.

Words: figure, rows, board, square, brief, filing, score.
"""
