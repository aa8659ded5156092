"""The one-page sheet: what members gave, written down in a minute. Nothing is owed and nothing is missing."""
