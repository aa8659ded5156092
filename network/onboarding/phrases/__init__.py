"""Sentences the office sends often, kept in several languages so that an answer arrives in the applicant's."""
