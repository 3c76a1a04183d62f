"""The made-up park's enterprises, and the columns and values of its parcels. Money in 万元, areas in m²."""
import datetime as dt

from park_map import NEW_COLUMN, S_STREETS, T_STREETS

REGION = "430499"                   # no such county: nothing here is anybody's


# --- enterprises -------------------------------------------------------------------------------------------------------

CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TRADES = (("金属加工机械制造", "精密机械", 1.0), ("汽车零部件及配件制造", "汽车部件", 1.1), ("电子电路制造", "电子科技", 1.6),
          ("输配电及控制设备制造", "电气", 1.2), ("塑料制品业", "新材料", 1.4), ("化学药品制剂制造", "制药", 0.9),
          ("方便食品制造", "食品", 0.8), ("纸制品制造", "包装", 0.9), ("金属表面处理及热处理加工", "表面技术", 2.1),
          ("通用仓储", "物流", 0.4), ("电子工业专用设备制造", "智能装备", 0.7), ("玻璃制品制造", "玻璃", 2.6))
BRANDS = [a + b for a in "瑞恒泓锦卓启翔砺" for b in "泽峰源拓晟岳辰和琦"]


def credit_code(number):
    """GB 32100 code of the company with this number; its organisation part checks by GB 11714."""
    plain = "MA%s%05d" % ("RTUWXY"[number % 6], 10007 + number * 613)
    values = [int(c, 36) for c in plain]
    check = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    body = "91" + REGION + plain + {10: "X", 11: "0"}.get(check, str(check))
    total = sum(CODE_LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CODE_LETTERS[(31 - total % 31) % 31]


class Firm:
    count = 0

    def __init__(self, kind, dice):
        """kind: thriving, low (tax below what was agreed), silent (no tax reported), young, tenant"""
        number = Firm.count
        Firm.count += 1
        self.kind, self.code = kind, credit_code(number)
        self.industry, word, self.weight = TRADES[(number * 5 + number // 12) % len(TRADES)]
        self.name = "云雁" + BRANDS[number * 31 % len(BRANDS)] + word + "有限公司"
        self.rate = dice.between(9.5, 24)
        self.mu = 0.0

    def row(self, dice):
        land = self.mu if self.mu > 0 else dice.between(4, 9)
        tax = land * {"low": dice.between(1.6, 3.2), "young": dice.between(0.1, 0.6)}.get(self.kind, self.rate)
        revenue = tax * dice.between(14, 26)
        added = revenue * dice.between(0.18, 0.29)
        energy = revenue * self.weight * dice.between(0.05, 0.11)
        large = "规上" if revenue >= 2000 else "规下"
        return [self.code, self.name, 2022, self.industry, large, "" if self.kind == "silent" else "%.2f" % tax,
                "%.2f" % revenue, "%.2f" % (revenue * dice.between(0.012, 0.046)), "%.2f" % added, "%.2f" % energy,
                "%.1f" % (energy * dice.between(0.4, 1.3) / 10), max(12, int(revenue / dice.between(70, 130)))]


# --- attributes --------------------------------------------------------------------------------------------------------

FIELDS = (("宗地代码", "C", 19, 0), ("电子监管号", "C", 16, 0), ("合同编号", "C", 20, 0), ("地块名称", "C", 30, 0), ("坐落", "C", 41, 0),
          ("企业名称", "C", 50, 0), ("统一社会信", "C", 18, 0), ("权属性质", "C", 8, 0), ("土地用途", "C", 16, 0), ("供应状态", "C", 10, 0),
          ("批准日期", "D", 8, 0), ("合同签订日", "D", 8, 0), ("交地日期", "C", 14, 0), ("约定动工日", "D", 8, 0), ("实际动工日", "D", 8, 0),
          ("停工日期", "D", 8, 0), ("约定竣工日", "D", 8, 0), ("竣工日期", "D", 8, 0), ("停产日期", "D", 8, 0), ("经营状态", "C", 10, 0),
          ("登记面积", "N", 15, 2), ("MJDW", "C", 8, 0), ("成交价万元", "N", 12, 2), ("总投资万元", "C", 14, 0), ("已投资万元", "N", 12, 2),
          ("GDTZ万元", "N", 12, 2), ("约定投资强", "N", 8, 1), ("YYKFMJ_M2", "N", 12, 2), ("YKFMJ_M2", "N", 12, 2), ("建筑面积㎡", "N", 12, 2),
          ("建筑系数", "N", 5, 1), ("XZBGMJ_M2", "N", 12, 2), ("空闲面积㎡", "N", 12, 2), ("出租面积㎡", "N", 12, 2), ("容积率", "N", 5, 2),
          ("约定容积率", "N", 5, 2), ("约定亩均税", "N", 6, 1), ("闲置原因", "C", 30, 0), ("扣除天数", "N", 5, 0), ("认定书文号", "C", 30, 0),
          ("片区", "C", 10, 0), ("备注", "C", 60, 0))


def day(year, month, number):
    return dt.date(year, month, number)


def later(date, days):
    return date + dt.timedelta(days=days)


def written(date, style):
    """A date as people type it into a text column."""
    return ("%d-%02d-%02d" % (date.year, date.month, date.day), "%d/%d/%d" % (date.year, date.month, date.day),
            "%d%02d%02d" % (date.year, date.month, date.day), "%d年%d月%d日" % (date.year, date.month, date.day),
            "%d.%d.%d" % (date.year, date.month, date.day))[style % 5]


def workday(dice, year, first=1, last=12):
    date = day(year, dice.whole(first, last), dice.whole(1, 28))
    return later(date, (0, 0, 0, 0, 0, -1, -2)[date.weekday()])


def contract(p, dice, signed, start=None, delivery=None):
    """What a contract of land supply fixes; money in 万元."""
    mu = p.mu()
    price = round(mu * dice.between(14, 23), 1)
    begin = start or later(signed, dice.whole(170, 230))
    intensity = dice.pick((160, 180, 200, 220, 250, 300))
    total = round(mu * intensity * dice.between(0.97, 1.25) - price)
    handed = delivery or later(signed, dice.whole(25, 80))
    p.handed = handed
    p.values.update({
        "供应状态": "已供应", "批准日期": later(signed, -dice.whole(90, 240)), "合同签订日": signed,
        "交地日期": written(handed, dice.whole(0, 4)), "约定动工日": begin, "约定竣工日": later(begin, 1100 if start else 730),
        "成交价万元": price, "总投资万元": str(total), "约定投资强": intensity, "约定容积率": dice.pick((0.8, 1.0, 1.0, 1.2)),
        "约定亩均税": dice.pick((4, 5, 6, 6, 8))})
    return total, price


def built(p, dice, year, firm):
    total, price = contract(p, dice, workday(dice, year))
    v, area = p.values, p.registered
    start = later(v["约定动工日"], dice.whole(-60, 150))
    far = round(v["约定容积率"] * dice.between(1.02, 1.55), 2)
    v.update({"实际动工日": start, "竣工日期": later(v["约定竣工日"], dice.whole(-150, 320)), "经营状态": dice.pick(("正常生产", "在产")),
              "已投资万元": total, "GDTZ万元": max(total + price, round(p.mu() * v["约定投资强"] * 1.01)), "容积率": far,
              "建筑面积㎡": round(far * area, 1), "建筑系数": round(dice.between(41, 58), 1),
              "XZBGMJ_M2": round(area * dice.between(0.02, 0.065)), "空闲面积㎡": min(7000, round(area * dice.between(0, 0.07))),
              "出租面积㎡": round(far * area * dice.between(0.08, 0.22)) if dice.chance(0.1) else 0})
    hold(p, firm)


def building(p, dice, signed, firm, started=None):
    total, _ = contract(p, dice, signed)
    v = p.values
    ground = round(p.registered * dice.between(0.42, 0.55))
    v.update({"实际动工日": started or later(v["约定动工日"], dice.whole(-40, 60)), "经营状态": "在建", "YYKFMJ_M2": ground,
              "YKFMJ_M2": round(ground * dice.between(0.5, 0.95)), "已投资万元": round(total * dice.between(0.36, 0.8)), "空闲面积㎡": 0})
    hold(p, firm)


def waiting(p, dice, signed, firm, start, **more):
    contract(p, dice, signed, start, **more)
    p.values["经营状态"] = "未动工"
    hold(p, firm)


def hold(p, firm):
    p.firm = firm
    p.values.update({"企业名称": firm.name, "统一社会信": firm.code})


def locate(parcels, dice):
    """Codes, names and addresses, block by block."""
    numbers = {}
    for p in parcels:
        zone = 3 if p.row == 0 else 2 if p.column >= NEW_COLUMN else 1
        numbers[zone] = numbers.get(zone, 0) + 1
        block = "%s-%02d" % ("ABCDE"[p.row], p.column + 1)
        numbers[block] = numbers.get(block, 0) + 1
        p.values.update({
            "宗地代码": "%s001%03dGB%05d" % (REGION, zone, numbers[zone]), "地块名称": "%s-%02d地块" % (block, numbers[block]),
            "坐落": "云雁产业园%s以东、%s以北" % (S_STREETS[p.column], T_STREETS[p.row]), "权属性质": "国有",
            "土地用途": dice.pick(("工业用地",) * 9 + ("仓储用地",)), "片区": ("启动区", "扩展区", "滨江片区")[zone - 1]})


def supervise(parcels):
    """Supervision and contract numbers, in the order of signing."""
    signed = sorted((p for p in parcels if p.values.get("合同签订日")), key=lambda p: (p.values["合同签订日"], p.values["宗地代码"]))
    for i, p in enumerate(signed):
        year = p.values["合同签订日"].year
        p.values.update({"电子监管号": "%s%dB%05d" % (REGION, year, 11 + i), "合同编号": "云雁让%d-%03d" % (year, 1 + i)})
