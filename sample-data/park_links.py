"""Who has what of which parcel in the made-up park, and what its enterprises report for the evaluation."""
import datetime as dt
from fractions import Fraction

from park_map import Dice

LINK_HEAD = ["宗地代码", "统一社会信用代码", "关系", "土地面积(亩)", "份额(%)", "厂房面积(㎡)", "备注"]
REPORT_HEAD = ["用电量(万千瓦时)", "用水量(吨)", "化学需氧量(千克)", "成立日期", "免评原因", "否决事项", "调档", "调档原因", "加分", "扣分"]


def cents(value):
    """Whole 0.01, half away from zero."""
    return int(Fraction(value) * 100 + Fraction(1, 2))


def area(p):
    """The registered area as the audit reads it, in 0.01 m²."""
    value = Fraction(str(p.values["登记面积"]))
    return cents(value if p.values["MJDW"] == "平方米" else value * 2000 / 3)


def misspelt(code):
    """The same code as somebody typed it."""
    return code.replace("0", "O", 1).lower()


class Links:
    """Rows of links.csv, what they come to, and the planted problems."""

    def __init__(self, park):
        self.rows, self.notes = [], []  # notes: by the row of the file, its header being the first
        self.land = {}                  # code -> [own, rented in, rented out] in 0.01 m²
        for p in park.parcels:
            if p.values.get("统一社会信"):
                self.give(p.values["统一社会信"], 0, area(p))
        self.unassigned = sum(area(p) for p in park.parcels if not p.values.get("统一社会信"))
        found = [p for p, _ in park.hits] + [p for p, _, _ in park.problems] + [p for p, _ in park.unknown]
        quiet = sorted((p for p in park.parcels if p.row != 99 and len(p.rings) == 1 and p not in found
                        and getattr(p, "firm", None) and p.firm.kind == "thriving" and p.values["经营状态"] in ("在产", "正常生产")),
                       key=lambda p: p.values["宗地代码"])
        holds = {}
        for p in park.parcels:
            if getattr(p, "firm", None):
                holds.setdefault(p.firm.code, []).append(p)
        self.alone = [p for p in quiet if len(holds[p.firm.code]) == 1 and p.mu() > 30 and p is not park.groups["plan"][13]]
        self.several = [p for p in quiet if p.group is None and len(holds[p.firm.code]) > 1 and p.mu() > 30]
        self.tenants = [firm for firm in park.firms if firm.kind == "tenant"]
        self.tell(park, [p for p in park.parcels if p.values["经营状态"] == "在建" and p.group is None and p not in found])

    def give(self, code, relation, size):
        self.land.setdefault(code, [0, 0, 0])[relation] += size

    def row(self, p, code, relation, mu="", share="", floor="", remark="", note=None):
        self.rows.append([p if isinstance(p, str) else p.values["宗地代码"], code, relation, mu, share, floor, remark])
        if note:
            self.notes.append((len(self.rows) + 1, self.rows[-1], *note))

    def rent_floor(self, p, firm, floor, **more):
        """firm rents floor of p's holder."""
        self.row(p, more.pop("code", firm.code), more.pop("relation", "租入"), floor=floor, **more)
        size = cents(Fraction(area(p), 100) * Fraction(str(floor)) / Fraction(str(p.values["建筑面积㎡"])))
        self.give(firm.code, 1, size)
        self.give(p.firm.code, 2, size)

    def tell(self, park, sites):
        at_plan, first, second, third, fourth = self.tenants
        house, hall, yard, nobody = self.alone[:4]
        shared, other = self.several[0], next(p for p in self.several if p.firm is not self.several[0].firm)
        self.rent_floor(park.groups["plan"][13], at_plan, 4000, remark="三号厂房", note=(None, "租户按厂房折算 / a tenant by floor area"))
        self.rent_floor(house, first, 1200, relation="承租", note=(None, "两家租户同在一宗 / two tenants on one parcel"))
        self.rent_floor(house, second, 2600.5, code=misspelt(second.code), note=("id.credit_repaired", "信用代码小写、O 作 0 / lower case, O for 0"))
        self.rent_floor(hall, third, 3200, note=(None, "权利人、承租人两行相符 / holder and tenant agree"))
        self.row(hall, hall.firm.code, "出租", floor=3200)
        self.share(shared, other.firm)
        self.row(yard, yard.firm.code, "租出", mu=12, remark="北侧场地", note=(None, "出租空地 12 亩给邻厂 / 12 mu let to a neighbour"))
        self.row(yard, other.firm.code, "租入", mu=12, remark="堆场")
        self.give(yard.firm.code, 2, 800000)
        self.give(other.firm.code, 1, 800000)
        self.row(nobody, nobody.firm.code, "租出", mu=8, note=("link.no_tenant", "租出 8 亩,承租人不明 / 8 mu let, the tenant unknown"))
        self.give(nobody.firm.code, 2, cents(Fraction(16000, 3)))
        self.unassigned += cents(Fraction(16000, 3))
        site = sites[0]
        self.row(site, fourth.code, "租赁", floor=900, note=("link.no_floor", "宗地在建,没有建筑面积,算不出 / a building site without floor area"))
        self.give(fourth.code, 1, 0)
        self.land[fourth.code][1] = self.land[site.firm.code][2] = None
        self.row("430499001002GB00998", first.code, "租入", floor=500, note=("link.unknown_parcel", "没有这宗地 / no such parcel"))
        self.row(house, house.firm.code, "借用", note=("link.unknown_relation", "关系读不懂 / no known relation"))
        self.shared, self.site, self.partner = shared, site, other.firm

    def share(self, p, firm):
        """The holder has 65 %, firm 35 %; of two halves the 0.01 m² goes to the lesser code."""
        whole = area(p)
        quotas = {p.firm.code: Fraction(whole * 65, 100), firm.code: Fraction(whole * 35, 100)}
        parts = {code: int(quota) for code, quota in quotas.items()}
        if sum(parts.values()) < whole:
            parts[min(quotas, key=lambda code: (-(quotas[code] - parts[code]), code))] += 1
        self.row(p, p.firm.code, "自有", share="65%", note=(None, "两家共有,按份额 / two owners by shares"))
        self.row(p, firm.code, "共有", share="35%")
        self.give(p.firm.code, 0, parts[p.firm.code] - whole)
        self.give(firm.code, 0, parts[firm.code])

    def expected(self, roster):
        """The land of those whom links name, and of all."""
        named = {p.firm.code for p in (self.site, self.shared)} | {row[1] for row in self.rows}
        known = {code: [size or 0 for size in sizes] for code, sizes in self.land.items()}
        net = {code: own + rented - let for code, (own, rented, let) in known.items()}
        places = {"assigned": sum(size for code, size in net.items() if code in roster),
                  "off_roster": sum(size for code, size in net.items() if code not in roster), "unassigned": self.unassigned}
        return {"sizes": {code: self.land[code] for code in sorted(named) if code in self.land}, "places": places}


class Reports:
    """The columns of REPORT_HEAD, firm by firm, and which of them matter to the evaluation."""

    def __init__(self, park, links, seed):
        self.dice = Dice(seed)
        self.signed = {}
        for p in park.parcels:
            if getattr(p, "firm", None) and p.values.get("合同签订日"):
                self.signed.setdefault(p.firm.code, []).append(p.values["合同签订日"])
        named = {row[1] for row in links.rows}
        plain = [firm.code for firm in park.firms if firm.kind == "thriving" and firm.code in self.signed and firm.code not in named]
        self.exempt, self.veto, self.lifted, self.lowered, self.silent = plain[3:18:3]
        self.bonus = {code: 3 for code in plain[4:16:4]}
        self.penalty = {code: 2 for code in plain[5:16:5]}
        no_tax = next(firm.code for firm in park.firms if firm.kind == "silent")
        at_plan, first, second, third, fourth = (firm.code for firm in links.tenants)
        self.notes = [  # code, grade by hengyang-demo, note
            (self.exempt, "T", "免评:承担公共服务 / exempt: a public service"),
            (self.veto, "C", "得分在 A 档,一票否决 / A by its score, vetoed"),
            (self.lifted, "A", "B 档,升一档 / B, lifted by one"),
            (self.lowered, "C", "B 档,降一档 / B, lowered by one"),
            (self.silent, "B", "缺排放:该项取平均分,不算零 / emission missing: the mean of the term, not zero"),
            (no_tax, "T", "缺税收:不参评,不落 D 档 / tax missing: not evaluated, not D"),
            (at_plan, "B", "租户,租厂房 / tenant of a floor"),
            (first, "A", "租户,两家同在一宗 / one of two tenants on a parcel"),
            (second, "A", "租户,两家同在一宗 / one of two tenants on a parcel"),
            (third, "B", "租户,权利人、承租人两行相符 / tenant, holder and tenant agree"),
            (fourth, "T", "租户,用地算不出 / tenant whose land cannot be worked out"),
            (links.site.firm.code, "T", "上一户的权利人,用地同样算不出 / its landlord, likewise"),
            (links.shared.firm.code, "A", "一宗两家共有,占 65% / two owners of a parcel: 65 %"),
            (links.partner.code, "B", "一宗两家共有,占 35%,另租入 12 亩 / two owners of a parcel: 35 %, and 12 mu rented")]

    def row(self, firm, base):
        """What stands behind the columns of Firm.row."""
        revenue, energy, emission = float(base[6]), float(base[9]), float(base[10])
        earliest = min(self.signed.get(firm.code, [dt.date(2019, 6, 1)]))
        founded = min(earliest - dt.timedelta(self.dice.whole(100, 900)), dt.date(2022, 5, 20))
        if firm.code == self.silent:
            base[10] = ""
        words = {self.exempt: ("承担园区集中供热等公共服务", "", "", ""), self.veto: ("", "2022年发生较大生产安全事故", "", ""),
                 self.lifted: ("", "", "升档", "国家级专精特新“小巨人”企业"), self.lowered: ("", "", "-1", "未完成年度节能目标")}
        return base + ["%.2f" % (energy * self.dice.between(0.4, 0.7) / 1.229), "%.0f" % (revenue * self.dice.between(0.6, 2.4)),
                       "%.1f" % (emission * self.dice.between(0.2, 0.9)), str(founded), *words.get(firm.code, ("", "", "", "")),
                       self.bonus.get(firm.code, ""), self.penalty.get(firm.code, "")]

    def expected(self, rows, tenants):
        young = dt.date(2020, 11, 30)
        return {"grades": {code: grade for code, grade, _ in self.notes}, "exempt": self.exempt, "vetoed": self.veto, "adjusted": {self.lifted: "+1", self.lowered: "-1"}, "without_emission": self.silent,
                "founded_within_three_years": sorted(r[0] for r in rows if dt.date.fromisoformat(r[15]) > young),
                "tenants": sorted(firm.code for firm in tenants), "bonus": self.bonus, "penalty": self.penalty}
