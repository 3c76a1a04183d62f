"""盘活审计：QGIS 处理工具箱里的 panhuo audit。A Processing algorithm that runs `panhuo audit` and loads its result.

Add it to the toolbox (工具箱 → 脚本 → 将脚本添加到工具箱). The program is looked for in the QGIS setting panhuo/program, in the
environment variable PANHUO, beside this file as it is installed, and in PATH.
"""
import os
import pathlib
import queue
import re
import shlex
import shutil
import signal
import subprocess
import threading

from qgis.core import (QgsProcessing, QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException,
                       QgsProcessingParameterBoolean, QgsProcessingParameterCrs, QgsProcessingParameterDateTime,
                       QgsProcessingParameterDefinition, QgsProcessingParameterFile, QgsProcessingParameterFileDestination,
                       QgsProcessingParameterString, QgsProcessingParameterVectorLayer, QgsProviderRegistry, QgsSettings,
                       QgsVectorLayer)

LOADED = ["parcels", "ledger_land", "enterprise_land", "topology", "topology_places"]  # from the lowest to the highest
PROGRESS = re.compile(r"(\d+)% (.*)")
DONE, DONE_WITH_ERRORS = 0, 3  # exit codes; the second only under --strict
PATIENCE = 15  # seconds that a run which was told to stop has for it


def find_program():
    """The path of panhuo, or None."""
    beside = pathlib.Path(__file__).resolve().parents[3] / "bin" / "panhuo"
    for place in (QgsSettings().value("panhuo/program", ""), os.environ.get("PANHUO"), beside, "panhuo"):
        found = shutil.which(str(place)) if place else None
        if found:
            return found
    return None


class Run:
    """The program at work: its lines come through a queue, so that nobody waits for it."""

    def __init__(self, command):
        group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, encoding="utf-8", errors="replace", **group)
        self.lines = queue.Queue()
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, False), (self.process.stderr, True))]
        for reader in self.readers:
            reader.start()

    def _read(self, stream, is_error):
        for line in stream:
            self.lines.put((is_error, line.rstrip("\n")))

    def next_line(self):
        """(from stderr?, line), or None when there is none for now."""
        try:
            return self.lines.get(timeout=0.1)
        except queue.Empty:
            return None

    def is_over(self):
        return self.process.poll() is not None and not any(reader.is_alive() for reader in self.readers) and self.lines.empty()

    def close(self):
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def stop(self):
        """Tells the program to stop, which removes what it has begun; ends it when it does not."""
        self.process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class PanhuoAudit(QgsProcessingAlgorithm):
    def createInstance(self):
        return PanhuoAudit()

    def name(self):
        return "panhuo_audit"

    def displayName(self):
        return "盘活审计"

    def group(self):
        return "盘活 panhuo"

    def groupId(self):
        return "panhuo"

    def shortHelpString(self):
        return ("审计宗地、企业表和盘活台账，写出一个 GeoPackage 和旁边的 QGIS 工程，并把结果按图例载入。\n\n"
                "Audits parcels, the enterprise table and the ledger; writes a GeoPackage with a QGIS project beside it and loads the result.")

    def initAlgorithm(self, config=None):
        file, tables = QgsProcessingParameterFile, "表格 (*.csv *.xlsx *.ods)"
        for parameter in (
                QgsProcessingParameterVectorLayer("PARCELS", "宗地图层", [QgsProcessing.TypeVectorPolygon]),
                file("ENTERPRISES", "企业表", optional=True, fileFilter=tables),
                file("LEDGER", "盘活台账", optional=True, fileFilter=tables),
                file("LINKS", "宗地与企业关联表", optional=True, fileFilter=tables),
                QgsProcessingParameterDateTime("AS_OF", "截止日", QgsProcessingParameterDateTime.Date),
                QgsProcessingParameterString("PERIOD", "统计期（起/止，如 2023-01-01/2023-11-30）", optional=True),
                QgsProcessingParameterString("RULES", "规则（内置名称或文件）", "national"),
                QgsProcessingParameterString("SCHEME", "评价方案（内置名称或文件）", optional=True),
                QgsProcessingParameterFileDestination("OUTPUT", "成果", "GeoPackage (*.gpkg)"),
                QgsProcessingParameterBoolean("OVERWRITE", "替换已有的成果", False),
                QgsProcessingParameterBoolean("LOAD", "载入成果", True)):
            self.addParameter(parameter)
        for parameter in (
                QgsProcessingParameterCrs("CRS", "坐标系（数据没有声明时）", optional=True),
                QgsProcessingParameterString("MAP", "字段对应（字段=源字段[:单位]，空格分隔）", optional=True),
                QgsProcessingParameterString("OPTIONS", "其他命令行选项", optional=True)):
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
            self.addParameter(parameter)

    def checkParameterValues(self, parameters, context):
        if find_program() is None:
            return False, "找不到程序 panhuo：请装好它，或在环境变量 PANHUO 中给出路径 / the program panhuo was not found: set PANHUO to its path"
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters, context, feedback):
        self.output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        self.command = [find_program(), "audit", *self.parcels(parameters, context), "-o", self.output, "--progress-lines", "--lang", "zh",
                        "--as-of", self.parameterAsDateTime(parameters, "AS_OF", context).toString("yyyy-MM-dd")]
        for name in ("ENTERPRISES", "LEDGER", "LINKS", "PERIOD", "RULES", "SCHEME"):
            value = self.parameterAsString(parameters, name, context)
            if value:
                self.command += [f"--{name.lower()}", value]
        crs = self.parameterAsCrs(parameters, "CRS", context)
        if crs.isValid():
            self.command += ["--crs", crs.authid() if crs.authid().startswith("EPSG:") else crs.toWkt()]
        for pair in self.parameterAsString(parameters, "MAP", context).split():
            self.command += ["--map", pair]
        if self.parameterAsBool(parameters, "OVERWRITE", context):
            self.command.append("--overwrite")
        self.command += shlex.split(self.parameterAsString(parameters, "OPTIONS", context))
        return True

    def parcels(self, parameters, context):
        """The layer as arguments of the program: its file, the layer in it and the filter set in QGIS."""
        layer = self.parameterAsVectorLayer(parameters, "PARCELS", context)
        if layer.dataProvider().name() != "ogr":
            raise QgsProcessingException(f"“{layer.name()}”不是文件里的图层，请先另存为文件 / this layer lies in no file; save it as one first")
        parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
        arguments = [parts["path"]]
        if parts.get("layerName"):
            arguments += ["--layer", parts["layerName"]]
        if layer.subsetString():
            arguments += ["--where", layer.subsetString()]
        return arguments

    def project(self):
        """Where the program puts the project beside its output."""
        return re.sub(r"\.gpkg$", "", self.output, flags=re.I) + ".qgz"

    def processAlgorithm(self, parameters, context, feedback):
        feedback.pushCommandInfo(shlex.join(self.command))
        run = Run(self.command)
        while not run.is_over():
            if feedback.isCanceled():
                run.stop()
                break
            line = run.next_line()
            if line:
                self.tell(feedback, *line)
        run.close()
        if run.process.returncode not in (DONE, DONE_WITH_ERRORS):
            for begun in (self.output, self.project()):  # what a program that was killed could not remove
                pathlib.Path(f"{begun}.part").unlink(missing_ok=True)
            if feedback.isCanceled():
                feedback.pushInfo("已取消，没有写出成果 / cancelled, nothing was written")
                return {}
            raise QgsProcessingException(f"审计没有完成（退出码 {run.process.returncode}），原因见上 / the audit was not done; see above")
        feedback.setProgress(100)
        if self.parameterAsBool(parameters, "LOAD", context):
            self.load(context)
        return {"OUTPUT": self.output, "PROJECT": self.project()}

    @staticmethod
    def tell(feedback, is_error, line):
        progress = PROGRESS.fullmatch(line) if is_error else None
        if progress:
            feedback.setProgress(int(progress[1]))
            feedback.setProgressText(progress[2])
        elif is_error:
            feedback.reportError(line)
        else:
            feedback.pushConsoleInfo(line)

    def load(self, context):
        """Layers take the styles that are stored in the GeoPackage."""
        for name in LOADED:
            layer = QgsVectorLayer(f"{self.output}|layername={name}", name, "ogr")
            if not layer.isValid() or layer.featureCount() == 0:
                continue
            title = layer.dataProvider().layerMetadata().title() or name
            layer.setName(title)
            context.temporaryLayerStore().addMapLayer(layer)
            context.addLayerToLoadOnCompletion(layer.id(), QgsProcessingContext.LayerDetails(title, context.project(), name))
