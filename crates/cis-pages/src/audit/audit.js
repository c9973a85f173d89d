
'use strict';
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const about = read('about');
  const answers = read('answers');

  // Texts. All of an account's text gets into the page by these two functions, and none as markup.

  // Control characters, and those that reorder or hide text: the same as in the rest of the page.
  const UNSAFE = new RegExp('[\\p{Cc}\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f'
    + '\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}]', 'gu');
  const visible = (text) => String(text).replace(UNSAFE,
    (character) => '\\u{' + character.codePointAt(0).toString(16) + '}');

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value !== undefined && value !== false) element.setAttribute(key, visible(value));
    }
    for (const child of children.flat(Infinity)) {
      if (child instanceof Node) element.append(child);
      else if (child !== undefined && child !== null) element.append(visible(child));
    }
    return element;
  }

  const number = (value) => value.toLocaleString('en');
  // The standings, the worst first: an account may be excepted whatever its verdict.
  const CLASSES = { NON_COMPLIANT: 'bad', INDETERMINATE: 'doubtful', excepted: 'calm', COMPLIANT: 'good' };
  const WORST = Object.keys(CLASSES);
  const SIGNS = { notAll: '\u2715', notKnown: '?', all: '\u2713' };
  const MARKS = { notAll: 'lost', notKnown: 'open', all: 'all' };
  const WORDS = { notAll: 'loses events', notKnown: 'not known', all: 'records all' };
  const badge = (standing, text) => make('span', { class: CLASSES[standing] }, text ?? standing);

  // Answers, each with a name of its own that addresses can have.

  const titles = new Map(about.rules.map(([rule, title]) => [rule, title]));
  const columns = [...about.regions, null];
  const everywhere = about.regions.length ? 'every other Region' : 'every Region';
  const named = (region) => region ?? everywhere;
  const kinds = [...new Set(answers.map((answer) => answer.kind))];
  const byKey = new Map();
  answers.forEach((answer, index) => {
    answer.index = index;
    answer.id = answer.account ?? 'not known';
    answer.standing = answer.isExcepted && answer.verdict !== 'COMPLIANT' ? 'excepted' : answer.verdict;
    const names = [answer.id, `${answer.id}/${answer.kind}`, `${answer.id}/${answer.kind}/${index + 1}`];
    answer.key = names.find((name) => !byKey.has(name));
    byKey.set(answer.key, answer);
  });

  const homeIn = (answer, region) =>
    region === null ? undefined : answer.regions?.find((home) => home.region === region);
  const recordIn = (answer, region) => homeIn(answer, region)?.record ?? answer.elsewhere;
  const address = (answer, region) =>
    '#' + encodeURIComponent(answer.key) + (region === undefined ? '' : '@' + encodeURIComponent(region ?? ''));

  const standing = (answer) =>
    [badge(answer.standing, answer.verdict), answer.standing === 'excepted' ? ' excepted' : null];

  // What is searched: whatever is told of an answer.

  function words(answer) {
    if (answer.words === undefined) {
      const texts = [];
      const collect = (value) => {
        if (typeof value === 'string') texts.push(value);
        else if (value && typeof value === 'object') Object.values(value).forEach(collect);
      };
      collect(answer);
      answer.words = texts.join('\n').toLowerCase();
    }
    return answer.words;
  }

  // The controls.

  const section = document.querySelector('section');
  const box = section.querySelector('.scroll');
  const table = document.getElementById('grid');
  const body = table.tBodies[0];
  document.getElementById('without-script')?.remove();

  const search = make('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false' });
  const choice = (id, title, options) => {
    const select = make('select', { id }, options.map(([value, text]) => make('option', { value }, text)));
    return [select, make('div', {}, make('label', { for: id }, title), select)];
  };
  const tally = {};
  for (const answer of answers) tally[answer.standing] = (tally[answer.standing] ?? 0) + 1;
  const checks = WORST.filter((standing) => standing !== 'excepted' || tally.excepted).map((standing) =>
    make('input', { type: 'checkbox', id: `only-${CLASSES[standing]}`, value: standing, checked: '' }));
  const [rule, ruleChoice] = choice('rule', 'Cause', [['', 'any'],
    ...about.rules.map(([name, title, count]) => [name, `${title} (${number(count)})`])]);
  const [lost, lostChoice] = choice('lost', 'Not all recorded in', [['any', 'any or no Region'],
    ...columns.map((region, index) => [index, named(region)])]);
  const [kind, kindChoice] = choice('kind', 'Events', [['', 'any'], ...kinds.map((one) => [one, one])]);
  const status = make('p', { role: 'status', class: 'note' });
  const form = make('form', { role: 'search', class: 'controls', 'aria-label': 'Accounts' },
    make('div', { class: 'wide' }, make('label', { for: 'search' }, 'Search'), search),
    make('fieldset', {}, make('legend', {}, 'Verdict'),
      checks.map((check) => make('label', {}, check, ' ', badge(check.value), ' ' + number(tally[check.value] ?? 0)))),
    ruleChoice, lostChoice, kinds.length > 1 ? kindChoice : null);
  box.before(form, status);
  form.addEventListener('submit', (event) => event.preventDefault());

  // Which answers are shown, and in which order.

  const text = (value) => value ?? '';
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  const ORDERS = {
    account: (a, b) => compare(a.id, b.id) || compare(text(a.name), text(b.name)),
    verdict: (a, b) => WORST.indexOf(a.standing) - WORST.indexOf(b.standing),
    kind: (a, b) => compare(a.kind, b.kind),
    words: (a, b) => compare(a.cause, b.cause),
  };
  let order = 'verdict';
  let direction = 1;
  let shown = [];

  function choose() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const standings = new Set(checks.filter((check) => check.checked).map((check) => check.value));
    const region = lost.value === 'any' ? undefined : columns[lost.value];
    shown = answers.filter((answer) => standings.has(answer.standing)
      && (!rule.value || answer.rule === rule.value)
      && (!kind.value || answer.kind === kind.value)
      && (region === undefined || recordIn(answer, region).recorded !== 'all')
      && (!wanted.length || wanted.every((word) => words(answer).includes(word))));
    const by = ORDERS[order];
    shown.sort((a, b) => direction * by(a, b) || a.index - b.index);
    status.textContent = shown.length === answers.length
      ? `${number(shown.length)} answers`
      : `${number(shown.length)} of ${number(answers.length)} answers`;
    table.setAttribute('aria-rowcount', shown.length + 1);
    current = { row: 0, item: 0 };
    clear();
    box.scrollTop = 0;
    draw();
  }

  form.addEventListener('input', choose);
  for (const head of table.tHead.rows[0].cells) {
    const by = Object.keys(ORDERS).find((name) => head.classList.contains(name));
    if (!by) continue;
    const button = make('button', { type: 'button', class: 'sort' }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      direction = order === by ? -direction : 1;
      order = by;
      sorted();
      choose();
    });
  }
  function sorted() {
    for (const head of table.tHead.rows[0].cells) {
      const is = head.classList.contains(order);
      if (is) head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
  }

  // The rows, drawn as far as they are seen.

  const ALL = 300;
  const AROUND = 12;
  const drawn = new Map();
  const above = make('tr', { 'aria-hidden': 'true', class: 'space' }, make('td', { colspan: 99 }));
  const below = above.cloneNode(true);
  let height = 0;
  let isPrinted = false;
  let current = { row: 0, item: 0 };
  body.replaceChildren();
  table.setAttribute('role', 'grid');

  function clear() {
    drawn.clear();
    body.replaceChildren(above, below);
  }

  function row(index) {
    const answer = shown[index];
    const link = make('a', { href: address(answer) }, answer.id);
    const items = [link];
    const cells = columns.map((region, column) => {
      const { recorded } = recordIn(answer, region);
      const home = homeIn(answer, region);
      const label = `${named(region)}: ${WORDS[recorded]}${home ? ', home of ' + home.trails.join(', ') : ''}`;
      const button = make('button',
        { type: 'button', 'aria-label': label, title: label, 'data-column': column }, SIGNS[recorded]);
      items.push(button);
      return make('td', { class: `sign ${MARKS[recorded]}${home ? ' home' : ''}` }, button);
    });
    const element = make('tr', { 'aria-rowindex': index + 2 },
      make('th', { scope: 'row', class: 'account' }, link,
        answer.name ? [' ', make('span', { class: 'name' }, answer.name)] : null,
        make('span', { class: 'where-narrow' }, ' ', standing(answer))),
      make('td', { class: 'verdict' }, standing(answer)),
      kinds.length > 1 ? make('td', { class: 'kind' }, answer.kind) : null,
      make('td', { class: 'words' }, make('div', {}, answer.cause)), cells);
    items.forEach((item, position) => {
      item.tabIndex = -1;
      item.place = { row: index, item: position, answer };
    });
    return { element, items };
  }

  function draw() {
    const isWhole = isPrinted || shown.length <= ALL;
    table.classList.toggle('windowed', !isWhole);
    let first = 0;
    let end = shown.length;
    if (!isWhole) {
      height ||= measured();
      first = Math.max(0, Math.floor(box.scrollTop / height) - AROUND);
      end = Math.min(shown.length, first + Math.ceil(box.clientHeight / height) + 2 * AROUND);
    }
    for (const [index, { element }] of drawn) {
      if (index >= first && index < end) continue;
      // Who reads by keyboard goes on from the box.
      if (element.contains(document.activeElement)) box.focus({ preventScroll: true });
      element.remove();
      drawn.delete(index);
    }
    let after = above;
    for (let index = first; index < end; index += 1) {
      if (!drawn.has(index)) {
        drawn.set(index, row(index));
        after.after(drawn.get(index).element);
      }
      after = drawn.get(index).element;
    }
    above.firstChild.style.height = `${isWhole ? 0 : first * height}px`;
    below.firstChild.style.height = `${isWhole ? 0 : (shown.length - end) * height}px`;
    above.hidden = isWhole || first === 0;
    below.hidden = isWhole || end === shown.length;
    if (!drawn.has(current.row)) current = { row: first, item: 0 };
    reachable();
  }

  function measured() {
    const sample = row(0).element;
    body.append(sample);
    const size = sample.getBoundingClientRect().height;
    sample.remove();
    return size;
  }

  // One place of the picture is reached by the tab key, the others by arrows from there.

  let place;
  function reachable() {
    if (place) place.tabIndex = -1;
    place = drawn.get(current.row)?.items[current.item];
    if (place) place.tabIndex = 0;
  }

  function go(to) {
    const last = columns.length;
    current = {
      row: Math.max(0, Math.min(shown.length - 1, to.row)),
      item: Math.max(0, Math.min(last, to.item)),
    };
    if (!drawn.has(current.row)) {
      box.scrollTop = Math.max(0, (current.row - 3) * height);
      draw();
    }
    reachable();
    place?.focus();
  }

  table.addEventListener('keydown', (event) => {
    const at = event.target.place;
    if (!at || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(box.clientHeight / (height || 40)) - 1);
    const ends = event.ctrlKey ? { Home: { row: 0, item: 0 }, End: { row: shown.length, item: columns.length } }
      : { Home: { ...at, item: 0 }, End: { ...at, item: columns.length } };
    const to = {
      ArrowUp: { ...at, row: at.row - 1 },
      ArrowDown: { ...at, row: at.row + 1 },
      ArrowLeft: { ...at, item: at.item - 1 },
      ArrowRight: { ...at, item: at.item + 1 },
      PageUp: { ...at, row: at.row - page },
      PageDown: { ...at, row: at.row + page },
      ...ends,
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(to);
  });
  table.addEventListener('focusin', (event) => {
    if (!event.target.place) return;
    current = event.target.place;
    reachable();
  });
  table.addEventListener('click', (event) => {
    const at = event.target.closest('button')?.place;
    if (at) location.hash = address(at.answer, columns[at.item - 1]);
  });
  let isWaiting = false;
  box.addEventListener('scroll', () => {
    if (isWaiting || shown.length <= ALL) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  }, { passive: true });
  addEventListener('resize', () => {
    height = 0;
    clear();
    draw();
  });
  addEventListener('beforeprint', () => {
    if (dialog.open || shown.length <= ALL) return;
    isPrinted = true;
    draw();
  });
  addEventListener('afterprint', () => {
    if (!isPrinted) return;
    isPrinted = false;
    draw();
  });

  // The sheet of an answer.

  const dialog = make('dialog', { 'aria-labelledby': 'sheet-title' });
  document.body.append(dialog);
  const heading = (title) => make('h3', {}, title);
  const items = (list) => make('ul', {}, list.map((item) => make('li', {}, item)));
  const part = (title, list, content) => (list?.length ? [heading(title), content(list)] : []);

  function fixes(lines) {
    return lines.map((line) => make(line.startsWith('aws ') ? 'pre' : 'p', {}, line));
  }

  function record(region, trails, of, isMeant) {
    const home = trails ? ` (home of ${trails.join(', ')})` : '';
    const { recorded, lost: texts, example, proof } = of;
    return make('li', { class: isMeant ? 'meant' : undefined, tabindex: isMeant ? '-1' : undefined },
      make('span', { class: `sign ${MARKS[recorded]}`, 'aria-hidden': 'true' }, SIGNS[recorded]),
      make('strong', {}, ` ${region}`), `${home}: ${WORDS[recorded]}`,
      texts?.length ? items(texts) : null,
      example ? make('p', {}, `Lost, for example: ${example}.`) : null,
      proof?.length ? outline(proof) : null);
  }

  // The Regions whose events are recorded otherwise, and all the others.
  function regions(answer, meant) {
    const homes = answer.regions ?? [];
    const own = homes.filter((home) => home.record);
    const same = homes.filter((home) => !home.record);
    const others = own.length ? 'every other Region' : 'every Region';
    return make('ul', { class: 'regions' },
      own.map((home) => record(home.region, home.trails, home.record, home.region === meant)),
      record(others, undefined, answer.elsewhere,
        meant !== undefined && !own.some((home) => home.region === meant)),
      same.length ? make('li', {}, 'Homes of multi-Region trails: '
        + same.map((home) => `${home.region} (${home.trails.join(', ')})`).join('; ') + '.') : null);
  }

  function outline(lines) {
    return make('ol', { class: 'proof' }, lines.map(([depth, line]) => {
      const item = make('li', {}, line);
      item.style.marginLeft = `${1.25 * depth}rem`;
      return item;
    }));
  }

  function sheet(answer, meant) {
    const close = make('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '\u2715');
    close.addEventListener('click', () => dialog.close());
    const fact = (title, ...content) => (content.flat(Infinity).some((one) => one !== undefined && one !== null)
      ? [make('dt', {}, title), make('dd', {}, content)] : []);
    dialog.replaceChildren(...[close,
      make('h2', { id: 'sheet-title', tabindex: '-1' },
        answer.account ? `Account ${answer.account}` : 'Account not known', answer.name ? ` ${answer.name}` : null),
      make('p', { class: 'verdict' }, standing(answer), ` S3 ${answer.kind} events`),
      make('p', { class: 'cause' }, answer.cause),
      make('dl', {},
        fact('Why', answer.why), fact('Lost, for example', answer.lost), fact('Written in', answer.place),
        answer.fix ? fact('Fix', fixes(answer.fix)) : [],
        answer.exceptions ? fact('Exceptions', answer.exceptions.map((text) => make('p', {}, text))) : [],
        answer.allowed ? fact('May stay unlogged', answer.allowed.join(', ')) : [],
        fact('Read', answer.read)),
      part('Not known, and what settles it', answer.unknowns, (list) =>
        items(list.map(([reason, settles]) => [`${reason}. `, make('em', {}, `Settled by: ${settles}.`)]))),
      part('Open in the plan, and the answer is the same', answer.ways, items),
      part('Proof', answer.proof, outline),
      part('Assumed', answer.assumptions, (list) => items(list.map((name) => about.assumptions[name] ?? name))),
      heading('Regions'), regions(answer, meant),
      part('Logged by no trail', answer.gaps, items),
      heading('Trails'),
      answer.trails ? make('ul', { class: 'trails' }, answer.trails.map((trail) => make('li', {},
        make('strong', {}, trail.arn), ' ', badge(trail.verdict), make('p', {}, `By itself: ${trail.state}.`),
        trail.reasons ? items(trail.reasons) : null,
        trail.gaps ? [make('p', {}, 'Misses:'), items(trail.gaps)] : null)))
        : make('p', {}, 'None is known of.'),
      make('p', {}, make('a', { href: location.href.split('#')[0] + address(answer) }, 'Link to this answer'))].flat(Infinity));
  }

  function show() {
    let hash = '';
    try {
      hash = location.hash.slice(1).split('@').map(decodeURIComponent);
    } catch {
      return;
    }
    const answer = byKey.get(hash[0]);
    if (!answer) {
      if (dialog.open) dialog.close();
      return;
    }
    const index = shown.indexOf(answer);
    const focused = document.activeElement;
    if (index >= 0 && !drawn.has(index)) go({ row: index, item: 0 });
    else if (index >= 0 && !table.contains(focused)) go({ row: index, item: 0 });
    const region = hash.length === 1 ? undefined : hash[1] || null;
    sheet(answer, region);
    if (!dialog.open) dialog.showModal();
    const target = dialog.querySelector('.meant') ?? document.getElementById('sheet-title');
    dialog.scrollTop = 0;
    target.focus();
  }

  dialog.addEventListener('close', () => {
    history.replaceState(null, '', location.href.split('#')[0]);
    place?.focus();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  addEventListener('hashchange', show);

  sorted();
  choose();
  show();
  performance.mark('drawn');
})();
