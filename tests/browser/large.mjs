// 20 000 parcels: that all of it works, and how long it takes. The times are printed, not judged: the machine may be busy.
import { expect, open, rows, same, settled } from "./harness.mjs";

const middle = (times) => times.slice().sort((a, b) => a - b)[times.length >> 1];

export async function large(browser, file, audit) {
  const print = (what, times) => console.log(`${what}: ${times.map((time) => Math.round(time)).join(", ")} ms; median ${Math.round(middle(times))}`);
  const opened = [];
  let page;
  for (let i = 0; i < 3; i++) {
    if (page) await page.context().close();
    const start = performance.now();
    page = await open(browser, file);
    opened.push(performance.now() - start);
  }
  const parcels = rows(audit, "SELECT count(*) AS n FROM parcels")[0].n;
  console.log(`${parcels} parcels`);
  print("open, until drawn", opened);

  // What is done, and then a frame that shows it.
  const timed = (act, ...given) => page.evaluate(async ([text, values]) => {
    const start = performance.now();
    await new Function(`return (${text})(...arguments)`)(...values);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
  }, [act.toString(), given]);
  const filtered = [];
  for (const total of rows(audit, "SELECT * FROM totals WHERE topic = 'tag' AND parcels > 0")) {
    filtered.push(await timed((tag) => filterOnly("tag", tag), total.code));
    expect((await page.locator("#roster .count").innerText()).startsWith(`${total.parcels} /`), `filter ${total.label}`);
  }
  filtered.push(await timed(() => clearFilters()));
  print("filter by tag, and all again", filtered);
  const searched = [];
  for (const word of ["有限公司", "42", "没有"]) {
    searched.push(await timed((text) => {
      roster.search.value = text;
      roster.find();
    }, word));
  }
  await timed(() => clearFilters());
  print("search", searched);
  print("sort by name, by area", [await timed(() => roster.sort(0)), await timed(() => roster.sort(2))]);
  const moved = [];
  for (let i = 0; i < 5; i++) moved.push(await timed(() => map.zoom(1.2)));
  print("zoom", moved);
  const scrolled = [];
  for (let i = 1; i <= 5; i++) {
    scrolled.push(await timed((part) => { roster.scroll.scrollTop = (roster.scroll.scrollHeight * part) / 6; }, i));
    expect(await page.locator("#roster tr[data-row]").count() < 60, "only rows in sight are in the document");
  }
  print("scroll", scrolled);
  await timed(() => map.all());
  await settled(page);
  await page.locator("#parcels").evaluate((node) => node.scrollIntoView());
  await page.screenshot({ path: "large.png" });
  same(await page.evaluate(() => shapes.count), parcels, "a shape for every parcel");
  await page.context().close();
}
