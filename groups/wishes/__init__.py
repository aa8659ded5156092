"""What members without a sign-in ask about what is held about them: a copy of it, and to be erased."""
