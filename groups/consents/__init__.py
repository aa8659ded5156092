"""What somebody said yes to: one purpose at a time, with the words they were shown, and the taking back."""
