#!/usr/bin/python3
"""Audits from and to a real PostGIS, which runs on loopback for as long as this does.

postgis.py PROGRAM WORKDIR      exit code 77: there is no PostgreSQL with PostGIS on this machine
"""
import csv
import filecmp
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from server import ADMIN, READER, Server, binaries

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
OPTIONS = ("--as-of", "2023-11-30", "--period", "2023-01-01/2023-11-30")
CHINESE = re.compile("[\u4e00-\u9fff]")
SHELF = WORK / "tmp"  # where outputs to a database are made
passed, failures, printed = 0, [], []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments, **environment):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(SHELF), **environment})
    printed.append(done.stdout + done.stderr)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def audit(output, *arguments):
    (WORK / output).parent.mkdir(exist_ok=True)
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
    from_database = audit("first/database.gpkg", server.name(), "--layer", "parcels", *sides)
    found = differences(everything(from_files), everything(from_database))
    expect(not found, f"from PostGIS the same audit as from the files: {found}")
    run = dict(rows(from_database, "SELECT key, value FROM run"))
    expect(run["input.parcels"] == "PG:park:parcels" and run["input.ledger"] == "PG:park:ledger" and len(run["input.parcels.rows_sha256"]) == 64, f"run: {run}")
    expect({source for source, in rows(from_database, "SELECT source FROM problems WHERE feature IS NOT NULL")} <= {f"PG:park:{name}" for name in ("parcels", "ledger", "enterprises", "links")}, "problems name the table")
    again = audit("again/database.gpkg", server.name(tables="parcels"), *sides, "--threads", "1")
    expect(filecmp.cmp(from_database, again, shallow=False), "tables= names a layer too; the same bytes")
    # An update moves rows to the end of the table: the same content must give the same bytes.
    server.sql("UPDATE parcels SET 备注 = 备注 WHERE gid % 3 = 0; UPDATE ledger SET gid = gid WHERE gid < 20")
    expect(server.sql("SELECT gid FROM parcels LIMIT 3") != ["0", "1", "2"], "the rows have moved")
    moved = audit("moved/database.gpkg", server.name(), "--layer", "parcels", *sides)
    expect(filecmp.cmp(from_database, moved, shallow=False), "the order in which the database keeps its rows does not matter")
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
    for name in (f"postgresql://boss:geheim-55%zz@127.0.0.1:{server.port}/park", "PG:dbname=park password='geheim-55", "PG:dbname=park geheim-55"):
        for arguments in (("audit", name, *OPTIONS, "-o", "no.gpkg"), ("audit", SAMPLE / "AUDIT.yaml", "-o", name), ("inspect", name)):
            code, out, err = panhuo(*arguments, CPL_DEBUG="ON")
            expect(code == 2 and not out and "PG:host=" in err, f"{name}: {code} {err}")
    code, out, _ = panhuo("inspect", server.name(), "--layer", "parcels", "--json")
    expect(code == 0 and json.loads(out)["rows"] == 123 and json.loads(out)["source"] == "PG:park:parcels", "inspect")
    code, _, err = panhuo("check", f"postgresql://{ADMIN['user']}:{ADMIN['password']}@127.0.0.1:{server.port}/park", "--layer", "parcels", "-o", "uri.gpkg")
    expect(code == 0, f"a URI: {code} {err}")


TYPES = {"TEXT": "text", "REAL": "double precision", "INTEGER": "bigint", "MEDIUMINT": "bigint", "DATE": "date"}


def cells(server, schema, table, columns, geometry):
    """The rows of a table in PostGIS, as SQLite gives those of the GeoPackage."""
    named = ", ".join(f"encode(ST_AsBinary(\"{c}\", 'NDR'), 'hex') AS \"{c}\"" if c == geometry else f'"{c}"' for c in columns)
    lines = server.sql(f'SELECT to_json(r) FROM (SELECT {named} FROM "{schema}"."{table}") AS r')
    return [tuple(line[c] for c in columns) for line in map(json.loads, lines)]


def same(server, schema, file):
    """What differs between the schema and the GeoPackage: tables, columns, types, keys, indexes, comments, every row."""
    found = {}
    ask = lambda sql: server.sql(sql.replace("SCHEMA", f"'{schema}'"))
    listed = {name: kind for name, kind in (line.split("|") for line in ask("SELECT relname, relkind FROM pg_class WHERE relnamespace = SCHEMA::regnamespace AND relkind IN ('r', 'v')"))}
    kinds = dict(rows(file, "SELECT name, CASE type WHEN 'view' THEN 'v' ELSE 'r' END FROM sqlite_master JOIN gpkg_contents ON table_name = name"))
    if listed != kinds:
        found["tables"] = sorted(set(listed.items()) ^ set(kinds.items()))
    shapes = {t: (c, g, s) for t, c, g, s in rows(file, "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns")}
    for table in tables(file):
        columns = rows(file, f"SELECT name, type FROM pragma_table_info('{table}')")
        names = [name for name, _ in columns]
        geometry = shapes.get(table, (None,))[0]
        types = [TYPES.get(kind) if name != geometry else "geometry({1},{2})".format(*shapes[table]).lower() for name, kind in columns]
        there = [tuple(line.split("|")) for line in ask(f"SELECT attname, lower(format_type(atttypid, atttypmod)) FROM pg_attribute WHERE attrelid = format('%I.%I', SCHEMA, '{table}')::regclass AND attnum > 0 ORDER BY attnum")]
        if kinds[table] == "r" and there != list(zip(names, types)) or [name for name, _ in there] != names:
            found[f"{table}: columns"] = [pair for pair in zip(there, zip(names, types)) if pair[0] != pair[1]][:3]
        wanted = [tuple(value if name != geometry or value is None else wkb(value) for name, value in zip(names, line)) for line in rows(file, f'SELECT * FROM "{table}"')]
        got = cells(server, schema, table, names, geometry)
        if sorted(got, key=repr) != sorted(wanted, key=repr):
            found[f"{table}: rows"] = next(((a, b) for a, b in zip(sorted(got, key=repr), sorted(wanted, key=repr)) if a != b), (len(got), len(wanted)))
    titles = sorted((t, c, title) for t, c, title in rows(file, "SELECT table_name, column_name, title FROM gpkg_data_columns WHERE title IS NOT NULL"))
    comments = sorted(tuple(line.split("|")) for line in ask("SELECT relname, attname, col_description(c.oid, attnum) FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relnamespace = SCHEMA::regnamespace AND attnum > 0 AND col_description(c.oid, attnum) IS NOT NULL"))
    if titles != comments:
        found["comments"] = [pair for pair in zip(titles, comments) if pair[0] != pair[1]][:3]
    named = sorted(rows(file, "SELECT table_name, identifier FROM gpkg_contents WHERE table_name <> 'layer_styles'"))
    if named != sorted(tuple(line.split("|")) for line in ask("SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = SCHEMA::regnamespace AND relkind IN ('r', 'v') AND relname <> 'layer_styles'")):
        found["titles of tables"] = named
    keys = sorted(rows(file, 'SELECT m.table_name, f."from", f."table" FROM gpkg_contents AS m, pragma_foreign_key_list(m.table_name) AS f'))
    there = sorted(tuple(line.split("|")) for line in ask("SELECT conrelid::regclass::text, attname, confrelid::regclass::text FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE connamespace = SCHEMA::regnamespace AND contype = 'f'"))
    there = [tuple(part.split(".")[-1] for part in line) for line in there]
    if keys != sorted(there):
        found["foreign keys"] = (keys, there)
    primary = sorted(ask("SELECT relname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE connamespace = SCHEMA::regnamespace AND contype = 'p'"))
    if primary != sorted(name for name, kind in kinds.items() if kind == "r"):
        found["primary keys"] = primary
    indexes = sorted(ask("SELECT tablename FROM pg_indexes WHERE schemaname = SCHEMA AND indexdef LIKE '%USING gist (geom)%'"))
    if indexes != sorted(table for table in shapes if kinds[table] == "r"):
        found["spatial indexes"] = indexes
    return found


def wkb(blob):
    return blob[8 + (32 if blob[3] & 2 else 0):].hex()


def outputs(server):
    config = SAMPLE / "AUDIT.yaml"
    file = WORK / "sample.gpkg"
    expect(panhuo("audit", config, "-o", file)[0] == 0, "the audit as a file")
    code, out, err = panhuo("audit", config, "-o", server.name(), "--lang", "en")
    expect(code == 0 and "Written: PG:park:panhuo_20231130" in out and "QGIS project" not in out, f"to PostGIS: {code} {out[-300:]} {err}")
    found = same(server, "panhuo_20231130", file)
    expect(not found, f"the schema is the GeoPackage: {found}")
    styles = server.sql("SELECT count(*), count(styleqml), count(DISTINCT f_table_name), bool_and(f_table_catalog = 'park' AND f_table_schema = 'panhuo_20231130') FROM panhuo_20231130.layer_styles")
    count = rows(file, "SELECT count(*), count(DISTINCT f_table_name) FROM layer_styles")[0]
    expect(styles == [f"{count[0]}|{count[0]}|{count[1]}|t"], f"styles for QGIS: {styles} {count}")
    expect(not list(SHELF.iterdir()), "nothing is left in the temporary folder")
    code, out, err = panhuo("audit", config, "-o", server.name(), "--lang", "en")
    expect(code == 1 and "--overwrite" in err and "panhuo_20231130" in err, f"a schema that is there: {code} {err}")
    before = server.sql("SELECT md5(string_agg(p::text, '' ORDER BY fid)) FROM panhuo_20231130.parcels p")
    code, out, err = panhuo("audit", config, "-o", server.name(), "--overwrite", "--json")
    expect(code == 0 and json.loads(out)["output"] == "PG:park:panhuo_20231130" and json.loads(out)["project"] is None, f"replaced: {code} {err}")
    expect(server.sql("SELECT md5(string_agg(p::text, '' ORDER BY fid)) FROM panhuo_20231130.parcels p") == before, "with the same content")
    for options, schema in ((("-o", server.name(), "--pg-schema", "盘活 2023"), "盘活 2023"), (("-o", server.name(active_schema="by_string")), "by_string"),
                            (("-o", f"postgresql://{ADMIN['user']}:{ADMIN['password']}@127.0.0.1:{server.port}/park", "--pg-schema", "by_uri"), "by_uri")):
        code, out, err = panhuo("audit", config, *options, "--lang", "en")
        expect(code == 0 and f"PG:park:{schema}" in out and server.sql(f'SELECT count(*) FROM "{schema}".parcels') == ["123"], f"{schema}: {code} {err}")
    code, _, err = panhuo("check", SAMPLE / "parcels.shp", "-o", server.name(), "--out-crs", "EPSG:4490")
    found = same(server, "panhuo_check", WORK / "check.gpkg") if panhuo("check", SAMPLE / "parcels.shp", "-o", "check.gpkg", "--out-crs", "EPSG:4490")[0] == 0 else "no file"
    expect(code == 0 and not found, f"check: {err} {found}")
    # From the database into the database: what was written is a source like any other.
    code, _, err = panhuo("audit", server.name(), "--layer", "panhuo_20231130.parcels", *OPTIONS, "-o", "round.gpkg")
    expect(code == 0 and rows(WORK / "round.gpkg", "SELECT parcel_id, area_m2 FROM parcels ORDER BY fid") == rows(file, "SELECT parcel_id, area_m2 FROM parcels ORDER BY fid"), f"read back: {code} {err}")


def not_ours(server):
    """What stands in the way stays, and says so."""
    config = SAMPLE / "AUDIT.yaml"
    server.sql("CREATE SCHEMA theirs; CREATE TABLE theirs.precious (n int)")
    code, _, err = panhuo("audit", config, "-o", server.name(), "--pg-schema", "theirs", "--overwrite", "--lang", "en")
    expect(code == 1 and "not written by panhuo" in err and server.sql("SELECT count(*) FROM theirs.precious") == ["0"], f"a schema of others: {code} {err}")
    code, _, err = panhuo("audit", config, "-o", server.name(), "--pg-schema", "public", "--overwrite", "--lang", "en")
    expect(code == 1 and server.sql("SELECT count(*) FROM spatial_ref_sys") != ["0"], f"public: {code} {err}")
    server.sql("CREATE VIEW theirs.sums AS SELECT sum(area_m2) FROM panhuo_20231130.parcels")
    code, _, err = panhuo("audit", config, "-o", server.name(), "--overwrite", "--lang", "en")
    expect(code == 1 and "depend" in err and server.sql("SELECT count(*) FROM theirs.sums, panhuo_20231130.run") != ["0"], f"what others built on it: {code} {err}")
    server.sql("DROP VIEW theirs.sums")
    for name, word in (("", "empty"), ("pg_audit", "pg_"), ("x" * 64, "1 to 63")):
        code, _, err = panhuo("audit", config, "-o", server.name(), "--pg-schema", name, "--lang", "en")
        expect(code == 2 and word in err, f"schema '{name}': {code} {err}")
    code, _, err = panhuo("audit", config, "-o", "file.gpkg", "--pg-schema", "a", "--lang", "en")
    expect(code == 2 and "PostGIS only" in err, f"a schema for a file: {code} {err}")
    code, _, err = panhuo("audit", config, "-o", server.name(database="postgres"), "--lang", "en")
    expect(code == 1 and "CREATE EXTENSION postgis" in err, f"no PostGIS: {code} {err}")
    code, _, err = panhuo("check", SAMPLE / "parcels.shp", "-o", server.name(), "--pg-schema", "own_crs", "--lang", "en", "--out-crs",
                          "+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs +datum=WGS84")
    expect(code == 1 and "EPSG" in err and server.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'own_crs'") == ["0"], f"a CRS without a code: {code} {err}")
    for account, words in ((READER, ("no right to write", "GRANT CREATE")), ({"user": "boss", "password": "falsch-8811"}, ("cannot be reached",))):
        code, _, err = panhuo("audit", config, "-o", server.name(account), "--pg-schema", "mine", "--lang", "en", CPL_DEBUG="ON")
        expect(code == 1 and all(word in err for word in words), f"{account['user']}: {code} {err}")
        code, _, err = panhuo("audit", config, "-o", server.name(account), "--pg-schema", "mine")
        expect(code == 1 and CHINESE.search(err), f"{account['user']}: {code} {err}")
    server.sql(f"GRANT CREATE ON DATABASE park TO {READER['user']}")
    code, _, err = panhuo("audit", config, "-o", server.name(READER), "--overwrite", "--lang", "en")
    expect(code == 1 and "belongs to somebody else" in err, f"somebody else's: {code} {err}")
    code, _, err = panhuo("audit", config, "-o", server.name(READER), "--pg-schema", "granted", "--lang", "en")
    expect(code == 0, f"once granted: {code} {err}")


def killed(server):
    """Killed at many moments, and cut off by the server: nothing, or all of it, is there."""
    config = SAMPLE / "AUDIT.yaml"
    command = [PROGRAM, "audit", str(config), "-o", server.name(), "--pg-schema", "doomed"]
    environment = {**os.environ, "TMPDIR": str(SHELF)}
    started = time.monotonic()
    subprocess.run(command, capture_output=True, check=True, timeout=300, env=environment)
    whole = time.monotonic() - started
    server.sql("DROP SCHEMA doomed CASCADE")
    nothing = everything_there = left = 0
    for i in range(24):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        time.sleep(whole * (0.3 + 0.75 * i / 24))
        if i % 3 == 2:  # the connection goes, the program stays
            server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'panhuo'")
            process.wait(timeout=60)
        else:
            process.send_signal(signal.SIGKILL if i % 3 == 0 else signal.SIGINT)
            process.wait(timeout=60)
        left += i % 3 > 0 and bool(list(SHELF.iterdir()))
        for folder in SHELF.iterdir():  # of those killed by SIGKILL
            shutil.rmtree(folder)
        for _ in range(100):
            if server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'panhuo'") == ["0"]:
                break
            time.sleep(0.1)
        there = server.sql("SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'doomed' AND relkind IN ('r', 'v')")
        schema = server.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'doomed'")
        nothing += schema == ["0"] and there == ["0"]
        if schema == ["1"]:
            everything_there += server.sql("SELECT count(*) FROM doomed.run WHERE key = 'statement_en'") == ["1"] and server.sql("SELECT count(*) FROM doomed.layer_styles") != ["0"]
            server.sql("DROP SCHEMA doomed CASCADE")
    expect(nothing + everything_there == 24 and nothing > 3, f"killed: nothing {nothing} times, everything {everything_there} times, of 24")
    expect(left == 0, f"who is interrupted or cut off leaves no temporary folder: {left}")


def secrets():
    """No password in anything that was printed or written."""
    for account in (ADMIN, READER, {"password": "falsch-8811"}, {"password": "geheim-55"}):
        word = account["password"].encode()
        expect(all(word not in text for text in printed), f"printed: {[t for t in printed if word in t][:1]}")
        expect([file.name for file in WORK.rglob("*") if file.is_file() and word in file.read_bytes()] == [], "written")


def main():
    if binaries() is None:
        print("skipped: PostgreSQL with PostGIS is not installed")
        return 77
    shutil.rmtree(WORK, ignore_errors=True)
    SHELF.mkdir(parents=True)
    with Server() as server:
        for part in (inputs, refused, outputs, not_ours, killed):
            part(server)
    secrets()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
