"""What a bot is, and how a bot pack becomes one."""
