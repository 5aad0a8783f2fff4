"""What a rule means beside another rule: plain Python."""
