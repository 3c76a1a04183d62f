// A browser, a page under watch, and a count of what holds.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const count = { passed: 0, failed: 0, skipped: 0 };

export function expect(good, what) {
  count[good ? "passed" : "failed"] += 1;
  if (!good) console.log("FAILED:", what);
}

export function same(found, wanted, what) {
  expect(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

// Rows of the GeoPackage, by Debian's sqlite3: a second way to the same figures.
export function rows(file, sql) {
  const out = execFileSync("sqlite3", ["-readonly", "-json", file, sql], { encoding: "utf8", maxBuffer: 1 << 28 });
  return out ? JSON.parse(out) : [];
}

export const launch = () => chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: QUIET });

// Opens a file; whatever the page complains of, asks for, or pops up, is a failure.
export async function open(browser, file, options = {}, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path.resolve(file)).href;
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && expect(page.deaf, `${file}: console: ${message.text()}`));
  page.on("pageerror", (error) => expect(false, `${file}: ${error.stack}`));
  page.on("dialog", (dialog) => {
    expect(false, `${file}: it says ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => expect(request.url().split("#")[0] === url, `${file}: asks for ${request.url()}`));
  page.setDefaultTimeout(10000);
  await page.goto(url + hash);
  await settled(page);
  return page;
}

// Until what was asked for is drawn.
export const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
