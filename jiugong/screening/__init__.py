"""Screening: whole rosters sampled in pooled tubes, round after round, and nobody missed.

A round says who is owed a sample; a tube holds up to N people who were bound to it in order; a result belongs to a
tube. This room does not know what follows from a positive tube: it tells.

Long because scans and results arrive in three ways (device, file, page), each answered row by row; each file is short.

Long because two kinds of files come in here beside what devices send, and each answers row by row, safe to repeat.

Words: round, point, tube, specimen, bind, seal, result, retest, walk-in.
"""
