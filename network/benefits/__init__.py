"""What registering as a person with a disability opens, country by country. Reading it leaves no trace, and nobody needs it."""
