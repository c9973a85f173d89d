// Opens the page about accounts in Chromium and does with it what people do. What is wrong is one JSON
// document.
//
// usage: node accounts.mjs CHROMIUM PAGE FOLDER: screenshots and printed pages go into the folder.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accessibility, overflow, start } from './browser.mjs';

const [chromium, page, folder] = process.argv.slice(2);
const url = pathToFileURL(page).href;
const wrong = [];
const findings = [];
const browser = await start(chromium, wrong);
const check = (holds, what) => {
  if (!holds) wrong.push(what);
};
const settled = (tab) => tab.evaluate(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
}));
const picture = (tab, name, fullPage = true) =>
  tab.screenshot({ path: join(folder, `${name}.png`), fullPage });
const isOpen = (tab) => tab.$eval('dialog', (dialog) => dialog.open);
const words = (tab, selector) => tab.$eval(selector, (element) => element.innerText);
const first = (tab) => words(tab, '#grid tbody tr:not(.space) th a');

// Light and dark, wide and narrow; with the sheet of an account, and without script.
for (const scheme of ['light', 'dark']) {
  for (const [name, width] of [['wide', 1280], ['narrow', 360]]) {
    const where = `${scheme}-${name}`;
    const tab = await browser.open(url, { width, scheme });
    await picture(tab, where);
    findings.push(await accessibility(tab, where));
    check((await overflow(tab)) <= 0, `${where}: the page is too wide`);
    await tab.$eval('#grid tbody th a', (link) => link.click());
    await settled(tab);
    check(await isOpen(tab), `${where}: a row does not open`);
    check((await tab.$eval('dialog', (it) => it.scrollWidth - it.clientWidth)) <= 0, `${where}: the sheet is too wide`);
    await picture(tab, `${where}-sheet`, false);
    findings.push(await accessibility(tab, `${where}-sheet`));
    await tab.close();
    const still = await browser.open(url, { width, scheme, script: false });
    await picture(still, `${where}-without-script`);
    await still.close();
  }
}

const tab = await browser.open(url);
const answers = await tab.$eval('#answers', (script) => JSON.parse(script.textContent));
const about = await tab.$eval('#about', (script) => JSON.parse(script.textContent));
const byPlace = answers.map((answer) => answer.account);
const status = () => words(tab, '[role=status]');
const choose = async (selector, value) => {
  await tab.select(selector, value);
  await settled(tab);
};

// Search, filter, sort.
const total = answers.length.toLocaleString('en');
check((await status()) === `${total} answers`, `the status is ${await status()}`);
const sought = answers.find((answer) => answer.lost);
await tab.type('#search', `${sought.account} ${sought.cause.split(' ')[0]}`);
await settled(tab);
check((await first(tab)) === sought.account, 'an account is not found');
await tab.$eval('#search', (input) => {
  input.value = 'no such account anywhere';
  input.dispatchEvent(new Event('input', { bubbles: true }));
});
await settled(tab);
check((await status()) === `0 of ${total} answers`, `nothing is found, but the status is ${await status()}`);
findings.push(await accessibility(tab, 'nothing found'));
await tab.$eval('#search', (input) => {
  input.value = '';
  input.dispatchEvent(new Event('input', { bubbles: true }));
});
const [rule, , count] = about.rules[about.rules.length - 1];
await choose('#rule', rule);
check((await status()).startsWith(`${count.toLocaleString('en')} of `), `of ${rule}: ${await status()}`);
await choose('#rule', '');
const everywhere = String(about.regions.length);
await choose('#lost', everywhere);
const notAll = answers.filter((answer) => answer.elsewhere.recorded !== 'all').length;
check((await status()).startsWith(notAll.toLocaleString('en')), `not all recorded: ${await status()}`);
await choose('#lost', 'any');
await tab.click('#only-bad');
// What is excepted is none of the bad.
const others = answers.filter((answer) => answer.verdict !== 'NON_COMPLIANT' || answer.isExcepted).length;
check((await status()).startsWith(`${others.toLocaleString('en')} of`), `without the bad: ${await status()}`);
await tab.click('#only-bad');
const heads = await tab.$$('#grid .sort');
await heads[0].click();
await settled(tab);
const numbers = [...byPlace].filter(Boolean).sort();
check((await first(tab)) === numbers[0], 'accounts are not sorted');
await heads[0].click();
await settled(tab);
check((await first(tab)) === numbers[numbers.length - 1], 'accounts are not sorted downwards');
check((await tab.$eval('th.account', (head) => head.ariaSort)) === 'descending', 'the order is not told');

// By keyboard alone: from the top to the picture, through it, into a sheet and back.
const keys = await browser.open(url);
const focused = () => keys.evaluate(() => {
  const it = document.activeElement;
  return {
    name: it.ariaLabel ?? it.textContent, place: it.place && { row: it.place.row, item: it.place.item },
    outline: getComputedStyle(it).outlineStyle !== 'none', inDialog: !!it.closest('dialog'),
  };
});
let at;
for (let step = 0; step < 40; step += 1) {
  await keys.keyboard.press('Tab');
  at = await focused();
  check(at.outline, `${at.name} has no outline`);
  if (at.place) break;
}
check(at.place?.row === 0 && at.place?.item === 0, 'the tab key does not reach the picture');
const press = async (...all) => {
  for (const key of all) await keys.keyboard.press(key);
  await settled(keys);
  at = await focused();
};
await press('ArrowDown', 'ArrowRight');
check(at.place?.row === 1 && at.place?.item === 1, `arrows lead to ${JSON.stringify(at)}`);
await press('End');
check(at.place?.item === about.regions.length + 1, `End leads to ${JSON.stringify(at)}`);
await press('Enter');
check(at.inDialog, `Enter does not open: ${JSON.stringify(at)}`);
await press('Tab');
check(at.inDialog && at.outline, `the tab key leaves the sheet: ${JSON.stringify(at)}`);
await press('Escape');
check(at.place?.row === 1, `Escape does not lead back: ${JSON.stringify(at)}`);
check(!(await keys.url()).includes('#'), `the address is ${await keys.url()}`);
await keys.keyboard.down('Control');
await press('End');
await keys.keyboard.up('Control');
check(at.place?.row === answers.length - 1, `the end is not reached: ${JSON.stringify(at)}`);
await press('PageUp');
check(at.place && at.place.row < answers.length - 1, `a page up leads to ${JSON.stringify(at)}`);
await keys.close();

// Links: to an account, to a Region of it, and to nothing.
const last = answers[answers.length - 1];
const key = last.account && byPlace.indexOf(last.account) === answers.length - 1
  ? last.account : `${last.account ?? 'not known'}/${last.kind}`;
const linked = await browser.open(`${url}#${encodeURIComponent(key)}`);
await settled(linked);
check(await isOpen(linked), `a link to ${key} does not open it`);
check((await words(linked, '#sheet-title')).includes(last.account ?? 'not known'), 'another sheet is open');
await linked.evaluate((region) => {
  location.hash = `#${location.hash.slice(1).split('@')[0]}@${encodeURIComponent(region)}`;
}, about.regions[0] ?? '');
await settled(linked);
check((await linked.$$('dialog .meant')).length === 1, 'no Region is marked');
await linked.pdf({ path: join(folder, 'printed-sheet.pdf'), format: 'A4' });
await linked.close();
const nowhere = await browser.open(`${url}#%E0%A4%A`);
check(!(await isOpen(nowhere)), 'a broken address opens something');
await nowhere.close();

// All that is told of every account is text, and shows what would be hidden.
const shown = await tab.evaluate(async (keys) => {
  const texts = [];
  for (const key of keys) {
    location.hash = `#${encodeURIComponent(key)}`;
    await new Promise((done) => setTimeout(done, 10));
    texts.push(document.querySelector('dialog').innerText);
  }
  return texts;
}, [...new Set(byPlace.filter(Boolean))].slice(0, 100));
const text = [await words(tab, 'body'), ...shown].join('\n');
check(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/.test(text.replaceAll('\t', '')),
  'a character is shown that hides or reorders text');
check(!text.includes('[object') && !text.includes('undefined'), 'something is told that is no text');
const made = await tab.evaluate(() => document.querySelectorAll('img, svg, iframe, b, u').length);
check(made === 0, `${made} elements were made by data`);
await tab.close();

// The whole picture is printed.
const print = await browser.open(url);
const counted = print.evaluate(() => new Promise((done) => {
  // The page's own listener comes first.
  addEventListener('beforeprint', () => done(document.querySelectorAll('#grid tbody tr:not(.space)').length));
}));
await print.pdf({ path: join(folder, 'printed.pdf'), format: 'A4', timeout: 300_000 });
const printed = await counted;
await print.close();
await browser.close();
console.log(JSON.stringify({ wrong, findings, answers: answers.length, printed, text }));
