"""
The real PostgreSQL and the Redis-compatible server that come along as packages, and what starts and stops
them.

It is plain Python that imports neither Flask nor the rest of Pamoja, so that tests and `make run` can have
servers before there is an application. Production uses the distribution's servers and needs nothing of this.
"""

from network.servers.addresses import Addresses, CannotServe
from network.servers.testing import for_tests

__all__ = ["Addresses", "CannotServe", "for_tests"]
