// report.mjs REPORT.html AUDIT.gpkg HOSTILE.html [LARGE.html LARGE.gpkg]   run from the folder that run.sh makes
import { execFileSync } from "node:child_process";
import { count, expect, launch, open, rows, same, settled } from "./harness.mjs";
import { large } from "./large.mjs";

const [file, audit, hostileFile, largeFile, largeAudit] = process.argv.slice(2);
const text = (page, selector) => page.locator(selector).first().innerText();

// From the exact area: rounded half up to two decimals, in whole numbers.
function figures(m2) {
  const dm2 = BigInt(Math.round(m2 * 100));
  const print = (number) => `${number / 100n}.${String(number % 100n).padStart(2, "0")}`;
  return { mu: print((dm2 * 3n + 1000n) / 2000n), ha: print((dm2 + 5000n) / 10000n) };
}

async function summary(page) {
  const statement = rows(audit, "SELECT value FROM run WHERE key = 'statement_zh'")[0].value;
  same(await text(page, "#statement"), statement, "statement");
  const all = rows(audit, "SELECT * FROM totals WHERE topic = 'all' AND code = 'all' OR topic = 'tag' AND code IN ('approved_unsupplied', 'idle', 'low_efficiency') ORDER BY fid");
  const shown = await page.locator("#headline .figure").allInnerTexts();
  same(shown.length, 4, "four headline figures");
  all.forEach((total, i) => {
    const { mu, ha } = figures(total.area_m2);
    for (const word of [`${mu} 亩`, `${total.parcels} 宗`, `${total.enterprises} 家`, `${ha} 公顷`]) expect(shown[i].includes(word), `headline ${total.label}: ${word} in ${shown[i]}`);
  });
  const totals = rows(audit, "SELECT * FROM totals WHERE topic <> 'tag_overlap'");
  const lines = await page.locator("#tables tbody tr").evaluateAll((all_) => all_.map((line) => [...line.cells].map((cell) => cell.innerText.trim())));
  same(lines.length, totals.length, "lines of totals");
  for (const total of totals) {
    const { mu, ha } = figures(total.area_m2);
    const wanted = [total.parcels ?? "", total.enterprises ?? "", mu, ha].map(String);
    expect(lines.some((line) => wanted.every((word, i) => line[i + 1] === word)), `totals ${total.topic} ${total.label}: ${wanted}`);
  }
}

const counted = (page) => text(page, "#roster .count");
const firstRow = (page) => page.locator("#roster tr[data-row]").first().evaluate((line) => [...line.cells].map((cell) => cell.innerText));

async function filters(page) {
  const whole = rows(audit, "SELECT count(*) AS n, sum(round(area_m2 * 100)) / 100 AS m2 FROM parcels")[0];
  same(await counted(page), `${whole.n} 宗，${figures(whole.m2).mu} 亩`, "all parcels");
  for (const total of rows(audit, "SELECT * FROM totals WHERE topic = 'tag' AND parcels > 0")) {
    await page.locator("#filters button", { hasText: total.label }).click();
    same(await counted(page), `${total.parcels} / ${whole.n} 宗，${figures(total.area_m2).mu} 亩`, `filter ${total.label}`);
    await page.locator("#filters button", { hasText: total.label }).click();
  }
  for (const total of rows(audit, "SELECT * FROM totals WHERE topic IN ('land_use', 'measure', 'grade') AND parcels > 0")) {
    await page.locator("#tables button", { hasText: total.label }).first().click();
    expect((await counted(page)).startsWith(`${total.parcels} `), `from the totals: ${total.label} ${total.parcels}: ${await counted(page)}`);
  }
  await page.getByText("清除筛选").click();
  const [holder] = rows(audit, "SELECT holder_name AS name, count(*) AS n FROM parcels WHERE holder_name <> '' GROUP BY 1 ORDER BY n DESC, name LIMIT 1");
  await page.locator("#roster input").fill(holder.name);
  expect((await counted(page)).startsWith(`${holder.n} /`), `search ${holder.name}: ${await counted(page)}`);
  await page.locator("#roster input").fill("没有这样的宗地");
  expect((await counted(page)).startsWith("0 /"), "nothing found");
  same(await page.locator("#roster tr[data-row]").count(), 0, "no rows");
  await page.locator("#roster input").fill("");
  for (const [order, wanted] of [["最小", "ASC"], ["最大", "DESC"]]) {
    await page.locator("#roster th button", { hasText: "亩" }).click();
    const [parcel] = rows(audit, `SELECT area_m2 FROM parcels WHERE area_m2 IS NOT NULL ORDER BY area_m2 ${wanted} LIMIT 1`);
    same((await firstRow(page)).find((cell) => /^\d+\.\d\d$/.test(cell)), figures(parcel.area_m2).mu, `sorted by area, ${order}`);
  }
  await page.locator("#roster .scroll").evaluate((scroll) => { scroll.scrollTop = scroll.scrollHeight; });
  await settled(page);
  const bottom = await page.locator("#roster tr[data-row]").last().evaluate((line) => line.getBoundingClientRect().bottom <= line.closest(".scroll").getBoundingClientRect().bottom + 1);
  expect(bottom, "the last row can be reached");
  await page.locator("#roster th button", { hasText: "标签" }).click();
}

// A place inside a parcel, on the screen.
const placeOf = (page, fid) => page.evaluate((wanted) => {
  const row = rowsOf("parcels", "fid", wanted)[0];
  const box = shapes.boxOf(row);
  const near = 4 / map.view.scale;
  for (let i = 1; i < 40; i++) {
    for (let k = 1; k < 40; k++) {
      const x = box[0] + ((box[2] - box[0]) * i) / 40;
      const y = box[1] + ((box[3] - box[1]) * k) / 40;
      if (![[0, 0], [near, 0], [-near, 0], [0, near], [0, -near]].every(([dx, dy]) => shapes.at(x + dx, y + dy) === row)) continue;
      const canvas = map.canvas.getBoundingClientRect();
      return { x: canvas.x + map.view.width / 2 + (x - map.view.x) * map.view.scale, y: canvas.y + map.view.height / 2 - (y - map.view.y) * map.view.scale };
    }
  }
  return null;
}, fid);

async function mapWork(page) {
  await page.locator("#zoom-all").click();
  await page.locator("#map").scrollIntoViewIfNeeded();
  await settled(page);
  const [parcel] = rows(audit, "SELECT * FROM parcels WHERE tag = 'idle' ORDER BY area_m2 DESC LIMIT 1");
  const place = await placeOf(page, parcel.fid);
  await page.mouse.move(place.x, place.y);
  const tip = await text(page, "#tip");
  expect(await page.locator("#tip").isVisible(), "hover tells what it is");
  expect([parcel.parcel_name, parcel.holder_name, figures(parcel.area_m2).mu, "疑似闲置"].every((word) => tip.includes(word)), `hover: ${tip}`);
  const [red, green, blue] = await page.evaluate(({ x, y }) => {
    const box = map.canvas.getBoundingClientRect();
    return [...map.canvas.getContext("2d").getImageData((x - box.x) * map.view.ratio, (y - box.y) * map.view.ratio, 1, 1).data];
  }, place);
  same(`#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`, "#b5202e", "colour of an idle parcel");
  await page.mouse.click(place.x, place.y);
  const current = page.locator("#roster tr.current");
  expect((await current.innerText()).includes(parcel.parcel_id) && await current.isVisible(), "a click finds the row");
  expect(await page.locator("#sheet").isHidden(), "the first click opens nothing");
  await page.mouse.click(place.x, place.y);
  expect((await text(page, "#sheet h2")) === parcel.parcel_name, "a second click opens the sheet");
  await page.getByRole("button", { name: "看地图" }).click();
  expect(await page.locator("#sheet").isHidden(), "back to the map");
  const scale = () => page.evaluate(() => map.view.scale);
  const before = await scale();
  await page.mouse.move(place.x, place.y);
  await page.mouse.wheel(0, -300);
  await settled(page);
  expect(await scale() > before, "the wheel zooms a map that was clicked");
  const centre = await page.evaluate(() => [map.view.x, map.view.y]);
  await page.mouse.down();
  await page.mouse.move(place.x + 80, place.y + 30, { steps: 4 });
  await page.mouse.up();
  const moved = await page.evaluate(([x, y]) => [(map.view.x - x) * map.view.scale, (map.view.y - y) * map.view.scale].map(Math.round), centre);
  same(moved, [-80, 30], "dragged as far as the pointer");
  expect(await page.locator("#sheet").isHidden(), "a drag is no click");
  await page.locator("#map canvas").first().focus();
  await page.keyboard.press("0");
  await page.keyboard.press("+");
  await settled(page);
  const bar = await page.evaluate(() => ({ metres: document.querySelector("#scale span").textContent, pixels: document.querySelector("#scale i").getBoundingClientRect().width, scale: map.view.scale }));
  const [, number, unit] = /^([\d.]+) (米|公里)$/.exec(bar.metres) || [];
  expect(Math.abs(number * (unit === "米" ? 1 : 1000) * bar.scale - bar.pixels) < 1, `scale bar: ${JSON.stringify(bar)}`);
  await page.keyboard.press("0");
  await page.locator("#roster tr[data-row] td:nth-child(3)").first().click();
  await settled(page);
  const seen = await page.evaluate(() => {
    const box = shapes.boxOf(roster.current);
    const [west, north] = map.view.ground(0, 0);
    const [east, south] = map.view.ground(map.view.width, map.view.height);
    return map.selected === roster.current && box[0] > west && box[2] < east && box[1] > south && box[3] < north;
  });
  expect(seen, "a row finds its parcel on the map");
  await page.locator("#zoom-all").click();
}

// Every sheet says all that the audit says of its parcel.
async function sheets(page) {
  const sheetOf = (fid) => page.evaluate((wanted) => el("div", {}, ...parcelSheet(rowsOf("parcels", "fid", wanted)[0]).filter(Boolean)).textContent, fid);
  const measures = Object.fromEntries(rows(audit, "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'measure'").map((m) => [m.value, m.description]));
  const findings = rows(audit, "SELECT * FROM findings");
  const titles = Object.fromEntries(rows(audit, "SELECT name, title FROM rule_names").map((name) => [name.name, name.title]));
  for (const parcel of rows(audit, "SELECT * FROM parcels")) {
    const said = await sheetOf(parcel.fid);
    const words = [parcel.parcel_id, parcel.parcel_name, parcel.location, parcel.holder_name, parcel.holder_code, parcel.land_use, parcel.agreed_start, parcel.actual_start,
      parcel.reason, parcel.missing, parcel.idle_since, parcel.area_mu === null ? null : figures(parcel.area_m2).mu, ...(parcel.measures || "").split(";").map((code) => measures[code])];
    for (const found of findings.filter((finding) => finding.parcel_fid === parcel.fid)) {
      words.push(found.rule, found.reason, found.basis, found.missing, ...Object.keys(JSON.parse(found.evidence)).map((name) => titles[name]),
        ...Object.values(JSON.parse(found.evidence)).filter((value) => typeof value === "string"));
    }
    const absent = words.filter((word) => word && !said.includes(word));
    expect(absent.length === 0, `sheet of ${parcel.parcel_id}: ${absent.slice(0, 3)}`);
  }
  const [holder] = rows(audit, "SELECT enterprise_fid AS fid, sum(round(area_m2 * 100)) / 100 AS m2, count(*) AS n FROM enterprise_parcels WHERE enterprise_fid IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 1");
  const linked = rows(audit, `SELECT * FROM enterprise_parcels WHERE enterprise_fid = ${holder.fid}`);
  await page.evaluate((fid) => { location.hash = `#enterprise=${fid}`; }, holder.fid);
  const said = await page.locator("#sheet").innerText();
  expect(linked.every((link) => said.includes(link.parcel_id ?? "—") && said.includes(link.arithmetic)) && said.includes(`合计 ${figures(holder.m2).mu} 亩`), `receipt of the land: ${said}`);
  for (const term of rows(audit, "SELECT name FROM sqlite_master WHERE name = 'score_terms'").length ? rows(audit, `SELECT * FROM score_terms WHERE enterprise_fid = ${holder.fid}`) : []) {
    expect([term.title, term.arithmetic].every((word) => !word || said.includes(word)), `receipt of the score: ${term.indicator}`);
  }
  const named = linked.find((link) => link.parcel_id);
  await page.locator("#sheet a", { hasText: named.parcel_id }).click();
  expect((await page.locator("#sheet").innerText()).includes(named.parcel_id), "from the enterprise to its parcel");
  await page.keyboard.press("Escape");
  const closed = await page.waitForFunction(() => !document.getElementById("sheet").open && !location.hash).then(() => true, () => false);
  expect(closed, "Escape closes the sheet, and the address forgets it");
}

async function keyboard(page) {
  await page.locator("#roster tr[data-row] a").first().focus();
  const before = await page.evaluate(() => document.activeElement.closest("tr").getAttribute("aria-rowindex"));
  for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowDown");
  const after = await page.evaluate(() => document.activeElement.closest("tr").getAttribute("aria-rowindex"));
  same(Number(after) - Number(before), 30, "arrow keys walk through the rows");
  const name = await page.evaluate(() => document.activeElement.querySelector("b").textContent);
  await page.keyboard.press("Enter");
  same(await text(page, "#sheet h2"), name, "Enter opens the sheet");
  await page.keyboard.press("Escape");
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select, canvas[role], a[href]")]
    .filter((node) => !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length)).map((node) => node.outerHTML));
  same(nameless, [], "controls without a name");
}

async function languages(page) {
  const whole = async () => (await page.locator("body").innerText()).split("\n");
  const chinese = await whole();
  await page.locator("#language").click();
  same(await page.evaluate(() => document.documentElement.lang), "en", "language of the page");
  const own = await page.evaluate(() => [...document.querySelectorAll("nav, h1, h2, .tools, .filters .chips, .figure h3, .hint, th, .legend")].map((node) => node.innerText).join("\n"));
  const left = own.match(/[\u4e00-\u9fff]+/g)?.filter((word) => word !== "中文");
  same(left ?? [], [], "Chinese left in the page's own words");
  expect((await text(page, "#statement")).startsWith("As of"), "statement in English");
  await page.screenshot({ path: "english.png" });
  await page.locator("#language").click();
  const back = await whole();
  same(back.filter((line, i) => line !== chinese[i]).slice(0, 3), [], `there and back, of ${chinese.length} lines ${back.length}`);
}

async function paper(page) {
  await page.locator("#zoom-all").click();
  await page.emulateMedia({ media: "print" });
  await page.pdf({ path: "report.pdf", preferCSSPageSize: true, printBackground: true });
  await page.emulateMedia({ media: null });
  execFileSync("pdftoppm", ["-r", "60", "-png", "report.pdf", "paper"]);
  const said = execFileSync("pdftotext", ["-layout", "report.pdf", "-"], { encoding: "utf8" }).replace(/\s/g, "");
  for (const parcel of rows(audit, "SELECT parcel_id, tag, area_m2 FROM parcels WHERE tag <> 'normal'")) {
    expect(said.includes(parcel.parcel_id) && said.includes(figures(parcel.area_m2).mu), `printed: ${parcel.parcel_id}`);
  }
  expect(said.includes(rows(audit, "SELECT value FROM run WHERE key = 'statement_zh'")[0].value.slice(0, 60).replace(/\s/g, "")), "the statement is printed");
  for (const input of rows(audit, "SELECT value FROM run WHERE key LIKE '%sha256%'")) expect(said.includes(input.value), `printed: ${input.value}`);
  expect((await page.locator("#paper").innerText()) === "", "the screen is as it was");
}

async function phone(browser) {
  const page = await open(browser, file, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the phone");
  await page.screenshot({ path: "phone.png" });
  await page.locator("#parcels").scrollIntoViewIfNeeded();
  const [parcel] = rows(audit, "SELECT * FROM parcels WHERE tag = 'idle' ORDER BY area_m2 DESC LIMIT 1");
  await page.locator("#map").evaluate((node) => node.scrollIntoView({ block: "center" }));
  await settled(page);
  const place = await placeOf(page, parcel.fid);
  await page.touchscreen.tap(place.x, place.y);
  expect(await page.locator("#tip").isVisible() && (await text(page, "#tip")).includes(parcel.parcel_name), "a tap tells what it is");
  await page.screenshot({ path: "phone-map.png" });
  await page.locator("#roster tr[data-row] td:nth-child(2)").first().tap();
  await settled(page);
  expect(await page.locator("#sheet").isVisible(), "a tap on a row opens its sheet");
  await page.screenshot({ path: "phone-sheet.png" });
  expect(await page.evaluate(() => document.getElementById("sheet").scrollWidth <= innerWidth), "the sheet is no wider than the phone");
  await page.context().close();
}

async function links(browser) {
  const [parcel] = rows(audit, "SELECT * FROM parcels WHERE tag = 'low_efficiency' LIMIT 1");
  for (const key of [parcel.parcel_id, parcel.fid]) {
    const page = await open(browser, file, {}, `#parcel=${encodeURIComponent(key)}`);
    same(await text(page, "#sheet h2"), parcel.parcel_name, `deep link ${key}`);
    if (key === parcel.fid) {
      await page.pdf({ path: "sheet.pdf", preferCSSPageSize: true, printBackground: true });
      const said = execFileSync("pdftotext", ["-layout", "sheet.pdf", "-"], { encoding: "utf8" }).replace(/\s/g, "");
      expect(said.includes(parcel.parcel_id) && !said.includes("数据问题"), "an open sheet prints alone");
      await page.screenshot({ path: "sheet.png" });
    }
    await page.context().close();
  }
}

async function hostile(browser) {
  const page = await open(browser, hostileFile, {}, "#parcel=1");
  await page.waitForTimeout(300);
  const said = await page.locator("#sheet").innerText();
  for (const word of ["<img src=x onerror=alert(1)>", "<script>alert(2)</script>", "</script><script>alert(3)</script>=cmd()", "\"><b>"]) expect(said.includes(word), `shown as text: ${word}`);
  await page.keyboard.press("Escape");
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => toPaper());
  same(await page.evaluate(() => document.querySelectorAll("script, img, iframe, b b, u, svg[onload], i:not(.swatch):not(#scale i)").length), 2, "two scripts, and nothing that data made");
  expect((await page.locator("#statement").innerText()).startsWith("<script>alert(5)</script></p></section>"), "the statement is text");
  page.deaf = true;
  const acted = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.acted = 1";
    document.body.append(script);
    document.body.setAttribute("onclick", "window.acted = 2");
    document.body.click();
    const fetched = await fetch("data:text/plain,x").then(() => 3, () => 0);
    return window.acted || fetched;
  });
  same(acted, 0, "the page's policy lets nothing else run or load");
  await page.context().close();
}

const browser = await launch();
try {
  const page = await open(browser, file);
  await page.screenshot({ path: "desktop.png" });
  await page.screenshot({ path: "whole.png", fullPage: true });
  for (const part of [summary, filters, mapWork, sheets, keyboard, languages, paper]) await part(page);
  await page.locator("#parcels").evaluate((node) => node.scrollIntoView());
  await settled(page);
  await page.screenshot({ path: "map.png" });
  await page.context().close();
  await phone(browser);
  await links(browser);
  await hostile(browser);
  if (largeFile) await large(browser, largeFile, largeAudit);
  else {
    count.skipped += 1;
    console.log("skipped: browser: 20 000 parcels: no bench/gen_parcels.c (set PANHUO_SHARED)");
  }
} catch (error) {
  expect(false, error.stack);
}
await browser.close();
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ""}`);
process.exit(count.failed ? 1 : 0);
