-- Every stay is of somebody, somewhere. Reads: presence.
SELECT p.spot, p.entered, p.left
FROM presence p
WHERE p.who IS NULL
   OR p.who <= 0
   OR p.hall IS NULL
   OR p.number IS NULL
   OR p.number < 0
   OR p.assumed IS NULL
