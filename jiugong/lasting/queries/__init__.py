"""What is asked of backups, endings and objections."""
