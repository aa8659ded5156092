"""The database's write-ahead log, read as whoever has the machine reads it, to look there for what must not be there."""

import psycopg

from network.servers.addresses import plain

PAGE = 8192


class WriteAhead:
    """The log of the server at an administrator's address. While this is open no file of it is taken for another use."""

    def __init__(self, admin_url: str) -> None:
        self._sql = psycopg.connect(plain(admin_url), autocommit=True)
        self._ask("select pg_create_physical_replication_slot('kept_' || pg_backend_pid(), true, true)::text")

    def place(self) -> str:
        """Where the log begins a new file, now."""
        self._ask("select pg_switch_wal()::text")
        return self._ask("select pg_current_wal_insert_lsn()::text")

    def since(self, place: str) -> bytes:
        """Everything written from that place on.

        Files laid ready for later hold old pages, so each page is asked where in the log it belongs.
        """
        self._ask("select pg_switch_wal()::text")  # what waits in memory is written out
        begins = int(self._ask(f"select ('{place}'::pg_lsn - '0/0'::pg_lsn)::text")) // PAGE * PAGE
        names = self._sql.execute(
            "select name from pg_ls_waldir() where name >= pg_walfile_name(%s::pg_lsn) and name ~ '^[0-9A-F]{24}$'",
            (place,),
        ).fetchall()
        files = [self._read(name) for (name,) in names]
        pages = [content[at : at + PAGE] for content in files for at in range(0, len(content), PAGE)]
        return b"".join(page for page in pages if int.from_bytes(page[8:16], "little") >= begins)

    def close(self) -> None:
        self._sql.close()

    def _ask(self, question: str) -> str:
        row = self._sql.execute(question.encode()).fetchone()
        assert row is not None
        return str(row[0])

    def _read(self, name: str) -> bytes:
        file = self._sql.execute(
            "select pg_read_binary_file('pg_wal/' || %s)", (name,), binary=True
        ).fetchone()
        assert file is not None
        return bytes(file[0])
