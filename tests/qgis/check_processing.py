#!/usr/bin/python3
"""The Processing script in real QGIS: as it is installed, from the toolbox's command line and with progress, cancel and the result
loaded.

usage: check_processing.py BUILD SAMPLE FOLDER

BUILD: the build folder, which is installed into FOLDER first. SAMPLE: the folder of the sample park. One line a check, then
"N passed, M failed"; the exit code is 1 when a check failed.
"""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")

from osgeo import ogr, osr
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsFeature, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsVectorLayer

from check_gpkg import Checks

LOCAL = ('PROJCS["独立坐标系",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,'
         '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
         'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.25],'
         'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')
SIDE = 260  # squares a side: long enough to be stopped
LOADED = {"parcels": "宗地", "ledger_land": "盘活措施", "enterprise_land": "企业用地", "topology": "几何与拓扑问题", "topology_places": "几何问题位置"}


class Feedback(QgsProcessingFeedback):
    """Remembers what it is told; cancels once it has come so far."""

    def __init__(self, stop_at=None):
        super().__init__(False)
        self.said, self.errors, self.percents, self.stop_at = [], [], [], stop_at

    def setProgress(self, percent):
        self.percents.append(percent)
        if self.stop_at is not None and percent >= self.stop_at:
            self.cancel()
        super().setProgress(percent)

    def pushInfo(self, text):
        self.said.append(text)

    pushConsoleInfo = pushCommandInfo = pushInfo

    def reportError(self, text, fatal=False):
        self.errors.append(text)


def install(build, prefix):
    shutil.rmtree(prefix, ignore_errors=True)
    done = subprocess.run(["cmake", "--install", build, "--prefix", prefix], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def module_at(path):
    spec = importlib.util.spec_from_file_location("panhuo_audit", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inputs(sample):
    return {"PARCELS": str(sample / "parcels.shp"), "ENTERPRISES": str(sample / "enterprises.csv"), "LEDGER": str(sample / "ledger.csv"),
            "LINKS": str(sample / "links.csv"), "SCHEME": "hengyang-demo", "AS_OF": "2023-11-30", "PERIOD": "2023-01-01/2023-11-30"}


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def check_finding(checks, module, prefix):
    checks.check("the program is found beside the script", module.find_program() == str(prefix / "bin/panhuo"), module.find_program())
    os.environ["PANHUO"] = "/bin/true"
    checks.check("PANHUO comes first", module.find_program() == "/bin/true")
    del os.environ["PANHUO"]


def check_toolbox(checks, script, prefix, sample, folder):
    """qgis_process, with the script in the profile; the result is the program's own, byte for byte."""
    profile, out = fresh(folder / "profile"), fresh(folder / "toolbox")
    scripts = profile / "profiles/default/processing/scripts"
    scripts.mkdir(parents=True)
    shutil.copy(script, scripts)
    tool = shutil.which("qgis_process.bin") or "qgis_process"  # Debian's wrapper gives it options of the desktop program
    environment = {**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(profile), "PANHUO": str(prefix / "bin/panhuo")}
    arguments = [f"{name}={value}" for name, value in {**inputs(sample), "OUTPUT": out / "审计 成果.gpkg"}.items()]
    done = subprocess.run([tool, "run", "script:panhuo_audit", "--", *arguments], capture_output=True, text=True, env=environment, timeout=600, check=False)
    checks.check("toolbox: runs", done.returncode == 0, done.stderr[-500:] if done.returncode else "")
    checks.check("toolbox: progress and the statement in the log", "100" in done.stdout and "截至2023-11-30" in done.stdout)
    alone = fresh(folder / "alone")
    command = [prefix / "bin/panhuo", "audit", sample / "parcels.shp", "-o", alone / "审计 成果.gpkg", "--rules", "national"]
    for name, value in inputs(sample).items():
        command += [] if name == "PARCELS" else [f"--{name.lower().replace('_', '-')}", value]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    for name in ("审计 成果.gpkg", "审计 成果.qgz"):
        same = (out / name).is_file() and (out / name).read_bytes() == (alone / name).read_bytes()
        checks.check(f"toolbox: {name} is what the program alone writes", same)


def run_algorithm(module, parameters, stop_at=None):
    """(results, whether it was done, feedback, context)."""
    algorithm, feedback, context = module.PanhuoAudit(), Feedback(stop_at), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm.initAlgorithm()
    can, why = algorithm.checkParameterValues(parameters, context)
    if not can:
        return {}, False, why, context
    created = algorithm.create()
    results, done = created.run(parameters, context, feedback)
    return results, done, feedback, context


def check_result(checks, module, sample, folder):
    out = fresh(folder / "loaded")
    results, done, feedback, context = run_algorithm(module, {**inputs(sample), "OUTPUT": str(out / "audit.gpkg")})
    checks.check("loaded: done", done and results.get("OUTPUT") == str(out / "audit.gpkg"), feedback.errors)
    checks.check("loaded: the project is told", pathlib.Path(results.get("PROJECT", "")).is_file())
    checks.check("loaded: progress rises to 100", feedback.percents == sorted(feedback.percents) and feedback.percents[-1:] == [100], feedback.percents[:9])
    checks.check("loaded: the table and the statement in the log", any("疑似闲置" in line for line in feedback.said)
                 and any("截至2023-11-30" in line for line in feedback.said))
    details = context.layersToLoadOnCompletion()
    layers = {details[key].name: context.temporaryLayerStore().mapLayer(key) for key in details}
    checks.check("loaded: the layers", set(layers) == set(LOADED.values()), " ".join(layers))
    plain = [name for name, layer in layers.items() if not layer.isValid() or layer.renderer().type() != "categorizedSymbol"]
    checks.check("loaded: each with its legend", layers and not plain, " ".join(plain))


def check_filter(checks, module, folder):
    """A layer of a GeoPackage with a filter set in QGIS: only what it shows is audited."""
    source = QgsVectorLayer(f"{folder / 'loaded/audit.gpkg'}|layername=parcels", "parcels", "ogr")
    source.setSubsetString("\"tag\" = 'idle'")
    shown = sum(1 for _ in source.getFeatures())
    QgsProject.instance().addMapLayer(source)
    out = fresh(folder / "filter")
    _, done, feedback, _ = run_algorithm(module, {"PARCELS": source.id(), "AS_OF": "2023-11-30", "OUTPUT": str(out / "a.gpkg"), "LOAD": False})
    audited = QgsVectorLayer(f"{out / 'a.gpkg'}|layername=parcels", "", "ogr").featureCount() if done else feedback.errors
    checks.check("filter: only what the layer shows", audited == shown, f"{audited} of {shown}")
    QgsProject.instance().clear()


def check_crs(checks, module, sample, folder):
    """Degrees, another datum, and a CRS that has no code: project and layers know where they are."""
    bare = fresh(folder / "bare")
    for ending in ("shp", "shx", "dbf"):
        shutil.copy(sample / f"parcels.{ending}", bare)
    cases = {"degrees": (sample, {"OPTIONS": "--out-crs EPSG:4490"}, "EPSG:4490", "EPSG:1024"),
             "xian80": (bare, {"CRS": "EPSG:2362"}, "EPSG:2362", "EPSG:7049"),
             "local": (bare, {"CRS": QgsCoordinateReferenceSystem.fromWkt(LOCAL)}, "", "PARAMETER:6378137:6356752.314140356")}
    for name, (source, more, code, ellipsoid) in cases.items():
        out = fresh(folder / name)
        _, done, feedback, _ = run_algorithm(module, {"PARCELS": str(source / "parcels.shp"), "AS_OF": "2023-11-30", "LOAD": False,
                                                      "OUTPUT": str(out / "a.gpkg"), **more})
        project = QgsProject.instance()
        checks.check(f"{name}: audited and opened", done and project.read(str(out / "a.qgz")), feedback.errors)
        found = project.crs().authid() if code else ""
        checks.check(f"{name}: CRS and ellipsoid", project.crs().isValid() and (found, project.ellipsoid()) == (code, ellipsoid), f"{found} {project.ellipsoid()}")
        lost = [layer.name() for layer in project.mapLayers().values() if layer.isSpatial() and layer.crs() != project.crs()]
        checks.check(f"{name}: so do its layers", not lost, " ".join(lost))
        project.clear()


def check_refused(checks, module, sample, folder):
    out, bare = fresh(folder / "refused"), folder / "bare"
    parameters = {**inputs(sample), "PARCELS": str(bare / "parcels.shp"), "OUTPUT": str(out / "a.gpkg")}
    _, done, feedback, _ = run_algorithm(module, parameters)
    checks.check("refused: a source without a CRS, in the program's words", not done and any("坐标系" in line for line in feedback.errors), feedback.errors)
    checks.check("refused: nothing is written", not list(out.iterdir()))
    memory = QgsVectorLayer("Polygon?crs=EPSG:4526&field=parcel_id:string", "草稿", "memory")
    memory.dataProvider().addFeature(QgsFeature(memory.fields()))
    QgsProject.instance().addMapLayer(memory)
    _, done, feedback, _ = run_algorithm(module, {**parameters, "PARCELS": memory.id()})
    checks.check("refused: a layer that is in no file", not done)
    QgsProject.instance().clear()
    os.environ["PANHUO"], path, os.environ["PATH"] = "/nowhere/panhuo", os.environ["PATH"], "/nowhere"
    lonely = module_at(shutil.copy(module.__file__, fresh(folder / "lonely/far/from/any")))
    _, done, why, _ = run_algorithm(lonely, parameters)
    checks.check("refused: no program", not done and "panhuo" in str(why), why)
    os.environ["PATH"] = path
    del os.environ["PANHUO"]


def squares(file):
    """A grid of squares of 40 m; every tenth reaches into its neighbour."""
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4526)
    layer_source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(file))
    layer = layer_source.CreateLayer("parcels", srs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("parcel_id", ogr.OFTString))
    for i in range(SIDE * SIDE):
        x, y, reach = 38500000 + 40 * (i % SIDE), 2970000 + 40 * (i // SIDE), 42 if i % 10 == 0 else 40
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["parcel_id"] = f"430499001{i // 1000:03d}GB{i % 1000:05d}"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({x} {y},{x} {y + 40},{x + reach} {y + 40},{x + reach} {y},{x} {y}))"))
        layer.CreateFeature(feature)


def children():
    """The commands of the audits that this process has started and that still run."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            command = process.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if int(parent) == os.getpid() and b"audit" in command:
            found.append(command)
    return found


def check_cancel(checks, module, folder):
    """Stopped while it reads, while it checks geometry, and while it applies rules and writes."""
    source = fresh(folder / "squares") / "parcels.shp"
    squares(source)
    for percent in (5, 40, 62):
        out = fresh(folder / "cancelled")
        began = time.monotonic()
        results, _, feedback, context = run_algorithm(module, {"PARCELS": str(source), "AS_OF": "2023-11-30", "OUTPUT": str(out / "a.gpkg")}, percent)
        took = time.monotonic() - began
        where = f"cancelled at {percent} %"
        checks.check(f"{where}: in the middle", feedback.isCanceled() and feedback.percents and feedback.percents[-1] < 100, feedback.percents[-3:])
        checks.check(f"{where}: no result, nothing to load", not results and not context.layersToLoadOnCompletion())
        checks.check(f"{where}: nothing is left", not list(out.iterdir()), [p.name for p in out.iterdir()])
        checks.check(f"{where}: the program has ended", not children() and took < 60, f"{took:.1f} s")


def main(arguments):
    if len(arguments) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    build, sample, folder = (pathlib.Path(argument).resolve() for argument in arguments)
    os.environ.pop("PANHUO", None)
    application = QgsApplication([], True)
    application.initQgis()
    checks, prefix = Checks(), folder / "prefix"
    said = install(build, prefix)
    script = prefix / "share/panhuo/qgis/panhuo_audit.py"
    if checks.check("the script is installed with the program", not said and script.is_file(), said):
        module = module_at(script)
        check_finding(checks, module, prefix)
        check_toolbox(checks, script, prefix, sample, folder)
        check_result(checks, module, sample, folder)
        check_filter(checks, module, folder)
        check_crs(checks, module, sample, folder)
        check_refused(checks, module, sample, folder)
        check_cancel(checks, module, folder)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # PyQGIS may crash while Python takes the objects apart in any order
