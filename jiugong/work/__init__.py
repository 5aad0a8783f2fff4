"""Work: what takes long is answered later, by a process of its own, and nobody waits before a frozen page.

A view says that it may take long (`answering.py`). Where the worker is heard from, its request becomes a job: the worker
answers the same request with the same view, doors and powers, and the answer is kept sealed until whoever asked fetches it,
for a day at most. Where no worker runs, the view answers at once, as any other.

Words: job, owner, worker, queue, heard, progress.
"""
