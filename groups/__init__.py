"""What a group does for itself: members, officers, elections, meetings, objectives."""
