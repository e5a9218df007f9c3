"""Values in messages: one file for each kind, Korean and English side by side."""
