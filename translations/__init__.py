"""Every language: the list of locales, the catalogues, and translating what people wrote."""
