// How long Chromium takes to open pages: until the picture is drawn and a frame is shown after it.
//
// usage: node time.mjs CHROMIUM RUNS PAGE...

import { pathToFileURL } from 'node:url';
import { start } from './browser.mjs';

const [chromium, runs, ...pages] = process.argv.slice(2);
const wrong = [];
const browser = await start(chromium, wrong);
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const measured = [];
for (const page of pages) {
  const wall = [];
  const processor = [];
  let elements = 0;
  for (let run = 0; run < Number(runs); run += 1) {
    let session;
    const tab = await browser.open(pathToFileURL(page).href, {
      before: async (tab) => {
        session = await tab.createCDPSession();
        await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      },
    });
    const seen = await tab.evaluate(() => new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(() => done({
        drawn: performance.getEntriesByName('drawn').length,
        at: performance.now(),
        elements: document.querySelectorAll('*').length,
      })));
    }));
    if (seen.drawn !== 1) wrong.push(`${page}: the picture is not drawn`);
    const { metrics } = await session.send('Performance.getMetrics');
    wall.push(seen.at);
    processor.push(1000 * metrics.find((metric) => metric.name === 'TaskDuration').value);
    elements = seen.elements;
    await tab.close();
  }
  measured.push({ best: Math.min(...wall), median: median(wall), processor: median(processor), elements });
}
await browser.close();
console.log(JSON.stringify({ wrong, measured }));
