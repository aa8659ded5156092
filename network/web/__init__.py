"""How the service speaks to a browser: sessions, languages, forms, headers, formatting and the pages everybody shares."""
