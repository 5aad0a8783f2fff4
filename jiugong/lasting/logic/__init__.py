"""Plain Python of the room: sealed streams, manifests, and what retention and erasing come to."""
