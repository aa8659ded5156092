"""The ground floor: networks, people, access, the outbox. It knows nothing of what is built on it."""
