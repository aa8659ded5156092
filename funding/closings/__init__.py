"""Closing a grant: what is left is given back or shared out, two people agree, and its fund takes nothing more."""
