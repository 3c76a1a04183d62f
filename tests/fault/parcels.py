"""A plain shapefile of square parcels in CGCS2000 zone 38, written without any library."""
import pathlib
import struct

PRJ = ('PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
       'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
       'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],'
       'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')
FIELDS = [("ZDDM", "C", 19), ("TDYT", "C", 12), ("YDDGRQ", "D", 8), ("SJDGRQ", "D", 8)]
SIDE, STEP = 50.0, 60.0
EAST, NORTH = 38400000.0, 2970000.0


def header(kind, words, box):
    """The 100 bytes that open a .shp or .shx of this many 16-bit words."""
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, kind, *box, 0, 0, 0, 0)


def squares(count):
    """South-west corners, a square park of them."""
    across = max(1, int(count ** 0.5))
    return [(EAST + STEP * (i % across), NORTH + STEP * (i // across)) for i in range(count)]


def write(stem, count):
    """Writes STEM.shp, .shx, .dbf, .prj, .cpg with `count` parcels; returns the path of the .shp."""
    stem = pathlib.Path(stem)
    corners = squares(count)
    shp, shx, content = [], [], 64  # words of a polygon record: 44 bytes + part index + 5 points = 128 bytes
    for i, (x, y) in enumerate(corners):
        ring = (x, y, x, y + SIDE, x + SIDE, y + SIDE, x + SIDE, y, x, y)
        shp.append(struct.pack(">2i", i + 1, content) + struct.pack("<i4d2ii10d", 5, x, y, x + SIDE, y + SIDE, 1, 5, 0, *ring))
        shx.append(struct.pack(">2i", 50 + i * (content + 4), content))
    box = (EAST, NORTH, max(x for x, _ in corners) + SIDE, max(y for _, y in corners) + SIDE)
    stem.with_suffix(".shp").write_bytes(header(5, 50 + count * (content + 4), box) + b"".join(shp))
    stem.with_suffix(".shx").write_bytes(header(5, 50 + count * 4, box) + b"".join(shx))
    stem.with_suffix(".dbf").write_bytes(dbf(count))
    stem.with_suffix(".prj").write_text(PRJ, encoding="ascii")
    stem.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    return stem.with_suffix(".shp")


def dbf(count):
    """The attributes: a parcel code each; every third parcel not started, every fifth without an agreed date."""
    width = 1 + sum(size for _, _, size in FIELDS)
    out = [struct.pack("<4BIHH20x", 3, 123, 11, 30, count, 33 + 32 * len(FIELDS), width)]
    out += [struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), size, 0) for name, kind, size in FIELDS]
    out.append(b"\r")
    for i in range(count):
        values = (f"430408{i // 99999:03d}001GB{i % 99999 + 1:05d}", "工业用地", "" if i % 5 == 0 else "20200601", "" if i % 3 == 0 else "20200801")
        out.append(b" " + b"".join(v.encode().ljust(size) for v, (_, _, size) in zip(values, FIELDS)))
    return b"".join(out) + b"\x1a"
