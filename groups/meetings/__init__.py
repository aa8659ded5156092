"""When the group meets, and each meeting as a head count and broad needs: no names, no minutes of who said what."""
