"""Who is in the group: nicknames are enough, joining and leaving need no reason, and what is private stays unseen."""
