#!/usr/bin/python3
"""panhuo rules: sets and schemes listed, validated, explained, printed; mistakes with file, line and column.

rules.py PROGRAM WORKDIR
"""
import json
import os
import pathlib
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2])
passed, failures = 0, []


def rules(*arguments):
    done = subprocess.run([PROGRAM, "rules", *arguments], capture_output=True, check=False, timeout=60, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def lists():
    code, out, _ = rules("--json")
    builtin = json.loads(out)
    sets = [one for one in builtin if one["kind"] == "rules"]
    expect(code == 0 and [s["name"] for s in sets][0] == "national" and len(sets) == 10, "the built-in sets as JSON")
    code, out, _ = rules()
    expect(code == 0 and all(s["name"] in out and s["title"] in out and str(s.get("rules", s.get("indicators"))) in out for s in builtin),
           "all that is built in")
    for one in sets:
        code, out, err = rules(one["name"])
        expect(code == 0 and f"校验通过：{one['rules']} 条规则" in out, f"{one['name']} is valid: {err}")
    code, out, _ = rules("national", "--json")
    whole = json.loads(out)
    expect(whole["valid"] and len(whole["rules"]) == 20 and len(whole["sha256"]) == 64, "national as JSON")
    unsure = {r["id"] for r in whole["rules"] if not r["sure"]}
    page = rules("national")[1].splitlines()
    marked = {line.split()[0] for line in page if line.endswith("〔待核〕")}
    expect(unsure == marked and "PW01" in marked and "XZ01" not in marked, f"待核 stands where it must: {unsure ^ marked}")


def explains():
    code, out, _ = rules("--explain", "XZ01")
    wanted = ["疑似闲置(满一年)", "may_be_idle AND cause_settled", "约定动工日期或交地日期", "add_years(start_due, 1)", "0.2", "征缴闲置费", "第二条第一款", "闲置费比例"]
    expect(code == 0 and all(w in out for w in wanted), f"XZ01: {[w for w in wanted if w not in out]}")
    code, out, _ = rules("--explain", "XZ01", "--json")
    names = {n["name"]: n for n in json.loads(out)["names"]}
    expect(names["fee_share"]["value"] == "0.2" and names["delivery_date"]["kind"] == "value" and "expr" in names["start_due"], "XZ01 as JSON")
    expect("stalled_share" not in names, "no param that the rule does not use")
    code, out, _ = rules("dongyang", "--explain", "DX02")
    expect(code == 0 and "5 万元/亩" in out and "nbxinxi.com" in out, "a threshold with unit and source")
    expect("〔待核〕" in rules("--explain", "PW01")[1], "待核 behind a basis")
    expect("加年" in rules("--explain", "functions")[1], "the functions")
    expect("采用面积亩" in rules("--explain", "names")[1], "the names")
    code, _, err = rules("--explain", "XX99")
    expect(code == 2 and "XZ01" in err, "a rule that is not there")


def prints():
    code, out, _ = rules("national", "--print")
    expect(code == 0 and "panhuo rules national --print" in out, "the text says how it is copied")
    (WORK / "我的规则.yaml").write_text(out, encoding="utf-8")
    code, out, err = rules("我的规则.yaml")
    expect(code == 0 and "校验通过" in out, f"a copy is valid: {err}")
    code, _, err = rules("nosuch", "--print")
    expect(code == 2 and "nosuch" in err, "nothing to print")


def mistakes():
    head, rule = "name: m\ntitle: 题\nextends: national\n", "rules:\n  - id: A\n    tag: idle\n    title: t\n    basis: b\n    reason: r\n    when: "
    trials = [(head + rule + '"far >"\n', 10, "syntax error"), (head + rule + '"nosuch > 1"\n', 10, "nosuch"),
              (head + rule + '"(SELECT 1)"\n', 10, "SELECT"), (head + rule + "far\n    wenn: x\n", 11, "wenn"),
              (head + "define:\n  far: \"1\"\n", 5, "far"), (head + "rules: [", None, "YAML"), ("[", None, "YAML")]
    for text, line, word in trials:
        (WORK / "m.yaml").write_text(text, encoding="utf-8")
        code, out, err = rules("m.yaml")
        expect(code == 2 and not out and word in err and "m.yaml" in err and (line is None or f"m.yaml:{line}:" in err), f"{word}: {err}")
    code, _, err = rules("not-there.yaml")
    expect(code == 2 and "not-there.yaml" in err, "a file that is not there")


def scheme(*arguments):
    return rules("--scheme", *arguments)


def schemes():
    names = [one["name"] for one in json.loads(rules("--json")[1]) if one["kind"] == "scheme"]
    expect(names == ["hengyang-demo", "huangyan2022", "linhai2014", "huaian2024", "jingde2022", "changle2023"], f"the built-in schemes: {names}")
    to_fill = {"huaian2024": 3, "jingde2022": 10, "changle2023": 10}
    for name in names:
        code, out, err = scheme(name)
        said = f"有 {to_fill[name]} 处没有公布" if name in to_fill else "校验通过："
        expect(code == 0 and said in out, f"{name}: {err}")
        example = "权重为示例" in out
        expect(example == (name == "hengyang-demo"), f"{name}: whether its weights are an example")
        one = json.loads(scheme(name, "--json")[1])
        expect(one["valid"] and one["example"] == example and len(one["gaps"]) == to_fill.get(name, 0) and len(one["sha256"]) == 64,
               f"{name} as JSON")
    demo = json.loads(scheme("hengyang-demo", "--json")[1])
    expect([i["weight"] for i in demo["groups"][0]["indicators"]] == [40, 20, 15, 15, 10], "40/20/15/15/10")
    expect([c["response"] for c in demo["groups"][0]["classes"]] == ["优先发展", "鼓励提升", "规范转型", "调控帮扶"], "the four responses")
    huangyan = json.loads(scheme("huangyan2022", "--json")[1])
    bases = [[(i["base"], i["weight"]) for i in g["indicators"]] for g in huangyan["groups"]]
    expect(bases == [[(24.097, 30), (136.16, 20), (2.694, 20), (4929.81, 10), (18.14, 10), (0.0302, 10)], [(11.5932, 50), (0.2352, 50)]],
           "Huangyan's published bases and weights")
    expect("单位电耗税收〔待核〕" in scheme("huangyan2022")[1], "待核 behind what was not published")
    code, out, _ = scheme("hengyang-demo", "--explain", "energy_per_revenue")
    wanted = ["energy / revenue", "越小越好", "权重×(2−值÷基准)", "Σ分子÷Σ分母", "0 – 22.5", "本组平均分", "权重为示例"]
    expect(code == 0 and all(w in out for w in wanted), f"an indicator explained: {[w for w in wanted if w not in out]}")
    expect("用地亩" in scheme("hengyang-demo", "--explain", "names")[1], "the names of a scheme")
    expect("加年" in scheme("hengyang-demo", "--explain", "functions")[1], "the functions, with a scheme")
    code, out, _ = scheme("huaian2024", "--print")
    (WORK / "方案.yaml").write_text(out, encoding="utf-8")
    expect(code == 0 and "有 3 处没有公布" in scheme("方案.yaml")[1], "a copy reads as the scheme does")
    (WORK / "filled.yaml").write_text("name: mine\ntitle: 本县\nextends: huaian2024\nparams: {base_tax: 20, base_sales: 400, base_green: 0.8}\n",
                                      encoding="utf-8")
    code, out, err = scheme("filled.yaml")
    expect(code == 0 and "校验通过：1 个分组，3 项指标" in out and "0.8" in out, f"what was not published, filled in: {out} {err}")
    for arguments, word in ((["nosuch"], "hengyang-demo"), (["not-there.yaml"], "not-there.yaml"), (["huaian2024", "--explain", "x"], "tax_per_mu"),
                            (["nosuch", "--print"], "nosuch"), (["huaian2024", "national"], "--scheme")):
        code, out, err = scheme(*arguments)
        expect(code == 2 and not out and word in err, f"{arguments}: {code} {err}")
    (WORK / "s.yaml").write_text("name: s\ntitle: s\ngroups:\n  - id: a\n    title: a\n    when: \"1\"\n    indicators:\n"
                                 "      - {id: x, title: x, weight: 1, base: 1, value: \"tax / lnad_mu\"}\n", encoding="utf-8")
    code, out, err = scheme("s.yaml")
    expect(code == 2 and not out and "s.yaml:8:55" in err and "lnad_mu" in err, f"a name that there is not: {err}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    for part in (lists, explains, prints, mistakes, schemes):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
