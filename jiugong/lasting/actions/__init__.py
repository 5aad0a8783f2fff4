"""The only code that makes, restores and destroys backups, and that ends data."""
