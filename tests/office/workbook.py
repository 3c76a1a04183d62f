#!/usr/bin/python3
"""panhuo report -o FILE.xlsx: every cell of every sheet is that of the GeoPackage, sums are formulas that agree, nothing from the data can act.

workbook.py PROGRAM WORKDIR AUDIT.gpkg
"""
import datetime
import decimal
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile

import openpyxl

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
AUDIT = pathlib.Path(sys.argv[3]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
HOSTILE = ["=cmd|' /C calc'!A0", "=1+1", "+1", "-2+3", "@SUM(1)", "<script>alert(1)</script>", "http://example.org/", "mailto:x@example.org", "{=A1}",
           "  blanks  ", "1234567890123456789", "007", "1e5", "TRUE", "#REF!", "&amp; <b> \"'", "line\nbreak\ttab", "\u202e𠮷😀", "2023-01-01", "'quoted"]
passed, failures = 0, []

PLAIN = "NULL"  # a column to be filled in
IDLE = """宗地代码=parcel_id 电子监管号=supervision_id 坐落=location 用地单位=holder_name 统一社会信用代码=holder_code 面积(㎡)=area_m2 面积(亩)=area_mu
    约定动工日期=agreed_start 实际动工日期=actual_start 闲置起算日=idle_since 闲置天数=idle_days 闲置原因=delay_cause:delay_cause 扣除天数=delay_days
    闲置费(万元)=idle_fee 规则=replace(rules,';',char(10)) 判定理由与算式=reason 依据=basis 拟处置措施=measures:measure 认定书文号=ruling_no"""
LOW = """宗地代码=parcel_id 坐落=location 用地单位=holder_name 统一社会信用代码=holder_code 土地用途=land_use 面积(㎡)=area_m2 面积(亩)=area_mu 经营状态=operating_state
    停产日期=closed_since 约定竣工日期=agreed_completion 约定容积率=agreed_far 现状容积率=far 约定亩均税收(万元/亩)=agreed_tax 评级=grade:grade 规则=replace(rules,';',char(10))
    判定理由与算式=reason 依据=basis 拟处置措施=measures:measure"""
UNSUPPLIED = """宗地代码=parcel_id 地块名称=parcel_name 坐落=location 土地用途=land_use 批准日期=approved_date 供应状态=supply_state 面积(㎡)=area_m2 面积(亩)=area_mu
    规则=replace(rules,';',char(10)) 判定理由与算式=reason 依据=basis 拟处置措施=measures:measure"""
UNVERIFIED = """宗地代码=parcel_id 坐落=location 用地单位=holder_name 统一社会信用代码=holder_code 面积(㎡)=area_m2 面积(亩)=area_mu 经营状态=operating_state
    缺少的资料=replace(missing,';','、') 判不了的规则=(select(group_concat(rule,char(10)))from(select(rule)from(findings)where(outcome='unknown'and(parcel_fid=p.fid))))
    说明=reason 核查情况=NULL"""
LEDGER = """事件编号=event_id 日期=date 盘活措施=kind:ledger_kind 宗地代码=parcel_id 坐落=(select(location)from(parcels)where(fid=p.parcel_fid))
    企业名称=coalesce((select(min(name))from(enterprises)where(code=p.enterprise_code)),(select(holder_name)from(parcels)where(fid=p.parcel_fid)and(p.enterprise_code(IS)NULL(or)holder_code=p.enterprise_code)))
    统一社会信用代码=enterprise_code 台账面积(㎡)=area_m2 计入面积(㎡)=counted_m2 计入面积(亩)=counted_m2*3/2000 标准厂房(㎡)=factory_m2 金额(万元)=amount
    是否计入=iif(counted,'计入','不计') 不计入的原因=message 备注=note"""
EVALUATION = """企业名称=name 统一社会信用代码=code 行业=industry 规模=size_class 评价分组=score_group 用地面积(㎡)=area_m2 用地面积(亩)=area_mu
    亩均税收(万元/亩)=tax_per_mu 亩均营业收入(万元/亩)=revenue_per_mu 亩均研发(万元/亩)=rd_per_mu 亩均增加值(万元/亩)=value_added_per_mu 亩均能耗(吨标煤/亩)=energy_per_mu 亩均排放(当量/亩)=emission_per_mu
    综合得分=score 调整前=grade_before:grade 评级=grade:grade 调整或不参评的原因=grade_reason 分类措施=response 数据完整度=completeness 提升到上一级=lift"""
TERMS = """企业名称=(select(name)from(enterprises)where(fid=p.enterprise_fid)) 统一社会信用代码=code 指标=title 数值=value 单位=unit 基准值=base 比值=ratio 权重=weight
    得分=points 封顶或保底=cap_hit:cap_hit 缺数据=missing 算式=arithmetic 升级所需=lift_value"""
LAND = """企业名称=coalesce((select(name)from(enterprises)where(fid=p.enterprise_fid)),(select(holder_name)from(parcels)where(fid=p.parcel_fid)))
    统一社会信用代码=enterprise_code 宗地代码=parcel_id 坐落=(select(location)from(parcels)where(fid=p.parcel_fid)) 关系=relation:relation
    用地面积(㎡)=area_m2 用地面积(亩)=area_m2*3/2000 算式=arithmetic"""
TOPOLOGY = """问题=kind:topology_kind 宗地甲=parcel_a 宗地乙=parcel_b 参照图层=against 面积(㎡)=area_m2 面积(亩)=area_mu 占宗地甲=share_a 占宗地乙=share_b 说明=message"""
PROBLEMS = "级别=severity:severity 来源=source 要素号或行号=feature 代码=code 问题=message 处理建议=hint"
RULES = """规则=rule 名称=title 结果=tag:rule_tag 条件=condition 依据=basis
    是否核对原文=CASE(sure)WHEN'V'THEN'见过出处'WHEN'V~'THEN'见过转载、摘要或草案'ELSE'待核'END 建议措施=measures:measure"""
TAGGED = "WHERE tag = '{}' ORDER BY fid"
# Sheet -> table, the column it cannot be without, what follows FROM, the columns, those that are added up.
LISTS = {
    "疑似闲置土地清单": ("parcels", "tag", TAGGED.format("idle"), IDLE, {"面积(㎡)", "面积(亩)", "闲置费(万元)"}),
    "低效用地清单": ("parcels", "tag", TAGGED.format("low_efficiency"), LOW, {"面积(㎡)", "面积(亩)"}),
    "批而未供清单": ("parcels", "tag", TAGGED.format("approved_unsupplied"), UNSUPPLIED, {"面积(㎡)", "面积(亩)"}),
    "待核查清单": ("parcels", "tag", TAGGED.format("unverified"), UNVERIFIED, {"面积(㎡)", "面积(亩)"}),
    "盘活措施台账": ("ledger", "counted", "ORDER BY fid", LEDGER, set()),
    "亩均效益评价结果": ("enterprises", "grade", "WHERE grade IS NOT NULL ORDER BY grade = 'T', score_group, rank, fid", EVALUATION, {"用地面积(㎡)", "用地面积(亩)"}),
    "评分明细": ("score_terms", "points", "LEFT JOIN (SELECT fid AS efid, rank, grade, score_group FROM enterprises) ON efid = enterprise_fid ORDER BY grade = 'T', score_group, rank, efid, fid", TERMS, set()),
    "企业用地明细": ("enterprise_parcels", "area_m2", "ORDER BY enterprise_code IS NULL, enterprise_code, fid", LAND, {"用地面积(㎡)", "用地面积(亩)"}),
    "几何问题": ("topology", "kind", "ORDER BY fid", TOPOLOGY, set()),
    "数据问题": ("problems", "message", "ORDER BY severity = 'note', severity = 'warning', fid", PROBLEMS, set()),
    "判定规则": ("rules", "condition", "ORDER BY fid", RULES, set()),
}
CODES = re.compile(r"代码|监管号|^宗地[甲乙]$")


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments, **more):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK, stdin=subprocess.DEVNULL,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **more.pop("env", {})}, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def report(audit, name, **more):
    """The workbook twice: with its formulas, and with the values that they had when it was written."""
    code, out, err = panhuo("report", audit, "-o", name, "--overwrite", **more)
    expect(code == 0 and not err and name in out, f"report {name}: {code} {out}{err}")
    expect(not list(WORK.glob("*.part")), f"{name}: a .part is left")
    return openpyxl.load_workbook(WORK / name), openpyxl.load_workbook(WORK / name, data_only=True)


def copy(name, *statements):
    """The audit, changed behind the program's back; statements are SQL or (SQL, values)."""
    path = WORK / name
    shutil.copy(AUDIT, path)
    db = sqlite3.connect(path)
    for trigger, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        db.execute(*((statement,) if isinstance(statement, str) else statement))
    db.commit()
    db.close()
    return path


def has(db, table, column):
    return bool(db.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", [table, column]).fetchone())


def words(db, codelist, value):
    if value is None:
        return None
    known = dict(db.execute("SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = ?", [codelist]))
    return "、".join(known[code] for code in value.split(";")) if set(value.split(";")) <= set(known) else value


def expression(source, table, db):
    """A column's source as SQL: brackets stand for blanks around words, a column that the table lacks is NULL."""
    if re.fullmatch(r"\w+", source):
        return f'p."{source}"' if source != PLAIN and has(db, table, source) else "NULL"
    return re.sub(r"(?<=[\w)])\((IS|or)\)(?=\w)", r" \1 ", source)


def wanted_rows(db, table, rest, columns):
    parts = [part.partition("=") for part in columns.split()]
    titles, sources = [p[0] for p in parts], [p[2].rpartition(":") if re.search(r"\w:\w+$", p[2]) else (p[2], "", "") for p in parts]
    sql = "SELECT {} FROM {} AS p {}".format(", ".join(expression(s[0], table, db) for s in sources), table, rest)
    rows = [[words(db, s[2], value) if s[2] else value for s, value in zip(sources, row)] for row in db.execute(sql)]
    return titles, rows


def same(cell, value, title):
    """Whether the cell says what the table has, in the right kind of cell."""
    if value is None or value == "":
        return cell.value is None
    if CODES.search(title) or isinstance(value, str) and not isinstance(cell.value, datetime.datetime):
        return cell.data_type in ("s", "inlineStr") and cell.value == value and (not CODES.search(title) or cell.number_format == "@" or title == "代码")
    if isinstance(cell.value, datetime.datetime):
        return cell.value.date().isoformat() == value and cell.number_format == "yyyy-mm-dd"
    return isinstance(cell.value, (int, float)) and abs(cell.value - value) <= 1e-15 * abs(value) * 2


def half_up(number):
    return decimal.Decimal(repr(number)).quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP)


def check_list(db, sheet, cached, layout):
    table, _, rest, columns, added = layout
    name = sheet.title
    titles, rows = wanted_rows(db, table, rest, columns)
    numbered = name != "亩均效益评价结果"
    first = ["序号"] if numbered else ["组内名次"]
    expect([c.value for c in sheet[3]] == first + titles, f"{name}: heads {[c.value for c in sheet[3]]}")
    expect(sheet["A1"].value == name and "截止日：" in sheet["A2"].value, f"{name}: title")
    for number, row in enumerate(rows, 1):
        cells = sheet[3 + number]
        expect(not numbered or cells[0].value == number, f"{name}: number of row {number}")
        for title, cell, value in zip(titles, cells[1:], row):
            expect(same(cell, value, title), f"{name} row {number}, {title}: {cell.value!r} {cell.number_format}, not {value!r}")
    last = 3 + len(rows)
    if not rows:
        expect(sheet["A4"].value == "（无）", f"{name}: that there is none is said")
        last = 4
    else:
        expect(sheet.auto_filter.ref == f"A3:{sheet.cell(3, len(titles) + 1).column_letter}{last}", f"{name}: filter {sheet.auto_filter.ref}")
    check_total(sheet, cached, titles, rows, added, last)
    expect(sheet.freeze_panes == "A4" and sheet.print_title_rows == "$1:$3", f"{name}: head {sheet.freeze_panes} {sheet.print_title_rows}")
    if not numbered:
        ranks = [cells[0].value for cells in sheet.iter_rows(min_row=4, max_row=last, max_col=1)]
        expect(ranks == [r for r, in db.execute(f"SELECT rank FROM enterprises {rest}")], f"{name}: ranks {ranks}")
    return len(rows)


def check_total(sheet, cached, titles, rows, added, last):
    name = sheet.title
    if not added:
        expect(sheet.max_row == last, f"{name}: {sheet.max_row} rows, not {last}")
        return
    expect(sheet.max_row == last + 1 and sheet.cell(last + 1, 1).value == "合计", f"{name}: total")
    area = next(t for t in titles if t in added and "㎡" in t)
    area_letter = sheet.cell(3, titles.index(area) + 2).column_letter
    exact = sum(round((row[titles.index(area)] or 0) * 100) for row in rows)
    for at, title in enumerate(titles):
        total, now = sheet.cell(last + 1, at + 2), cached.cell(last + 1, at + 2).value
        if title not in added:
            expect(total.value is None, f"{name}: {title} is not added up")
        elif "亩" in title:
            expect(total.value == f"={area_letter}{last + 1}*3/2000" and abs(now - exact * 3 / 200000) < 1e-9, f"{name}: {title} {total.value} {now}")
        else:
            letter = total.column_letter
            expect(total.value == f"=SUM({letter}4:{letter}{last})" and abs(now - sum(row[at] or 0 for row in rows)) < 1e-6, f"{name}: {title} {total.value} {now}")


def page_set_up(sheet):
    expect(sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9", f"{sheet.title}: A4 across")
    expect(sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == (None if sheet.title == "汇总表" else 0), f"{sheet.title}: as wide as the page")
    expect("&P" in (sheet.oddFooter.right.text or "") and "认定书" in sheet.oddFooter.left.text, f"{sheet.title}: footer")


def summary_block(sheet, cached, heading, columns):
    """The rows under a heading, up to the next one: name -> cells."""
    rows = list(zip(sheet.iter_rows(min_row=1, max_col=7), cached.iter_rows(min_row=1, max_col=7)))
    at = next((i for i, (row, _) in enumerate(rows) if str(row[0].value or "").startswith(heading)), None)
    if at is None:
        return None
    found = {}
    for row, now in rows[at + 2:]:
        if row[1].value is None and row[2].value is None and row[3].value is None:
            break
        found[row[0].value] = (row, now)
    return found


def check_summary(db, book, values):
    sheet, cached = book["汇总表"], values["汇总表"]
    statement, = db.execute("SELECT value FROM run WHERE key = 'statement_zh'").fetchone()
    expect(any(row[0].value == statement for row in sheet.iter_rows(max_col=1)), "the statement stands on the first sheet")
    all_parcels, all_enterprises, all_area, all_mu = db.execute("SELECT parcels, enterprises, area_m2, area_mu FROM totals WHERE topic = 'all' AND code = 'all'").fetchone()
    for heading, topic in (("土地分类", "tag"), ("盘活措施", "measure"), ("亩均效益评价", "grade"), ("土地归属", "land"), ("土地用途", "land_use")):
        totals = [t for t in db.execute("SELECT label, parcels, enterprises, area_m2, area_mu, code, factory_m2 FROM totals WHERE topic = ? ORDER BY fid", [topic])
                  if topic != "measure" or t[1] > 0]
        block = summary_block(sheet, cached, heading, 7)
        expect((block is None) == (not totals), f"{heading}: there or not")
        if not totals:
            continue
        rows = [block[label] for label, *_ in totals]
        for (row, now), (label, parcels, enterprises, area, mu, code, factory) in zip(rows, totals):
            expect(now[1].value == parcels and now[2].value == enterprises, f"{label}: counts {now[1].value} {now[2].value}")
            expect(row[3].value == area and row[4].value == f"=D{row[0].row}*3/2000", f"{label}: {row[3].value} {row[4].value}")
            expect(half_up(now[4].value) == half_up(mu), f"{label}: {now[4].value} is shown otherwise than {mu}")
            expect(topic != "measure" or row[5].value == (factory or None), f"{label}: factory {row[5].value}")
        first, last = rows[0][0][0].row, rows[-1][0][0].row
        expect(topic == "measure" or block["合计"][0][3].value == f"=SUM(D{first}:D{last})", f"{heading}: sum of areas")
        if topic in ("tag", "land_use"):
            total, now = block["合计"]
            expect(total[1].value == f"=SUM(B{first}:B{last})" and now[1].value == all_parcels and now[2].value == all_enterprises, f"{heading}: sums {now[1].value}")
        if topic in ("tag", "land_use", "land"):
            now = block["合计"][1]
            expect(abs(now[3].value - all_area) < 1e-6 and half_up(now[4].value) == half_up(all_mu), f"{heading}: all {now[3].value} {now[4].value}")
        if topic == "grade":
            total, now = block["合计"]
            expect(total[1].value is None and total[2].value == f"=SUM(C{first}:C{last})" and now[2].value == sum(t[2] for t in totals), f"{heading}: enterprises {now[2].value}")
        if topic == "tag":
            check_tags(db, block, {t[0]: t[5] for t in totals})
    expect(summary_block(sheet, cached, "重叠", 7)["扣除重复后"][0][3].value == db.execute("SELECT area_m2 FROM totals WHERE code = 'net'").fetchone()[0], "net of overlaps")


def check_tags(db, block, codes):
    lists = {"idle": "疑似闲置土地清单", "low_efficiency": "低效用地清单", "approved_unsupplied": "批而未供清单", "unverified": "待核查清单"}
    for label, code in codes.items():
        row, now = block[label]
        expect(code == "normal" and row[6].value is None or lists.get(code, "?") in str(row[6].value) and now[6].value == "一致", f"{label}: held against its list")
    three, now = block["其中：三类土地"]
    area, count, holders = db.execute("SELECT sum(area_m2), count(*), count(DISTINCT holder_code) FROM parcels WHERE tag IN ('approved_unsupplied', 'idle', 'low_efficiency')").fetchone()
    expect(now[1].value == count and now[2].value == holders and abs(now[3].value - area) < 1e-6 and three[3].value.startswith("=SUM("), "the three kinds of land")


def check_account(db, book):
    sheet = book["说明"]
    told = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4, max_col=2) if row[1].value is not None}
    values = [value for value, in db.execute("SELECT value FROM run WHERE value <> ''")]
    expect(sorted(told.values()) == sorted(values), f"what was run: {set(values) ^ set(told.values())}")
    for key, title in (("as_of", "截止日"), ("rules_sha256", "规则集 SHA-256"), ("input.parcels.sha256.parcels.dbf", "输入：宗地 SHA-256 parcels.dbf"), ("input.ledger.rows", "输入：台账 行数")):
        value, = db.execute("SELECT value FROM run WHERE key = ?", [key]).fetchone()
        expect(told.get(title) == value, f"{title}: {told.get(title)}")
    english = [t for t in told if re.fullmatch(r"[\x00-\x7f]+", t)]
    expect(not english, f"without a Chinese name: {english}")


def formulas(book):
    """Only the program's own formulas, in totals and on the first sheet."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    own = re.fullmatch(r"=(SUM\([A-Z]\d+:[A-Z]\d+\)|[A-Z]\d+\*3/2000|IF\(D\d+=0,0,D\d+/D\d+\)|IF\(AND\(COUNT\('[^'\[\]]+'![^']*\)=B\d+,ROUND\('[^'\[\]]+'!\w+-D\d+,2\)=0\),\"一致\",\"不一致\"\))", cell.value)
                    expect(own and (sheet.title == "汇总表" or row[0].value == "合计"), f"{sheet.title}!{cell.coordinate}: {cell.value}")


def package(name):
    with zipfile.ZipFile(WORK / name) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
        expect({info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "times of members")
    expect(not [p for p, data in parts.items() if b"<hyperlink" in data or b"externalLink" in data or b"TargetMode=" in data], "no links")
    expect(not [p for p in parts if "vba" in p.lower() or "external" in p.lower()], "no macros")
    created = re.search(rb"<dcterms:created[^>]*>([^<]*)<", parts["docProps/core.xml"]).group(1)
    return created.decode()


def sample(audit):
    db = sqlite3.connect(f"file:{audit}?mode=ro&immutable=1", uri=True)
    book, values = report(audit, "sample.xlsx")
    there = [name for name, (table, column, *_) in LISTS.items() if has(db, *(("score_terms", "points") if column == "grade" else (table, column)))]
    expect(book.sheetnames == ["汇总表", *there, "说明"], f"sheets: {book.sheetnames}")
    counts = {name: check_list(db, book[name], values[name], LISTS[name]) for name in there}
    expect(audit != AUDIT or {"亩均效益评价结果", "评分明细"} <= set(there), "the sample is evaluated")
    expect(min(counts[name] for name in ("疑似闲置土地清单", "低效用地清单", "批而未供清单", "待核查清单", "盘活措施台账", "几何问题")) > 0, f"the sample has something of each: {counts}")
    check_summary(db, book, values)
    check_account(db, book)
    formulas(book)
    for sheet in book:
        page_set_up(sheet)
    as_of, = db.execute("SELECT value FROM run WHERE key = 'as_of'").fetchone()
    expect(package("sample.xlsx") == f"{as_of}T00:00:00Z", f"created: {package('sample.xlsx')}")
    expect(len(book["汇总表"]._charts) == 2 + bool(db.execute("SELECT 1 FROM totals WHERE topic = 'grade'").fetchone()), "charts")
    scheme = db.execute("SELECT group_concat(value, '（') || '）' FROM (SELECT value FROM run WHERE key IN ('scheme_title', 'scheme_example') ORDER BY fid)").fetchone()[0]
    expect(all((scheme is None) == ("评价方案：" not in sheet["A2"].value) and (scheme or "") in sheet["A2"].value for sheet in book), f"each sheet names the scheme and what it is: {scheme}")
    first = (WORK / "sample.xlsx").read_bytes()
    (WORK / "别处").mkdir(exist_ok=True)
    for lang, zone in (("de_DE.UTF-8", "Asia/Shanghai"), ("tr_TR.UTF-8", "America/New_York")):
        panhuo("report", audit, "-o", "别处/另一个.xlsx", "--overwrite", "--lang", "en", env={"LC_ALL": lang, "TZ": zone})
        expect((WORK / "别处/另一个.xlsx").read_bytes() == first, "the same bytes whoever asks, and where")
    db.close()


def ungraded():
    code, _, err = panhuo("audit", SAMPLE / "parcels.shp", "--enterprises", SAMPLE / "enterprises.csv", "--ledger", SAMPLE / "ledger.csv", "--as-of", "2023-11-30",
                          "-o", "ungraded.gpkg", "--overwrite")
    expect(code == 0, f"audit without a scheme: {err}")
    sample(WORK / "ungraded.gpkg")
    book = openpyxl.load_workbook(WORK / "sample.xlsx")
    expect(not {"亩均效益评价结果", "评分明细"} & set(book.sheetnames), "without an evaluation there are no sheets of it")
    expect(any("未给评价方案" in str(row[0].value) for row in book["说明"].iter_rows(max_col=1)), "and that is said")


def hostile():
    """What looks like a formula, a link or a number is the text it was, in every place where the data has a say."""
    fids = [fid for fid, in sqlite3.connect(AUDIT).execute("SELECT fid FROM parcels ORDER BY fid LIMIT ?", [len(HOSTILE)])]
    changes = [("UPDATE parcels SET holder_name = ?1, location = ?1, ruling_no = ?1, tag = 'idle' WHERE fid = ?2", (text, fid)) for text, fid in zip(HOSTILE, fids)]
    changes += [("UPDATE ledger SET note = ?1, event_id = ?1, message = ?1, kind = ?1 WHERE fid = ?2", (text, fid)) for fid, text in enumerate(HOSTILE, 1)]
    audit = copy("hostile.gpkg", *changes, "DELETE FROM totals WHERE topic = 'tag'", ("UPDATE run SET value = ? WHERE key = 'statement_zh'", (HOSTILE[0],)),
                 ("UPDATE parcels SET reason = ? WHERE fid = 1", ("长" * 40000,)), "UPDATE parcels SET area_mu = 'many', agreed_start = '约2021年' WHERE fid = 1",
                 "UPDATE parcels SET basis = CAST(X'41ff42' AS TEXT), contract_id = char(1) WHERE fid = 1", ("UPDATE totals SET label = ? WHERE topic = 'land_use'", (HOSTILE[1],)))
    book, values = report(audit, "hostile.xlsx")
    formulas(book)
    package("hostile.xlsx")
    db = sqlite3.connect(audit)
    fids = [fid for fid, in db.execute("SELECT fid FROM parcels WHERE tag = 'idle' ORDER BY fid")]
    idle, ledger = book["疑似闲置土地清单"], book["盘活措施台账"]
    column = {cell.value: cell.column for cell in idle[3]}
    for text, fid in zip(HOSTILE, range(1, 100)):
        for title in ("用地单位", "坐落", "认定书文号"):
            cell = idle.cell(4 + fids.index(fid), column[title])
            expect(cell.value == text and cell.data_type in ("s", "inlineStr") and cell.number_format == "@", f"{title}: {cell.value!r} for {text!r}")
    heads = {cell.value: cell.column for cell in ledger[3]}
    for number, text in enumerate(HOSTILE, 1):
        for title in ("备注", "事件编号", "不计入的原因", "盘活措施"):
            cell = ledger.cell(3 + number, heads[title])
            expect(cell.value == text and cell.data_type in ("s", "inlineStr"), f"{title}: {cell.value!r} for {text!r}")
    row = 4 + fids.index(1)
    reason = idle.cell(row, column["判定理由与算式"]).value
    expect(reason.startswith("长" * 32000) and "截断" in reason and len(reason) < 32767, "a text longer than a cell says that it was cut")
    expect(idle.cell(row, column["面积(亩)"]).value == "many" and idle.cell(row, column["约定动工日期"]).value == "约2021年", "words where a number or a date should be")
    expect(idle.cell(row, column["依据"]).value == "A\ufffdB", "what is no UTF-8")
    expect(any(r[0].value == HOSTILE[0] and r[0].data_type != "f" for r in book["汇总表"].iter_rows(max_col=1)), "the statement is a text")
    db.close()


def others():
    """Audits that have less, and files that are none."""
    book, _ = report(copy("bare.gpkg", *[f"DROP TABLE IF EXISTS {t}" for t in ("rules", "rule_names", "score_terms", "enterprise_parcels", "topology", "problems")],
                          *[f"ALTER TABLE parcels DROP COLUMN {c}" for c in ("idle_fee", "measures", "score")], "DROP VIEW IF EXISTS ledger_land",
                          "DELETE FROM parcels WHERE tag = 'unverified'", "UPDATE totals SET parcels = 0, area_m2 = 0 WHERE code = 'unverified'"), "bare.xlsx")
    expect("判定规则" not in book.sheetnames and "几何问题" not in book.sheetnames, f"absent tables have no sheet: {book.sheetnames}")
    expect(book["待核查清单"]["A4"].value == "（无）", "an empty list says so")
    code, _, err = panhuo("check", SAMPLE / "parcels.shp", "-o", "check.gpkg", "--overwrite")
    expect(code == 0, f"check: {err}")
    book, _ = report(WORK / "check.gpkg", "check.xlsx")
    expect(book.sheetnames == ["几何问题", "数据问题", "说明"], f"of a check: {book.sheetnames}")
    expect(package("check.xlsx").startswith("1970-01-01"), "a check without a date")
    plain = WORK / "plain.geojson"
    plain.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"宗地代码": "A"}, "geometry": {
        "type": "Polygon", "coordinates": [[[112.5, 26.8], [112.501, 26.8], [112.501, 26.801], [112.5, 26.8]]]}}]}), encoding="utf-8")
    code, _, err = panhuo("audit", plain, "--as-of", "2023-11-30", "-o", "plain.gpkg", "--overwrite")
    expect(code == 0, f"parcels alone: {err}")
    book, values = report(WORK / "plain.gpkg", "plain.xlsx")
    expect(book["疑似闲置土地清单"]["A4"].value == "（无）", "nothing is idle there")


def refused():
    target = WORK / "target.xlsx"
    good = panhuo("report", AUDIT, "-o", target)
    expect(good[0] == 0, f"report: {good[2]}")
    before = target.read_bytes()
    changed = copy("changed.gpkg", "UPDATE parcels SET area_m2 = area_m2 + 0.01 WHERE fid = (SELECT min(fid) FROM parcels WHERE tag = 'idle')")
    trials = [((AUDIT, "-o", target), 1, "--overwrite"), ((AUDIT, "-o", WORK / "nosuch/x.xlsx"), 1, "folder"), ((AUDIT, "-o", WORK / "x.pdf"), 2, ".xlsx"),
              ((AUDIT, "-o", ".xlsx"), 2, ".xlsx"), ((AUDIT,), 2, "-o"), ((WORK / "absent.gpkg", "-o", target, "--overwrite"), 1, "absent.gpkg"),
              ((pathlib.Path(__file__), "-o", target, "--overwrite"), 1, "GeoPackage"), ((changed, "-o", target, "--overwrite"), 1, "totals"),
              ((WORK / "x.xlsx", "-o", WORK / "x.xlsx"), 1, "x.xlsx"), ((AUDIT, "-o", WORK), 2, ".xlsx")]
    for arguments, expected, word in trials:
        code, out, err = panhuo("report", *arguments, "--lang", "en")
        expect(code == expected and not out and word in err, f"{arguments}: {code} {out}{err}")
        expect(target.read_bytes() == before and not list(WORK.glob("*.part")), f"{arguments}: the file that was there is untouched")
    (WORK / "folder.xlsx").mkdir()
    expect(panhuo("report", AUDIT, "-o", "folder.xlsx", "--overwrite")[0] == 1, "a folder of that name")
    expect(panhuo("report", AUDIT, "-o", target, "--overwrite")[0] == 0 and target.read_bytes() == before, "over it when asked")
    return before


def disk_full(before):
    """A file cannot grow beyond a limit, be it the workbook or one of the files aside in which its parts are kept."""
    target = WORK / "target.xlsx"
    with zipfile.ZipFile(target) as archive:
        largest = max(info.file_size for info in archive.infolist())

    def limit(size):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    said = set()
    for size in sorted({0, 100, 4096, 20000, len(before) - 1, *range(largest - 8192, largest, 512)}):
        code, out, err = panhuo("report", AUDIT, "-o", target, "--overwrite", "--lang", "en", preexec_fn=lambda size=size: limit(size))
        expect(code == 1 and not out and "panhuo: error:" in err, f"files of {size} bytes: {code} {out}{err}")
        expect(target.read_bytes() == before and not list(WORK.glob("*.part")), f"files of {size} bytes: whole or not at all")
        said.add("to its end" in err)
    expect(said == {True, False}, "a part that was cut short is noticed too")
    code, _, err = panhuo("report", AUDIT, "-o", target, "--overwrite", preexec_fn=lambda: limit(largest + 100000))
    expect(code == 0 and target.read_bytes() == before, f"large enough: {err}")
    code, _, err = panhuo("report", AUDIT, "-o", target, "--overwrite", env={"TMPDIR": str(WORK / "nosuch")})
    expect(code in (0, 1) and target.read_bytes() == before, f"no folder for files aside: {code} {err}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    sample(AUDIT)
    for part in (ungraded, hostile, others):
        part()
    disk_full(refused())
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
