#!/usr/bin/python3
"""Audits from and to a real PostGIS, which runs on loopback for as long as this does.

postgis.py PROGRAM WORKDIR      exit code 77: there is no PostgreSQL with PostGIS on this machine
"""
import csv
import filecmp
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from server import ADMIN, READER, Server, binaries

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
OPTIONS = ("--as-of", "2023-11-30", "--period", "2023-01-01/2023-11-30")
passed, failures, printed = 0, [], []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments, **environment):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
    printed.append(done.stdout + done.stderr)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def audit(output, *arguments):
    code, _, err = panhuo("audit", *arguments, *OPTIONS, "-o", output, "--overwrite")
    expect(code == 0, f"audit {arguments}: {code} {err}")
    return WORK / output


def rows(file, sql):
    with sqlite3.connect(file) as db:
        return db.execute(sql).fetchall()


def tables(file):
    return [name for name, in rows(file, "SELECT table_name FROM gpkg_contents WHERE table_name <> 'layer_styles' ORDER BY 1")]


def everything(file):
    """{table: (columns, rows)}; of the problems what does not hang on the form of the source."""
    found = {}
    for table in tables(file):
        columns = [name for name, in rows(file, f"SELECT name FROM pragma_table_info('{table}')")]
        if table == "run":
            continue
        if table == "problems":
            columns = ["severity", "code", "message", "hint"]
        where = "WHERE code NOT LIKE 'encoding.%' AND code <> 'unit.assumed'" if table == "problems" else ""
        order = " ORDER BY 1, 2, 3" if table == "problems" else " ORDER BY fid" if "fid" in columns else ""
        named = ", ".join('"' + column + '"' for column in columns)
        found[table] = (columns, rows(file, f'SELECT {named} FROM "{table}" {where}{order}'))
    return found


def differences(one, other):
    if one.keys() != other.keys():
        return {"tables": (sorted(one), sorted(other))}
    found = {}
    for table, (columns, lines) in one.items():
        if columns != other[table][0]:
            found[table] = [c for c in columns if c not in other[table][0]], [c for c in other[table][0] if c not in columns]
        elif lines != other[table][1]:
            found[table] = next(((a, b) for a, b in zip(lines, other[table][1]) if a != b), (len(lines), len(other[table][1])))
    return found


def load_parcels(server):
    """The sample's parcels; names that the DBF cut have their own length again, which a database does not cut."""
    copy(server, SAMPLE / "parcels.shp", "parcels", "-nlt", "MULTIPOLYGON", "-lco", "GEOMETRY_NAME=geom")
    fields = json.loads(panhuo("inspect", SAMPLE / "parcels.shp", "--json")[1])["fields"]
    server.sql(";".join(f'ALTER TABLE parcels RENAME "{field["source"]}" TO "{field["title"]}"' for field in fields if field["how"] == "cut"))


def copy(server, source, name, *options):
    done = subprocess.run(["ogr2ogr", "-f", "PostgreSQL", server.name(), str(source), "-nln", name, "-lco", "LAUNDER=NO", "-lco", "FID=gid", "-preserve_fid", *options],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"ogr2ogr {source}: {done.stderr}")


def load_tables(server):
    for name in ("enterprises", "links", "ledger"):
        raw = (SAMPLE / f"{name}.csv").read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        lines = list(csv.reader(text.splitlines()))
        columns = [f'"{column}"' for column in lines[0]]
        values = [", ".join("NULL" if value == "" else "'" + value.replace("'", "''") + "'" for value in line) for line in lines[1:]]
        server.sql(f"CREATE TABLE {name} (gid serial PRIMARY KEY, {' text, '.join(columns)} text);"
                   f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({'), ('.join(values)})")


def inputs(server):
    load_parcels(server)
    load_tables(server)
    sides = [part for name in ("enterprises", "links", "ledger") for part in (f"--{name}", server.name(tables=name))]
    from_files = audit("files.gpkg", SAMPLE / "parcels.shp", *(part for name in ("enterprises", "links", "ledger") for part in (f"--{name}", SAMPLE / f"{name}.csv")))
    from_database = audit("database.gpkg", server.name(), "--layer", "parcels", *sides)
    found = differences(everything(from_files), everything(from_database))
    expect(not found, f"from PostGIS the same audit as from the files: {found}")
    run = dict(rows(from_database, "SELECT key, value FROM run"))
    expect(run["input.parcels"] == "PG:park:parcels" and run["input.ledger"] == "PG:park:ledger" and len(run["input.parcels.rows_sha256"]) == 64, f"run: {run}")
    expect({source for source, in rows(from_database, "SELECT source FROM problems WHERE feature IS NOT NULL")} <= {f"PG:park:{name}" for name in ("parcels", "ledger", "enterprises", "links")}, "problems name the table")
    audit("again.gpkg", server.name(tables="parcels"), *sides, "--threads", "1")
    expect(filecmp.cmp(from_database, WORK / "again.gpkg", shallow=False), "tables= names a layer too; the same bytes")
    # An update moves rows to the end of the table: the same content must give the same bytes.
    server.sql("UPDATE parcels SET 备注 = 备注 WHERE gid % 3 = 0; UPDATE ledger SET gid = gid WHERE gid < 20")
    expect(server.sql("SELECT gid FROM parcels LIMIT 3") != ["0", "1", "2"], "the rows have moved")
    audit("moved.gpkg", server.name(), "--layer", "parcels", *sides)
    expect(filecmp.cmp(from_database, WORK / "moved.gpkg", shallow=False), "the order in which the database keeps its rows does not matter")
    server.sql("UPDATE parcels SET 备注 = '改过' WHERE gid = 5")
    changed = dict(rows(audit("changed.gpkg", server.name(), "--layer", "parcels", *sides), "SELECT key, value FROM run"))
    expect(changed["input.parcels.rows_sha256"] != run["input.parcels.rows_sha256"] and changed["input.ledger.rows_sha256"] == run["input.ledger.rows_sha256"], "the hash is that of the rows")
    server.sql("CREATE SCHEMA city; CREATE TABLE city.plots (gid serial PRIMARY KEY, parcel_id text, built timestamptz, geom geometry(Polygon, 4525));"
               "INSERT INTO city.plots (parcel_id, built, geom) VALUES ('W', '2020-05-31 18:00+00', ST_Transform(ST_MakeEnvelope(38352000, 2970000, 38352100, 2970100, 4526), 4525))")
    both = audit("both.gpkg", server.name(tables="city.plots"), SAMPLE / "parcels.shp")
    expect(rows(both, "SELECT source, parcel_id, built FROM parcels WHERE fid = 1") == [("PG:park:city.plots", "W", "2020-06-01 02:00:00+08:00")], "a schema, another zone, a time as Beijing tells it")
    expect(rows(both, "SELECT count(*) FROM topology WHERE parcel_a = 'W'") == [(0,)] and rows(both, "SELECT count(*) FROM parcels") == [(124,)], "beside a file")


def refused(server):
    """What is wrong is said, and the password is not."""
    for name, layer, word in ((server.name({**ADMIN, "password": "falsch-8811"}), "parcels", "authentication"), (server.name(database="nowhere"), "parcels", "nowhere"),
                              (server.name(), "nosuch", "nosuch"), (server.name(tables="nosuch"), "nosuch", "nosuch"), (server.name(READER), "parcels", "permission")):
        for options in ((), ("--lang", "en")):
            code, out, err = panhuo("audit", name, "--layer", layer, *OPTIONS, "-o", "no.gpkg", *options, CPL_DEBUG="ON")
            expect(code in (1, 2) and not out and word in err and not (WORK / "no.gpkg").exists(), f"{word}: {code} {err}")
    code, out, _ = panhuo("inspect", server.name(), "--layer", "parcels", "--json")
    expect(code == 0 and json.loads(out)["rows"] == 123 and json.loads(out)["source"] == "PG:park:parcels", "inspect")
    code, _, err = panhuo("check", f"postgresql://{ADMIN['user']}:{ADMIN['password']}@127.0.0.1:{server.port}/park", "--layer", "parcels", "-o", "uri.gpkg")
    expect(code == 0, f"a URI: {code} {err}")


def secrets():
    """No password in anything that was printed or written."""
    for account in (ADMIN, READER, {"password": "falsch-8811"}):
        word = account["password"].encode()
        expect(all(word not in text for text in printed), f"printed: {[t for t in printed if word in t][:1]}")
        expect([file.name for file in WORK.iterdir() if file.is_file() and word in file.read_bytes()] == [], "written")


def main():
    if binaries() is None:
        print("skipped: PostgreSQL with PostGIS is not installed")
        return 77
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    with Server() as server:
        for part in (inputs, refused):
            part(server)
    secrets()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
