// Opens a page in Chromium as people do, and says what is wrong with it as one JSON document.
//
// usage: node look.mjs CHROMIUM PAGE FOLDER: screenshots and a printed page go into the folder.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accessibility, overflow, start } from './browser.mjs';

const [chromium, page, folder] = process.argv.slice(2);
const url = pathToFileURL(page).href;
const wrong = [];
const browser = await start(chromium, wrong);

const findings = [];
for (const scheme of ['light', 'dark']) {
  for (const [name, width] of [['wide', 1280], ['narrow', 360]]) {
    const tab = await browser.open(url, { width, scheme });
    const where = `${scheme}, ${name}`;
    await tab.screenshot({ path: join(folder, `${scheme}-${name}.png`), fullPage: true });
    const pixels = await overflow(tab);
    if (pixels > 0) wrong.push(`${where}: the page is ${pixels} pixels too wide`);
    findings.push(await accessibility(tab, where));
    await tab.close();
  }
}

// The keyboard reaches every link and every box that scrolls, each with an outline.
const tab = await browser.open(url);
const stops = await tab.evaluate(
  () => document.querySelectorAll('a[href], [tabindex="0"]').length,
);
const reached = new Set();
for (let step = 0; step < stops; step += 1) {
  await tab.keyboard.press('Tab');
  const stop = await tab.evaluate(() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    const all = [...document.querySelectorAll('a[href], [tabindex="0"]')];
    return { index: all.indexOf(focused), outline: style.outlineStyle !== 'none' };
  });
  if (!stop.outline) wrong.push(`stop ${stop.index} of the keyboard has no outline`);
  reached.add(stop.index);
}
if (reached.size !== stops || reached.has(-1)) {
  wrong.push(`the keyboard reaches ${reached.size} of ${stops} places`);
}
const scripts = await tab.evaluate(
  () => [...document.scripts].filter((script) => script.type !== 'application/json').length,
);
if (scripts > 0) wrong.push(`there are ${scripts} scripts`);
const elements = await tab.evaluate(() => document.querySelectorAll('img, svg, iframe, b, u').length);
if (elements > 0) wrong.push(`${elements} elements were made by data`);
const data = await tab.evaluate(() => document.getElementById('answer').textContent);
const text = await tab.evaluate(() => document.body.innerText);
await tab.pdf({ path: join(folder, 'printed.pdf'), format: 'A4' });
await browser.close();
console.log(JSON.stringify({ wrong, findings, stops, data: JSON.parse(data), text }));
