"""What is ahead."""
