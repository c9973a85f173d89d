// Opens a page in Chromium as people do, and says what is wrong with it as one JSON document.
//
// usage: node look.mjs CHROMIUM PAGE FOLDER: screenshots and a printed page go into the folder.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [chromium, page, folder] = process.argv.slice(2);
const packages = createRequire(join(process.cwd(), 'package.json'));
const puppeteer = (await import(pathToFileURL(packages.resolve('puppeteer-core')).href)).default;
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const url = pathToFileURL(page).href;
const wrong = [];

const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
});

async function open(width, scheme, forced) {
  const tab = await browser.newPage();
  tab.on('dialog', async (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  tab.on('console', (message) => wrong.push(`the console: ${message.text()}`));
  tab.on('pageerror', (error) => wrong.push(`an error: ${error.message}`));
  tab.on('request', (request) => {
    if (request.url() !== url) wrong.push(`a request: ${request.url()}`);
  });
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await tab.goto(url, { waitUntil: 'load' });
  return tab;
}

const findings = [];
for (const scheme of ['light', 'dark']) {
  for (const [name, width] of [['wide', 1280], ['narrow', 360]]) {
    const tab = await open(width, scheme);
    const where = `${scheme}, ${name}`;
    await tab.screenshot({ path: join(folder, `${scheme}-${name}.png`), fullPage: true });
    const overflow = await tab.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) wrong.push(`${where}: the page is ${overflow} pixels too wide`);
    // The page's own policy lets no script in, so the rules run in a world of their own.
    const session = await tab.createCDPSession();
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
    });
    const run = async (expression) => {
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
        expression,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
      return result.value;
    };
    await run(axe);
    const result = await run(
      `axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then((r) => ({
        violations: r.violations.map((v) => ({ id: v.id, help: v.help,
          nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 300) + ' ' + n.failureSummary) })),
        incomplete: r.incomplete.map((v) => v.id),
        passes: r.passes.length,
      }))`,
    );
    findings.push({ where, ...result });
    await tab.close();
  }
}

// The keyboard reaches every link and every box that scrolls, each with an outline.
const tab = await open(1280, 'light');
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
