"""Who is too near to somebody to hear what concerns them: by office, and by who let whom in."""
