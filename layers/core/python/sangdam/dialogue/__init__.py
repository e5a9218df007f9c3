"""What to say and do next: pure decisions over a session and an understanding."""
