"""Sealed column types: readable in Python, noise in the database and in its backups."""

import sqlalchemy as sa

from network.tenancy import scope
from network.vault import keys


class Sealed(sa.types.TypeDecorator[str]):
    """Text sealed with the key of the group in scope and bound to its group, table and column."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        return (
            None
            if value is None
            else keys.seal(keys.group_key(), value, bound_to=f"{scope.group_id()} {self.place}")
        )

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        return (
            None
            if value is None
            else keys.unseal(keys.group_key(), value, bound_to=f"{scope.group_id()} {self.place}")
        )


class PlatformSealed(sa.types.TypeDecorator[str]):
    """Text about an account, sealed with a key of the platform and bound to its table and column."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        return None if value is None else keys.seal(keys.derived("accounts"), value, bound_to=self.place)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        return None if value is None else keys.unseal(keys.derived("accounts"), value, bound_to=self.place)
