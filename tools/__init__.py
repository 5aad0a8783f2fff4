"""What makes the project, and is no part of the product: generated pages, translations, vendored files, set-up."""
