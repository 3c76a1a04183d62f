#!/usr/bin/env python3
"""Makes the sample: a park that does not exist, placed near Hengyang, EPSG:4526.

    python3 make_park.py [DIR] [--expected FILE] [--defects FILE]

writes parcels.{shp,shx,dbf,prj,cpg}, enterprises.csv, links.csv and ledger.csv into DIR (default: beside this script), and, when
asked, what an audit must find, as JSON, and the tables of planted defects, as Markdown. Standard library only; the same
bytes on each run. The published figures are reached by moving boundaries, not by writing figures into the table: see
close_group() in park_map.py.
"""
import argparse
import csv
import datetime as dt
import io
import json
import math
import os
import struct

from park_links import LINK_HEAD, REPORT_HEAD, Links, Reports
from park_map import Dice, FACTORY, NEW_COLUMN, PART_OF_PARCEL, Parcel, area_of, join_across_street, lay_out, make_groups
from park_table import CODE_LETTERS, FIELDS, REGION, Firm, building, built, day, hold, later, locate, supervise, waiting, workday

SEED = 5
AS_OF = dt.date(2023, 11, 30)
PRJ = ('PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
       'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
       'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],'
       'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
       'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')


# --- who holds what; the planted defects -------------------------------------------------------------------------------

class Park:
    """Parcels, enterprises and ledger, and what an audit as of AS_OF has to find in them."""

    def __init__(self):
        self.dice = Dice(SEED)
        self.parcels = lay_out(self.dice)
        join_across_street(self.parcels)
        self.groups = make_groups(self.parcels, self.dice)
        self.firms, self.events, self.hits, self.unknown, self.problems, self.notes = [], [], [], [], [], []
        locate(self.parcels, self.dice)
        self.supply()
        self.trade()
        self.reinvest()
        self.plan()
        free = [p for p in self.parcels if p.group is None]
        self.new = self.dice.shuffled(p for p in free if p.column >= NEW_COLUMN and len(p.rings) == 1 and 15 < p.mu() < 95)
        self.old = self.dice.shuffled(p for p in free if p.column < NEW_COLUMN and len(p.rings) == 1 and 12 < p.mu() < 75)
        self.idle()
        self.stalled()
        self.unsupplied()
        self.undecided()
        self.inefficient()
        self.alerts()
        rest = [p for p in self.parcels if not hasattr(p, "firm") and "供应状态" not in p.values]
        self.ordinary(rest)
        supervise(self.parcels)
        self.spoil_shapes()
        self.spoil_values()
        self.more_events()
        self.finish()
        self.links = Links(self)

    def firm(self, kind="thriving"):
        self.firms.append(Firm(kind, self.dice))
        return self.firms[-1]

    def event(self, date, kind, parcel, firm=None, mu="", factory="", amount="", note=""):
        firm = firm or getattr(parcel, "firm", None)
        self.events.append([date, kind, parcel, firm.code if firm else "", mu, factory, amount, note])

    def hit(self, parcel, rule, note):
        self.hits.append((parcel, rule))
        self.notes.append((parcel, rule, note))

    def supply(self):
        """30 parcels supplied in 2023: a third under construction, the others not due to start before March 2024."""
        young = [self.firm("young") for _ in range(10)]
        for i, p in enumerate(self.groups["supply"]):
            firm = young[i * 3 % 10]
            signed = workday(self.dice, 2023, 1, 4) if i % 3 == 0 else workday(self.dice, 2023, 5, 11)
            if i % 3 == 0:
                started = later(signed, self.dice.whole(60, 140))
                building(p, self.dice, signed, firm, started)
                p.values["YKFMJ_M2"] = round(p.values["YYKFMJ_M2"] * self.dice.between(0.2, 0.5))
                p.values["已投资万元"] = round(p.values["已投资万元"] * 0.4)
            else:
                waiting(p, self.dice, signed, firm, max(later(signed, 185), day(2024, 3, self.dice.whole(5, 28))),
                        delivery=min(later(signed, self.dice.whole(8, 40)), day(2023, 11, 28)))
            self.event(signed, "供地", p, amount=p.values["成交价万元"])

    def trade(self):
        for i, p in enumerate(self.groups["trade"]):
            built(p, self.dice, 2011 + i, self.firm())
            mu = p.mu()
            self.event(workday(self.dice, 2023, 3 + 2 * i, 4 + 2 * i), "二级市场交易", p, amount=round(mu * self.dice.between(26, 34), 1),
                       note=("原使用权人经营困难,整体转让", "腾笼换鸟,引入新项目", "破产财产拍卖")[i])

    def reinvest(self):
        firms = [self.firm() for _ in range(9)]
        *whole, part = self.groups["reinvest"]
        for i, p in enumerate(whole + [part]):
            firm = firms[i if i < 8 else 8 if p is part else i - 8]
            built(p, self.dice, self.dice.whole(2010, 2016), firm)
            self.event(workday(self.dice, 2023, 1, 11), "二次投资", p, mu=PART_OF_PARCEL if p is part else "",
                       amount=self.dice.whole(8, 60) * 100, note="只涉及东侧厂区" if p is part else "")
        again = whole[0]
        self.event(day(2023, 9, 12), "二次投资", again, amount=1200, note="同一宗地第二笔技改,面积不重复计")
        self.notes.append((again, None, "二次投资两次,面积只计一次 / reinvested twice, counted once"))
        self.notes.append((part, None, "二次投资只计 30.00 亩(台账写明面积) / only the 30.00 mu stated in the ledger count"))

    def plan(self):
        """14 holders and one tenant: half of the plans bring standard factory; some of the parcels show why."""
        group = self.groups["plan"]
        firms = [self.firm("low" if i in (8, 9) else "thriving") for i in range(14)]
        for i, p in enumerate(group):
            built(p, self.dice, self.dice.whole(2009, 2015), firms[i % 14])
            self.event(workday(self.dice, 2023, 2, 10), "提升计划", p, factory=FACTORY[i // 2] if i % 2 == 0 and i < 16 else "",
                       note="限期两年达标" if i % 4 == 0 else "")
        tenant = self.firm("tenant")
        self.event(day(2023, 6, 20), "提升计划", group[13], firm=tenant, note="租用厂房,与权利人共用一宗")
        self.notes.append((group[13], None, "权利人、承租人各有一条提升计划,面积只计一次 / plans of holder and tenant, area counted once"))
        for i in (8, 9):
            group[i].values["约定亩均税"] = 6
            self.hit(group[i], "DX02", "税收低于约定亩均税收 / tax below what was agreed")
        for i, far in ((6, 0.52), (7, 0.68)):
            self.low_far(group[i], far)
        for i in (10, 11):
            v = group[i].values
            v["约定投资强"], v["GDTZ万元"] = 250, round(group[i].mu() * (96 + i))
            v["总投资万元"] = str(v["已投资万元"])
            v["成交价万元"] = min(v["成交价万元"], round(v["GDTZ万元"] * 0.15, 1))
            v["已投资万元"] = round(v["GDTZ万元"] - v["成交价万元"])
            self.hit(group[i], "DX04", "投资强度不到约定的一半 / investment below half of the agreed intensity")
        self.closed(group[12], day(2022, 8, 1), "停产", "DX01", "停产满一年 / closed for over a year")

    def low_far(self, p, far):
        p.values.update({"约定容积率": 1.0, "容积率": far, "建筑面积㎡": round(far * p.registered, 1), "出租面积㎡": 0})
        self.hit(p, "DX03", "容积率低于约定 / floor area ratio below the agreed one")

    def closed(self, p, since, word, rule, note):
        p.values.update({"经营状态": word, "停产日期": since})
        if rule:
            self.hit(p, rule, note)
        else:
            self.notes.append((p, None, note))

    def take(self, pool, most=999.0, least=0.0):
        p = next(p for p in pool if least <= p.mu() <= most)
        pool.remove(p)
        return p

    def idle(self):
        dice, new, old = self.dice, self.new, self.old
        cases = (
            (new, day(2021, 11, 8), day(2022, 5, 20), "XZ01", "逾期满一年 / a year past the agreed start", {"闲置原因": "企业资金困难"}),
            (old, day(2022, 5, 16), day(2022, 11, 30), "XZ01", "截止日恰为一周年 / the reference date is the very anniversary", {}),
            (old, day(2021, 5, 10), day(2021, 12, 1), "XZ01", "扣除政府原因 200 天后仍满一年 / still idle after 200 days of government cause",
             {"闲置原因": "GH", "扣除天数": 200}),
            (old, day(2020, 8, 25), day(2021, 3, 15), "XZ02", "逾期满两年 / two years past the agreed start", {"闲置原因": "项目方案反复调整"}),
            (new, day(2020, 4, 22), day(2020, 11, 1), "XZ02", "有认定书文号,不写“疑似” / carries a ruling, so not 'suspected'",
             {"闲置原因": "企业自身原因", "认定书文号": "云雁闲认〔2023〕3号"}),
            (new, day(2021, 9, 6), day(2022, 3, 31), "XZ05", "政府原因,应扣天数未填 / government cause, days not stated", {"闲置原因": "JF"}),
            (old, day(2021, 12, 20), day(2022, 6, 30), "XZ05", "政府原因,扣除 300 天后不满一年 / government cause, under a year after 300 days",
             {"闲置原因": "政府原因:规划调整", "扣除天数": 300}))
        for pool, signed, start, rule, note, more in cases:
            p = self.take(pool, most=80)
            waiting(p, dice, signed, self.firm("young"), start, delivery=later(signed, 70))
            p.values.update(more)
            self.hit(p, rule, note)
        p = self.take(new, most=80)
        waiting(p, dice, day(2021, 7, 5), self.firm("young"), day(2022, 8, 20), delivery=day(2021, 8, 20))
        p.values["约定动工日"] = None
        self.hit(p, "XZ01", "缺约定动工日期,按交地日期加一年 / no agreed start: delivery plus one year")
        self.idle_parcels = [q for q, rule in self.hits if rule.startswith("XZ")]
        self.hit(self.idle_parcels[6], "XZ04", "扣除后再过 147 天满一年,兼作预警 / an alert as well: 147 days to the full year")

    def stalled(self):
        for pool, area, money, note in ((self.new, 0.21, 0.41, "停建满一年,动工面积不足三分之一 / stopped, under a third built on"),
                                        (self.old, 0.46, 0.18, "停建满一年,投资不足 25% / stopped, under 25 % invested"),
                                        (self.old, 0.12, 0.09, "停建满一年,两项都不足 / stopped, both short")):
            p = self.take(pool, most=80)
            building(p, self.dice, workday(self.dice, 2020, 3, 9), self.firm("young"))
            total = int(p.values["总投资万元"])
            p.values.update({"经营状态": "停工", "停工日期": workday(self.dice, 2022, 2, 9), "YKFMJ_M2": round(p.values["YYKFMJ_M2"] * area),
                             "已投资万元": round(total * money), "约定竣工日": day(2024, 6, 30)})
            self.hit(p, "XZ03", note)

    def unsupplied(self):
        for pool, approved in ((self.new, day(2019, 6, 18)), (self.new, day(2021, 10, 26))):
            p = self.take(pool)
            p.values.update({"供应状态": "未供应", "批准日期": approved, "经营状态": None})
            p.firm = None
            self.hit(p, "PW01", "已批准,无供地记录 / approved, never supplied")

    def undecided(self):
        p = self.take(self.new, most=80)
        waiting(p, self.dice, day(2021, 6, 9), self.firm("young"), day(2022, 1, 1))
        p.values.update({"约定动工日": None, "交地日期": None})
        self.undecide(p, "XZ01", "缺约定动工日期和交地日期 / neither agreed start nor delivery date")
        self.unknown += [(p, "XZ02"), (p, "XZ04")]
        p = self.take(self.old, most=60)
        building(p, self.dice, day(2020, 9, 14), self.firm("young"))
        p.values.update({"经营状态": "停工", "YKFMJ_M2": round(p.values["YYKFMJ_M2"] * 0.2), "约定竣工日": day(2024, 9, 30)})
        self.undecide(p, "XZ03", "停工而缺停工日期 / stopped, date not known")
        p = self.take(self.old, most=60)
        built(p, self.dice, 2016, self.firm("silent"))
        self.undecide(p, "DX02", "企业表缺税收 / tax missing in the enterprise table")

    def undecide(self, p, rule, note):
        self.unknown.append((p, rule))
        self.notes.append((p, rule + "?", note))

    def inefficient(self):
        for word, since in (("停产", day(2021, 12, 15)), ("半停产", day(2022, 11, 15))):
            p = self.take(self.old, most=60)
            built(p, self.dice, 2014, self.firm())
            self.closed(p, since, word, "DX01", word + "满一年 / closed, or half closed, for over a year")
        for pool in (self.new, self.old):
            p = self.take(pool, most=80)
            building(p, self.dice, day(2018, 10, 17), self.firm("young"))
            p.values["约定竣工日"] = day(2021, 6, 30)
            self.hit(p, "DX05", "逾期两年多仍未竣工 / not completed over two years past the date")
        p = self.take(self.old, least=40, most=75)
        built(p, self.dice, 2013, self.firm())
        p.values.update({"空闲面积㎡": 16200, "建筑系数": 35.0})
        self.notes.append((p, "DX06 (--rules lixin)", "空闲 24.30 亩:国家规则无门槛,不命中 / vacant 24.30 mu: no threshold in the national set"))
        self.vacant = p
        p = self.take(self.old, most=50)
        built(p, self.dice, 2015, self.firm())
        self.closed(p, day(2023, 5, 10), "停产", None, "停产未满一年,不命中 / closed for half a year only: no hit")

    def alerts(self):
        p = self.take(self.new)
        waiting(p, self.dice, day(2022, 5, 20), self.firm("young"), day(2022, 12, 1), delivery=day(2022, 7, 1))
        self.hit(p, "XZ04", "差一天满一年 / one day short of a year")
        p = self.take(self.new)
        waiting(p, self.dice, day(2023, 6, 12), self.firm("young"), day(2024, 1, 15))
        p.values["合同签订日"], p.values["批准日期"] = day(2022, 12, 12), day(2022, 8, 30)
        p.values["交地日期"] = "2023-01-15"
        self.hit(p, "XZ04", "距约定动工 46 天 / 46 days before the agreed start")
        p = self.take(self.old)
        building(p, self.dice, day(2021, 8, 11), self.firm("young"))
        p.values["约定竣工日"] = day(2024, 1, 31)
        self.hit(p, "XZ04", "距约定竣工 62 天 / 62 days before the agreed completion")

    def ordinary(self, rest):
        firms = []
        for p in rest:
            if p.column >= NEW_COLUMN:
                building(p, self.dice, workday(self.dice, 2022, 3, 10), self.firm("young"))
                continue
            if len(firms) < 10:
                firms.append(self.firm())
            built(p, self.dice, self.dice.whole(2010, 2018), self.dice.pick(firms))
        self.free = [p for p in rest if p.column < NEW_COLUMN and len(p.rings) == 1 and p.mu() > 12]
        part = next((p for p in self.parcels if len(p.rings) > 1 and all(area_of(r) > 0 for r in p.rings)))
        hole = next((p for p in self.parcels if any(area_of(r) < 0 for r in p.rings)))
        self.notes += [(part, None, "一宗两部分,跨道路 / two parts across a street"), (hole, None, "内含另一宗(变电站) / with another parcel inside")]

    def ordinary_one(self):
        return self.free.pop(0)

    def problem(self, p, kind, note):
        """A kind with a point is a code of the table of problems; the others belong to the check of geometry."""
        self.problems.append((p, kind, note))
        self.notes.append((p, kind, note))

    def spoil_values(self):
        """Defects of the table; all on parcels outside the published figures and without other findings."""
        def mark(kind, note, rule=None, **values):
            p = self.ordinary_one()
            p.values.update(values)
            self.problem(p, kind, note)
            if rule:
                self.hits.append((p, rule))
            return p

        p = self.ordinary_one()
        p.values.update({"权属性质": "集体", "宗地代码": p.values["宗地代码"].replace("GB", "JB")})
        self.hit(p, "XZ06", "集体土地 / collective land")
        p = mark("id.credit_code", "信用代码校验码错 / wrong check character", "SJ05", 约定亩均税=None)
        good = p.values["统一社会信"]
        p.values["统一社会信"] = good[:17] + CODE_LETTERS[(CODE_LETTERS.index(good[17]) + 7) % 31]
        p = mark("id.credit_code", "信用代码少一位 / credit code of 17 characters", "SJ05", 约定亩均税=None)
        p.values["统一社会信"] = p.values["统一社会信"][:17]
        p = mark("id.parcel_shape", "宗地特征码字母颠倒 / feature letters swapped", "SJ05")
        p.values["宗地代码"] = p.values["宗地代码"].replace("GB", "BG")
        twin = self.ordinary_one()
        p = mark("id.duplicate", "两宗同码 / two parcels with one code", "SJ05", 宗地代码=twin.values["宗地代码"])
        self.hits.append((twin, "SJ05"))
        mark("id.blank", "宗地代码为空 / blank parcel code", "SJ05", 宗地代码=None)
        p = mark("area.mismatch", "登记面积多 2% / registered area 2 % too large", "SJ01")
        p.registered = round(p.registered * 1.02, 2)
        mark("date.unreadable", "交地日期 2021-02-30,没有这一天 / no such day", 交地日期="2021-02-30")
        mark("date.unreadable", "交地日期写成文字 / words in place of a date", 交地日期="见交地确认书")
        mark("number.unreadable", "总投资写成“约2亿元上下” / words in place of a number", 总投资万元="约2亿元上下")
        p = mark("encoding.half_character", "坐落超过 41 字节,末字只剩一半 / the address ends in half a character")
        p.values["坐落"] = "云雁产业园望岳路与松涛路交叉口原电机厂及配套生活区地块"
        for text, note in (("{:,.2f}", "千分位 / thousands separators"), ("full", "全角数字 / full-width digits"), ("{:.4e}", "科学计数 / exponent")):
            p = self.ordinary_one()
            value = int(p.values["总投资万元"])
            wide = "".join(chr(ord(c) + 0xFEE0) for c in str(value))
            p.values["总投资万元"] = wide if text == "full" else text.format(value)
            self.notes.append((p, None, "总投资写作 %s,可读 / %s: read" % (p.values["总投资万元"], note)))
        p = self.ordinary_one()
        p.unit = "亩"
        self.notes.append((p, None, "登记面积以亩计,由 MJDW 得知 / registered area in mu, as MJDW says"))

    def spoil_shapes(self):
        p, q, a, b = self.neighbours()
        self.free = [x for x in self.free if x not in (p, q)]
        length = math.dist(a, b)
        push = 600 / length
        middle = (a[0] + b[0]) / 2 + (b[1] - a[1]) / length * push, (a[1] + b[1]) / 2 - (b[0] - a[0]) / length * push
        ring = p.rings[0]
        p.rings = [ring[:ring.index(a) + 1] + [tuple(round(c, 3) for c in middle)] + ring[ring.index(a) + 1:]]
        p.register()
        self.problem(p, "overlap", "压盖相邻宗地 %s 约 300㎡ / overlaps that neighbour by about 300 m²" % q.values["宗地代码"])

        p = self.ordinary_one()
        a, b = self.street_edge(p)
        length = math.dist(a, b)
        along, out = [(b[i] - a[i]) / length for i in (0, 1)], ((b[1] - a[1]) / length, -(b[0] - a[0]) / length)
        loop = [tuple(round(a[i] + along[i] * length * k + out[i] * w, 3) for i in (0, 1)) for k, w in ((0.54, 0.3), (0.5, 2.4), (0.46, -0.3))]
        at = p.rings[0].index(a) + 1
        p.rings = [p.rings[0][:at] + loop + p.rings[0][at:]]
        p.register()
        self.problem(p, "invalid", "界线自交成小结 / the boundary crosses itself in a small loop")

        double = self.ordinary_one()
        p = self.extra(double.rings, double, "历史宗地,图形与现宗地相同")
        hold(p, double.firm)
        p.values["宗地代码"] = REGION + "0010030017"
        self.problem(p, "id.parcel_shape", "旧地籍号,十六位 / an old number of 16 digits")
        self.problem(p, "duplicate", "图形与 %s 完全相同 / same polygon as that one" % double.values["宗地代码"])

        bare = {f[0]: None for f in FIELDS if f[1] == "N" or f[0] == "总投资万元"}
        bare["空闲面积㎡"] = 0
        edge = self.ordinary_one()
        a, b = self.street_edge(edge)
        length = math.dist(a, b)
        out = [(b[1] - a[1]) / length * 0.12, -(b[0] - a[0]) / length * 0.12]
        far = [tuple(round(c[i] + out[i], 3) for i in (0, 1)) for c in (a, b)]
        p = self.extra([[b, a, far[0], far[1]]], edge, "道路拓宽后的边角")
        p.values.update(bare)
        self.problem(p, "sliver", "宽 0.12 米的狭长面 / a strip 0.12 m wide")

        p = self.extra([], edge, "已登记,尚无图形")
        p.values.update(bare)
        p.registered = 20133.47
        self.undecided_data = [(p, "SJ01")]
        self.problem(p, "geometry.null", "没有图形 / no geometry")

    def street_edge(self, p):
        """The longest edge of a parcel that is nobody else's."""
        others = {(b, a) for q in self.parcels if q is not p for r in q.rings for a, b in zip(r, r[1:] + r[:1])}
        return max((e for e in zip(p.rings[0], p.rings[0][1:]) if e not in others), key=lambda e: math.dist(*e))

    def neighbours(self):
        """Two unspoilt neighbours and an edge of the first that is the second's too."""
        for p in self.free:
            for q in self.free:
                edges = set(zip(q.rings[0], q.rings[0][1:]))
                for a, b in zip(p.rings[0], p.rings[0][1:]):
                    if (b, a) in edges and math.dist(a, b) > 40:
                        return p, q, a, b
        raise SystemExit("no two free neighbours")

    def extra(self, rings, like, remark):
        p = Parcel([list(r) for r in rings], like.column, like.row)
        p.values = dict(like.values, 宗地代码="%s001%03dGB%05d" % (REGION, 9, 1 + sum(x.row == 99 for x in self.parcels)),
                        备注=remark, 地块名称=like.values["地块名称"] + "附", 电子监管号=None, 合同编号=None)
        p.row, p.firm = 99, like.firm       # no place in the street grid
        self.parcels.append(p)
        return p

    def more_events(self):
        """Other measures, events before the period, and rows that must not count."""
        d, idle = self.dice, self.idle_parcels
        found = [x[0] for x in self.hits] + [x[0] for x in self.problems]
        quiet = [p for p in self.parcels if p.group is None and getattr(p, "firm", None) and p.row != 99 and p.values["宗地代码"]
                 and len(p.values["宗地代码"]) == 19 and p.values["经营状态"] in ("在产", "正常生产")
                 and p not in found]
        works = [p for p in self.parcels if p.group is None and p.values["经营状态"] == "在建" and p.column >= NEW_COLUMN]
        for p, m2 in zip(quiet[:2], (5200, 3600)):
            self.event(workday(d, 2023, 4, 9), "盘活厂房", p, factory=m2, note="空置厂房出租")
        self.event(day(2023, 5, 24), "招商并购", quiet[2], amount=4600, note="股权收购,增资扩产")
        self.event(day(2023, 7, 5), "置换", quiet[3], mu=12, note="东南角与市政用地置换")
        self.event(day(2023, 10, 17), "收回/收储", idle[3], mu=9, note="协议收回一部分")
        self.event(day(2023, 8, 9), "征缴闲置费", idle[0], amount=round(idle[0].values["成交价万元"] * 0.2, 2))
        self.event(day(2023, 11, 6), "延期", idle[6], note="补充协议,延期六个月")
        started = [p for p in self.groups["supply"] if p.values.get("实际动工日")]
        for p in started[:4]:
            self.event(p.values["实际动工日"], "动工", p)
        for p in quiet[4:6]:
            self.event(workday(d, 2023, 2, 10), "竣工", p, note="二期厂房")
        self.outside = [
            [works[0].values["合同签订日"], "供地", works[0], works[0].firm.code, "", "", works[0].values["成交价万元"], ""],
            [works[1].values["合同签订日"], "供地", works[1], works[1].firm.code, "", "", works[1].values["成交价万元"], ""],
            [day(2022, 9, 27), "二级市场交易", quiet[6], quiet[6].firm.code, "", "", 980, ""],
            [day(2022, 6, 15), "二次投资", quiet[7], quiet[7].firm.code, "", "", 2500, ""],
            [day(2022, 12, 8), "提升计划", quiet[8], quiet[8].firm.code, "", 3000, "", "上年度已列入"],
            [day(2023, 12, 5), "二次投资", quiet[9], quiet[9].firm.code, "", "", 1500, "截止日以后"]]
        self.wrong_events = [
            ([day(2023, 6, 2), "供地", REGION + "001002GB00999", "", 40, "", 1020, "图上没有这一宗"], "ledger.unknown_parcel",
             "宗地不在图上 / no such parcel"),
            ([day(2023, 4, 18), "置换", quiet[7], quiet[7].firm.code, round(quiet[7].mu() + 25), "", "", ""], "ledger.area_too_large",
             "面积大于宗地 / area larger than the parcel"),
            ([day(2023, 9, 20), "招租", quiet[6], quiet[6].firm.code, "", 1800, "", ""], "ledger.unknown_kind", "没有这种措施 / no such kind"),
            (["2023-11-31", "竣工", quiet[5], quiet[5].firm.code, "", "", "", ""], "date.unreadable", "没有这一天 / no such day")]

    def finish(self):
        """Numbers the records and the events; adds up each firm's land; makes some tenants without land."""
        for number, p in enumerate(self.parcels):
            p.fid = number
            p.values["登记面积"] = p.registered
            p.values["MJDW"] = "平方米"
            if getattr(p, "unit", None):
                p.values["登记面积"], p.values["MJDW"] = round(p.mu(), 2), p.unit
            if getattr(p, "firm", None) and p.values.get("统一社会信") == p.firm.code:
                p.firm.mu += p.mu()
        for _ in range(4):
            self.firm("tenant")
        rows = [(row, None) for row in self.events + self.outside] + [(row, (kind, note)) for row, kind, note in self.wrong_events]
        rows.sort(key=lambda r: (str(r[0][0]), r[0][1], r[0][2] if isinstance(r[0][2], str) else r[0][2].values["宗地代码"] or ""))
        self.ledger, self.ledger_notes = [], []  # notes: by the row of the file, its header being the first
        for i, (row, wrong) in enumerate(rows):
            date, kind, p, *more = row
            code = p if isinstance(p, str) else p.values["宗地代码"]
            self.ledger.append(["T%s-%03d" % (str(date)[:4], i + 1), str(date), kind, code] + more)
            if wrong:
                self.ledger_notes.append((i + 2, self.ledger[-1], wrong[0], wrong[1]))
                if wrong[0] == "date.unreadable":
                    self.ledger_notes.append((i + 2, self.ledger[-1], "ledger.date_missing", "因此没有日期,不计 / hence no date: not counted"))
            elif row in self.outside:
                self.ledger_notes.append((i + 2, self.ledger[-1], "ledger.outside_period", "不在期间内 / outside the period"))
        doubled = next(row for row in self.ledger if row[2] == "动工")
        self.ledger.append(list(doubled))
        self.ledger_notes.append((len(self.ledger) + 1, doubled, "ledger.duplicate_event", "事件编号重复 / event id used twice"))


# --- files -------------------------------------------------------------------------------------------------------------

def shapefile(parcels):
    """(shp, shx) of the records; outer rings clockwise, holes the other way; null shapes where there are no rings."""
    body, index, at = io.BytesIO(), io.BytesIO(), 50
    everything = [x for p in parcels for x in p.points()]

    def box(points):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return struct.pack("<4d", min(xs), min(ys), max(xs), max(ys))

    for number, p in enumerate(parcels, 1):
        record = struct.pack("<i", 0)
        if p.rings:
            rings = [ring[::-1] + [ring[-1]] for ring in p.rings]
            starts = [sum(len(r) for r in rings[:i]) for i in range(len(rings))]
            record = struct.pack("<i", 5) + box(p.points()) + struct.pack("<2i", len(rings), sum(map(len, rings)))
            record += struct.pack("<%di" % len(starts), *starts)
            record += b"".join(struct.pack("<2d", *x) for ring in rings for x in ring)
        body.write(struct.pack(">2i", number, len(record) // 2) + record)
        index.write(struct.pack(">2i", at, len(record) // 2))
        at += 4 + len(record) // 2

    def header(words):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i", 1000, 5) + box(everything) + bytes(32)

    return header(at) + body.getvalue(), header(50 + 4 * len(parcels)) + index.getvalue()


def cell(value, kind, width, decimals):
    if value is None or value == "":
        return b" " * width
    if kind == "D":
        return value.strftime("%Y%m%d").encode()
    if kind == "N":
        text = ("%.*f" % (decimals, value)).encode()
        assert len(text) <= width, value
        return text.rjust(width)
    return str(value).encode("gbk")[:width].ljust(width)    # cut by bytes, as most writers do


def dbf(parcels):
    length = 1 + sum(f[2] for f in FIELDS)
    out = struct.pack("<4BIHH", 3, AS_OF.year - 1900, AS_OF.month, AS_OF.day, len(parcels), 33 + 32 * len(FIELDS), length)
    out += bytes(17) + b"\x4d" + bytes(2)       # language driver: Chinese GBK
    for name, kind, width, decimals in FIELDS:
        raw = name.encode("gbk")
        assert len(raw) <= 10, name
        out += raw.ljust(11, b"\0") + kind.encode() + bytes(4) + bytes((width, decimals)) + bytes(14)
    out += b"\r"
    for p in parcels:
        out += b" " + b"".join(cell(p.values.get(f[0]), *f[1:]) for f in FIELDS)
    return out + b"\x1a"


def table(head, rows, encoding):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head] + rows)
    return out.getvalue().encode(encoding)


def expected(park, reports, rows):
    """What the audit must find, for a test to compare with."""
    tags = {"PW01": "approved_unsupplied", "XZ01": "idle", "XZ02": "idle", "XZ03": "idle", "XZ05": "idle"}
    tags.update({"DX0%d" % i: "low_efficiency" for i in range(1, 8)})
    counts = {"approved_unsupplied": 0, "idle": 0, "low_efficiency": 0, "unverified": 0, "normal": 0}
    tag_of = {p.fid: "unverified" for p, _ in park.unknown}
    tag_of.update({p.fid: tags[rule] for p, rule in park.hits if rule in tags})
    for p in park.parcels:
        counts[tag_of.get(p.fid, "normal")] += 1

    def place(p):
        return {"fid": p.fid, "parcel_id": p.values["宗地代码"]}

    groups = {name: sorted(p.values["宗地代码"] for p in group) for name, group in park.groups.items()}
    return {
        "as_of": str(AS_OF), "period": ["2023-01-01", "2023-11-30"], "features": len(park.parcels),
        "enterprises": len(park.firms), "land": park.links.expected({firm.code for firm in park.firms}),
        "evaluation": reports.expected(rows, park.links.tenants), "ledger_rows": len(park.ledger),
        "published": {"trade": {"parcels": 3, "enterprises": 3, "area_mu": "167.00"},
                      "reinvest": {"parcels": 13, "enterprises": 9, "area_mu": "482.00"},
                      "supply": {"parcels": 30, "area_mu": "1809.00"},
                      "plan": {"parcels": 20, "enterprises": 15, "area_mu": "835.00", "factory_m2": 62500}},
        "published_parcels": groups,
        "tags": counts,
        "hits": [dict(place(p), rule=rule, tag=tags.get(rule)) for p, rule in sorted(park.hits, key=lambda h: (h[0].fid, h[1]))],
        "unknown": [dict(place(p), rule=rule) for p, rule in sorted(park.unknown + park.undecided_data, key=lambda h: (h[0].fid, h[1]))],
        "hits_lixin": [dict(place(park.vacant), rule="DX06", tag="low_efficiency")],
        "problems": [dict(place(p), source="parcels", code=kind, note=note) for p, kind, note in park.problems
                     if "." in kind and kind != "area.mismatch"]
        + [{"source": "parcels", "code": "area.mismatch", "parcels": sum(kind == "area.mismatch" for _, kind, _ in park.problems)}]
        + [dict(place(p), source="parcels", code="geometry.invalid") for p, kind, _ in park.problems if kind == "invalid"]
        + [dict(place(p), source="parcels", code="enterprise.unknown_code") for p, kind, _ in park.problems if kind == "id.credit_code"]
        + [{"source": "parcels", "column": name, "code": "unit.assumed"} for name in ("约定投资强", "约定亩均税")]
        + [{"source": "links", "row": row, "code": kind, "note": note} for row, _, kind, note in park.links.notes if kind]
        + [{"source": "ledger", "row": row, "event_id": text[0], "code": kind, "note": note} for row, text, kind, note in park.ledger_notes],
        "topology": [dict(place(p), kind=kind, note=note) for p, kind, note in park.problems if "." not in kind],
    }


def defects(park, reports):
    """The tables of planted defects and of enterprises to look at, for the README."""
    lines = ["| 记录 fid | 宗地代码 parcel | 应有结果 expected | 说明 note |", "|---|---|---|---|"]
    for p, result, note in sorted(park.notes, key=lambda n: n[0].fid):
        lines.append("| %d | %s | %s | %s |" % (p.fid, p.values["宗地代码"] or "—", result or "正常 normal", note))
    lines += ["", "| 台账行 row | 事件编号 event | 应有结果 expected | 说明 note |", "|---|---|---|---|"]
    lines += ["| %d | %s | %s | %s |" % (row, text[0], kind, note) for row, text, kind, note in park.ledger_notes]
    lines += ["", "| 关联行 row | 宗地代码 parcel | 应有结果 expected | 说明 note |", "|---|---|---|---|"]
    lines += ["| %d | %s | %s | %s |" % (row, text[0], kind or "正常 normal", note) for row, text, kind, note in park.links.notes]
    lines += ["", "| 企业代码 code | 评级 grade | 说明 note |", "|---|---|---|"]
    lines += ["| %s | %s | %s |" % note for note in reports.notes]
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    arguments.add_argument("--expected", metavar="FILE", help="also write what an audit must find, as JSON")
    arguments.add_argument("--defects", metavar="FILE", help="also write the tables of planted defects, as Markdown")
    choice = arguments.parse_args()
    park = Park()
    shp, shx = shapefile(park.parcels)
    reports = Reports(park, park.links, SEED + 1)
    rows = [reports.row(firm, firm.row(park.dice)) for firm in park.firms]
    files = {
        "parcels.shp": shp, "parcels.shx": shx, "parcels.dbf": dbf(park.parcels), "parcels.prj": PRJ.encode(), "parcels.cpg": b"GBK",
        "enterprises.csv": table(["统一社会信用代码", "企业名称", "年度", "行业", "规模", "税收(万元)", "营业收入(万元)", "研发投入(万元)", "增加值(万元)",
                                  "综合能耗(吨标准煤)", "主要污染物排放(当量)", "从业人数"] + REPORT_HEAD, rows, "utf-8"),
        "links.csv": table(LINK_HEAD, park.links.rows, "utf-8"),
        "ledger.csv": table(["事件编号", "日期", "措施", "宗地代码", "统一社会信用代码", "面积(亩)", "标准厂房面积(㎡)", "金额(万元)", "备注"], park.ledger, "gbk")}
    for name, content in files.items():
        with open(os.path.join(choice.folder, name), "wb") as out:
            out.write(content)
    if choice.expected:
        with open(choice.expected, "w", encoding="utf-8", newline="\n") as out:
            out.write(json.dumps(expected(park, reports, rows), ensure_ascii=False, indent=1) + "\n")
    if choice.defects:
        with open(choice.defects, "w", encoding="utf-8", newline="\n") as out:
            out.write(defects(park, reports))


if __name__ == "__main__":
    main()
