-- Nobody left before he came. Reads: presence.
SELECT p.spot, p.entered, p.left
FROM presence p
WHERE p.left < p.entered
