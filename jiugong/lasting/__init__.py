"""Lasting: data that lasts, and data that ends.

A backup is one sealed file, made while scanning goes on, and proved by restoring it elsewhere. What is past its time goes in a
daily pass, listed before it goes. When an emergency has ended, what was kept of a park's people is erased: proposed by one
person, released by another, wiped where it lay, and reported with counts and a signature; figures stay. A worker reads what
is kept about him, who looked and why, takes a copy, and objects.

Long because lasting and ending are one promise: what a backup keeps an erasure must reach, store by store.

Words: backup, drill, retention, purpose, ending, erasure, release, report, objection.
"""
