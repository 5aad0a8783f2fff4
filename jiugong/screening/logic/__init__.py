"""How scans and results that come as files are understood, and what a tube may hold. Plain Python."""
