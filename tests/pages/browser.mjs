// Chromium as people use it: pages in light and dark, wide and narrow, and the rules of accessibility.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = createRequire(join(process.cwd(), 'package.json'));
const puppeteer = (await import(pathToFileURL(packages.resolve('puppeteer-core')).href)).default;
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');

/** A browser. What is wrong with a page goes into `wrong`. */
export async function start(executablePath, wrong) {
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    protocolTimeout: 600_000,
  });
  return {
    /** A tab with a page. */
    async open(url, { width = 1280, scheme = 'light', script = true, before } = {}) {
      const tab = await browser.newPage();
      tab.on('dialog', async (dialog) => {
        wrong.push(`a dialog: ${dialog.message()}`);
        await dialog.dismiss();
      });
      tab.on('console', (message) => wrong.push(`the console: ${message.text()}`));
      tab.on('pageerror', (error) => wrong.push(`an error: ${error.message}`));
      tab.on('request', (request) => {
        if (request.url().split('#')[0] !== url.split('#')[0]) wrong.push(`a request: ${request.url()}`);
      });
      await tab.setJavaScriptEnabled(script);
      await tab.setViewport({ width, height: 900 });
      await tab.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      if (before) await before(tab);
      await tab.goto(url, { waitUntil: 'load', timeout: 120_000 });
      return tab;
    },
    close: () => browser.close(),
  };
}

/** How much wider than its window a page is. */
export const overflow = (tab) => tab.evaluate(
  () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
);

/** What the rules of accessibility find. */
export async function accessibility(tab, where) {
  // The page's own policy lets no other script in, so the rules run in a world of their own.
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
      incomplete: r.incomplete.map((v) => ({ id: v.id, count: v.nodes.length,
        nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)),
        why: [...new Set(v.nodes.flatMap((n) => n.any.concat(n.all, n.none)).map((c) => c.message))],
        targets: v.nodes.map((n) => n.target[0]) })),
      passes: r.passes.length,
    })).then((r) => {
      // The rules look at words, and at what nothing lies over; the contrast of the rest is measured here.
      const { Color, flattenColors, getContrast } = axe.commons.color;
      const color = (element, property) => {
        const read = new Color();
        read.parseString(getComputedStyle(element)[property]);
        return read;
      };
      const behind = (element) => {
        if (!element) return new Color(255, 255, 255, 1);
        const own = color(element, 'backgroundColor');
        if (own.alpha === 1) return own;
        const below = behind(element.parentElement);
        return own.alpha === 0 ? below : flattenColors(own, below);
      };
      for (const item of r.incomplete) {
        const elements = item.targets.map((target) => document.querySelector(target));
        const contrast = (it) => getContrast(behind(it), flattenColors(color(it, 'color'), behind(it)));
        item.contrast = Math.min(...elements.map(contrast));
        delete item.targets;
      }
      return r;
    })`,
  );
  return { where, ...result };
}
