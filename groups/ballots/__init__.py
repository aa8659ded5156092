"""Voting on phones and with slips: each vote in an envelope that nobody on the server can open. docs/decisions/ballots.md says how."""
