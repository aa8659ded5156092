"""What authorities ask of a group, country by country."""
