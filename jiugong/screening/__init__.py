"""Screening: whole rosters sampled in pooled tubes, round after round, and nobody missed.

A round says who is owed a sample; a tube holds up to N people who were bound to it in order; a result belongs to a
tube. This room does not know what follows from a positive tube: it tells.

Long because scans, results and points arrive in three ways (device, file, page), each answered row by row and safe to
repeat, and because scanning, rounds and points each have their pages; each file is short.

Words: round, targeted round, point, tube, specimen, bind, undo, seal, result, retest, walk-in.
"""
