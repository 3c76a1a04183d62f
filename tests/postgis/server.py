"""A PostgreSQL with PostGIS of our own, on loopback, in a folder that goes away with it."""
import glob
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

ADMIN = {"user": "boss", "password": "Boss-9f2c"}
READER = {"user": "reader", "password": "Leser-71aa"}


def binaries():
    """The folder of initdb and postgres of the newest PostgreSQL that has PostGIS, or None."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: -int(path.split("/")[4])):
        version = folder.split("/")[4]
        if os.path.exists(f"{folder}/initdb") and os.path.exists(f"/usr/share/postgresql/{version}/extension/postgis.control"):
            return folder
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """with Server() as server: …; initdb refuses root, so that root becomes postgres for it."""

    def __init__(self):
        self.bin, self.port = binaries(), free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="panhuo-pg-"))
        self.drop = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.drop = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        self.process = None

    def command(self, *arguments):
        done = subprocess.run([*self.drop, *map(str, arguments)], capture_output=True, text=True, check=False, cwd="/", timeout=120,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder), "PGPASSWORD": ADMIN["password"]})
        if done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr}")
        return done.stdout

    def sql(self, text, database="park"):
        """Rows, as psql -At prints them."""
        return self.command(f"{self.bin}/psql", "-XAtqv", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U", ADMIN["user"], "-d", database,
                            "-c", text).splitlines()

    def name(self, account=None, database="park", **more):
        """The data source as GDAL takes it, password and all."""
        parts = {"host": "127.0.0.1", "port": self.port, "dbname": database, **(account or ADMIN), **more}
        return "PG:" + " ".join(f"{key}={value}" for key, value in parts.items())

    def __enter__(self):
        data, secret = self.folder / "data", self.folder / "secret"
        secret.write_text(ADMIN["password"], encoding="ascii")
        secret.chmod(0o644)
        self.command(f"{self.bin}/initdb", "-D", data, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", "-U", ADMIN["user"], "--pwfile", secret, "--no-sync")
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "fsync=off", "full_page_writes=off",
                    "log_min_messages=fatal", "shared_buffers=64MB", "autovacuum=off"]
        self.command(f"{self.bin}/pg_ctl", "-D", data, "-l", self.folder / "log", "-w", "-o", " ".join(f"-c {setting}" for setting in settings), "start")
        self.process = data
        self.sql("CREATE DATABASE park", database="postgres")
        self.sql("CREATE EXTENSION postgis")
        self.sql(f"CREATE ROLE {READER['user']} LOGIN PASSWORD '{READER['password']}'")
        return self

    def __exit__(self, *_):
        if self.process is not None:
            try:
                self.command(f"{self.bin}/pg_ctl", "-D", self.process, "-m", "immediate", "stop")
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print("the server does not stop:", error)
        shutil.rmtree(self.folder, ignore_errors=True)
