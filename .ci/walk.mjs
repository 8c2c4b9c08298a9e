// Walks through the pages in real Chromium as people would: with and without script, narrow and wide, in several languages, by keyboard.
// Every page on the way is held to what all pages promise: no finding of axe, nothing to scroll sideways, under 50 kB, at most three
// requests at first. Started by tests/api/walks.rs, which serves, and does what only time does when a line asks for it.
//
//   node .ci/walk.mjs TOOLS   with the scene as JSON in $WALK: base, out (where pictures go), secretariat (token), consultations by name
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';

const tools = process.argv[2];
const require = createRequire(join(resolve(tools), 'node_modules', 'x'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const scene = JSON.parse(process.env.WALK);
mkdirSync(scene.out, { recursive: true });

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
// Asks the test for something that only it does: the latest link that was mailed to an address, or what time brings.
async function ask(what) { console.log('@' + what); return (await answers.next()).value; }

const fail = (why) => { throw new Error(why); };
const must = (holds, why) => { if (!holds) fail(why); };

async function mailed(address) {
  const link = await ask(`mail ${address}`);
  must(link, `no mail to ${address}`);
  const { pathname, search } = new URL(link);
  return scene.base + pathname + search;
}

async function api(method, path, body, version) {
  const headers = { authorization: `Bearer ${scene.secretariat}`, 'content-type': 'application/json' };
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  const answer = await fetch(scene.base + path, { method, headers, body: body && JSON.stringify(body) });
  must(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
let pictures = 0;
const wrong = [];

// A person with a browser of their own.
async function person(name, { width = 390, script = true, language = 'en', forced = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 844 }, javaScriptEnabled: script, locale: language, extraHTTPHeaders: { 'accept-language': language },
    // Nothing glides while something is pressed.
    reducedMotion: 'reduce',
    forcedColors: forced ? 'active' : 'none',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  let requests = 0;
  let html = Promise.resolve('');
  // As it was sent, for a validator: a browser mends what it shows.
  page.on('response', (response) => { if (response.request().resourceType() === 'document' && response.status() !== 303) html = response.text().catch(() => ''); });
  page.on('request', (request) => { if (!request.url().startsWith('data:')) requests += 1; });
  page.on('pageerror', (error) => wrong.push(`${name}: ${error}`));
  page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrong.push(`${name}: ${message.text()}`); });
  const look = async (what) => {
    await page.waitForLoadState();
    const picture = `${String(++pictures).padStart(3, '0')}-${name}-${what}`.replace(/[^\w-]+/g, '_');
    await page.screenshot({ path: join(scene.out, `${picture}-${width}${script ? '' : '-noscript'}-${language}.png`), fullPage: true });
    const sent = await html;
    if (sent) writeFileSync(join(scene.out, `${picture}-${width}-${language}.html`), sent);
    // What a screen reader is told, in order.
    if (script) writeFileSync(join(scene.out, `${picture}-${width}-${language}.aria.txt`), `${await page.locator('body').ariaSnapshot()}\n`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 1) wrong.push(`${picture}: ${sideways} px to scroll sideways at ${width}`);
    const size = sent.length;
    if (size > 50_000 && !page.url().includes('/reports/')) wrong.push(`${picture}: ${size} bytes`);
    // Where scripts are off, axe's own is, too; with them on, it has seen the same page.
    if (!script) return;
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const one of found.violations) wrong.push(`${picture} (${page.url()}): ${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
  };
  const go = async (url, what) => {
    requests = 0;
    const answer = await page.goto(url.startsWith('http') ? url : scene.base + url);
    must(answer.ok(), `${name}: ${url}: ${answer.status()}`);
    if (requests > 3) wrong.push(`${name}: ${url}: ${requests} requests`);
    await look(what);
  };
  const press = async (selector, what) => {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
    await look(what);
  };
  const says = async (text) => must((await page.textContent('main')).includes(text), `${name}: no “${text}” at ${page.url()}: ${(await page.textContent('main')).slice(0, 400)}`);
  return { name, page, context, go, look, press, says, close: () => context.close() };
}

// Moves on by the tab key until something has the focus; with the keyboard alone.
async function tabTo(one, selector) {
  for (let presses = 0; presses < 200; presses += 1) {
    await one.page.keyboard.press('Tab');
    if (await one.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  fail(`${one.name}: the keyboard does not reach ${selector}`);
}

async function comesIn(one, consultation, address) {
  await one.go(`/register/${consultation}`, 'call');
  await one.page.fill('#email', address);
  await one.press('form button.m', 'link-sent');
  await one.go(await mailed(address), 'link');
  await one.press('button[value=enter]', 'form');
}

async function signsIn(one, address) {
  await one.page.goto(`${scene.base}/my/sign-in`);
  await one.page.fill('#email', address);
  await Promise.all([one.page.waitForNavigation(), one.page.click('main form button.m')]);
  await one.page.goto(await mailed(address));
  await Promise.all([one.page.waitForNavigation(), one.page.click('button[value=enter]')]);
}

async function fills(one, { name, country = 'TH', more = {} }) {
  const { page } = one;
  await page.fill('#name', name);
  await page.selectOption('#sector', 'media');
  await page.selectOption('#country', country);
  await page.check('input[name=language][value=en]');
  await page.fill('#other_language_0', 'ไทย');
  await page.check('input[name=processing]');
  for (const [selector, value] of Object.entries(more)) {
    if (value === true) await page.check(selector); else if (selector.startsWith('#age')) await page.selectOption(selector, value); else await page.fill(selector, value);
  }
}

async function decide(consultation, address, decision) {
  const all = await api('GET', `/api/v1/consultations/${consultation}/registrations?limit=200`);
  const one = all.items.find((item) => item.person.email === address) ?? fail(`no registration of ${address}`);
  return api('POST', `/api/v1/registrations/${one.id}/decision`, decision, one.version);
}

// ------------------------------------------------------------------------------------------------ the walks

const walks = {
  // From the open call to confirmed to withdrawn.
  async registrant(how) {
    const one = await person('registrant', how);
    const address = `asha.${how.width}.${how.script}.${how.language}@example.org`;
    await comesIn(one, scene.vetted, address);
    await one.press('button[value=submit]', 'incomplete');
    must(await one.page.$('[aria-invalid=true]'), 'what is missing is not marked');
    await fills(one, { name: 'อาชา ตัวอย่าง' });
    await one.press('button[value=save]', 'saved');
    await one.press('button[value=submit]', 'submitted');
    await decide(scene.vetted, address, { decision: 'confirm' });
    await one.go(await mailed(address), 'link-confirmed');
    await one.press('button[value=enter]', 'confirmed');
    must(await one.page.$('a[href$="/programme.ics"]'), 'no calendar');
    await one.go(`/my/consultations/${scene.vetted}/edit`, 'edit');
    await one.press('form button.m', 'changed');
    await one.go('/my', 'start');
    await one.go('/my/account', 'account');
    await one.go(`/my/consultations/${scene.vetted}`, 'standing');
    await one.page.click('details:has(button[value=withdraw]) summary');
    await one.press('button[value=withdraw]', 'withdrawn');
    must(await one.page.$('button[value=again]'), 'nobody can register again');
    await one.close();
  },

  // By keyboard alone, from the first page to a submitted form.
  async keyboard(how) {
    const one = await person('keyboard', how);
    const address = `key.${how.width}@example.org`;
    await one.go(`/register/${scene.vetted}`, 'call');
    await one.page.keyboard.press('Tab');
    must(await one.page.evaluate(() => document.activeElement.matches('.skip')), 'the first stop skips to the content');
    await tabTo(one, '#email');
    await one.page.keyboard.type(address);
    await Promise.all([one.page.waitForNavigation(), one.page.keyboard.press('Enter')]);
    await one.go(await mailed(address), 'link');
    await tabTo(one, 'button[value=enter]');
    await Promise.all([one.page.waitForNavigation(), one.page.keyboard.press('Enter')]);
    await tabTo(one, '#name'); await one.page.keyboard.press('Control+A'); await one.page.keyboard.type('Kira Example');
    await tabTo(one, '#sector'); await one.page.keyboard.type('Med');
    await tabTo(one, '#country'); await one.page.keyboard.type('Thai');
    await tabTo(one, 'input[name=language][value=en]'); await one.page.keyboard.press('Space');
    await tabTo(one, 'input[name=processing]'); await one.page.keyboard.press('Space');
    await tabTo(one, 'button[value=submit]');
    await Promise.all([one.page.waitForNavigation(), one.page.keyboard.press('Enter')]);
    await one.look('submitted');
    await one.says('We have your registration');
    await one.close();
  },

  // Somebody under 18, whose guardian takes the consent back.
  async minor(how) {
    const one = await person('minor', how);
    const address = `minor.${how.width}.${how.script}@example.org`;
    const guardian = `ravi.${how.width}.${how.script}@example.org`;
    await comesIn(one, scene.vetted, address);
    await fills(one, { name: 'Mina Example', more: { '#age_band': 'under_18', '#guardian_name': 'Ravi Example', '#guardian_email': guardian } });
    await one.press('button[value=submit]', 'submitted');
    const parent = await person('guardian', how);
    await parent.go(await mailed(guardian), 'asked');
    await parent.says('Mina Example');
    await parent.press('button[value=guardian_consent]', 'consented');
    await parent.go(await mailed(guardian), 'again');
    await parent.press('button[value=guardian_refuse]', 'refused');
    await one.go(`/my/consultations/${scene.vetted}`, 'withdrawn');
    await parent.close(); await one.close();
  },

  // Who waits is offered a place when another goes, and accepts it.
  async waiting(how) {
    const [first, second] = [await person('first', how), await person('second', how)];
    const addresses = ['first', 'second'].map((who) => `${who}.${how.width}.${how.script}@example.org`);
    for (const [one, address] of [[first, addresses[0]], [second, addresses[1]]]) {
      await comesIn(one, scene.small, address);
      await fills(one, { name: one.name });
      await one.press('button[value=submit]', 'submitted');
    }
    await second.look('waits');
    await first.page.click('details:has(button[value=withdraw]) summary');
    await first.press('button[value=withdraw]', 'withdrawn');
    await second.go(await mailed(addresses[1]), 'link-offered');
    await second.press('button[value=enter]', 'offered');
    await second.press('button[value=accept]', 'accepted');
    await second.page.click('details:has(button[value=withdraw]) summary');
    await second.press('button[value=withdraw]', 'left');
    await first.close(); await second.close();
  },

  // A whole session on a phone: in the group, checked in, something said although the line drops, in two tabs and twice; the receipt lost
  // and entered again.
  async participant(how) {
    const one = await person('participant', how);
    const address = 'pat.sample@example.org';
    await comesIn(one, scene.held, address);
    await fills(one, { name: 'Pat Sample' });
    await one.press('button[value=submit]', 'confirmed');
    const code = await ask('hold');
    await one.context.clearCookies();
    await one.go('/my/sign-in', 'sign-in');
    await one.page.fill('#email', address);
    await one.press('main form button.m', 'link-sent');
    await one.go(await mailed(address), 'link');
    await one.press('button[value=enter]', 'my');
    await one.go(`/my/consultations/${scene.held}`, 'now');
    await one.page.fill('#code', code);
    await one.press('button[value=check_in]', 'checked-in');
    await one.page.click('a[href*="/receipt"]');
    await one.look('receipt-offered');
    await one.press('main form button.m', 'receipt');
    const receipt = (await one.page.textContent('.receipt')).replace(/\s+/g, ' ').trim();
    must(receipt.replaceAll(/[^0-9A-Z]/g, '').length === 40, `no receipt: ${receipt}`);
    await one.page.check('input[name=own][value=yes]');
    await one.press('button[value=enter]', 'say');
    must(!one.page.url().includes(receipt.slice(0, 5)), 'the receipt stands in an address');
    const kept = (await one.context.cookies()).find((cookie) => cookie.name === 'receipt');
    must(kept.httpOnly && kept.sameSite === 'Strict' && kept.path === `/say/${scene.held}` && kept.expires > 0, JSON.stringify(kept));

    // Written, and the line drops: it is told, kept, and there again.
    const text = 'ค่าธรรมเนียมหนังสือเดินทางสูงเกินไป. Fees for papers are too high for whoever earns by the day.';
    const says = async (page) => {
      await page.fill('#body', text);
      await page.check('input[name=category] >> nth=1');
      await page.check('input[name=objective] >> nth=0');
    };
    await says(one.page);
    await one.context.setOffline(true);
    await one.page.click('button[value=look]');
    await one.page.waitForSelector('[data-offline]:not([hidden])');
    await one.look('offline');
    await one.context.setOffline(false);
    await one.page.reload();
    must(await one.page.inputValue('#body') === text, 'what was written is lost');
    await one.press('button[value=look]', 'look');
    await one.press('button[value=send]', 'sent');
    // The same text in another tab, and sent twice: one contribution.
    const tab = await one.context.newPage();
    for (let times = 0; times < 2; times += 1) {
      await tab.goto(`${scene.base}/say/${scene.held}`);
      must(await tab.inputValue('#body') === '', 'what was sent is not forgotten');
      await says(tab);
      await Promise.all([tab.waitForNavigation(), tab.click('button[value=look]')]);
      await Promise.all([tab.waitForNavigation(), tab.click('button[value=send]')]);
    }
    await tab.close();
    await one.go(`/say/${scene.held}/mine`, 'mine');
    must((await one.page.textContent('main')).split('Fees for papers').length === 2, 'it is not there once');
    // Changed, and the line drops again: what was begun is there instead of what was said, until it is sent.
    const begun = `${text} It is a month of wages.`;
    await one.press('button[value=edit]', 'change');
    await one.page.fill('#body', begun);
    await one.context.setOffline(true);
    await one.page.click('button[value=change]');
    await one.page.waitForSelector('[data-offline]:not([hidden])');
    await one.look('change-offline');
    await one.context.setOffline(false);
    await one.go(`/say/${scene.held}/mine`, 'mine-unchanged');
    must(!(await one.page.textContent('main')).includes('a month of wages'), 'it was sent without a connection');
    await one.press('button[value=edit]', 'change-kept');
    must(await one.page.inputValue('#body') === begun, 'what was begun is lost');
    await one.press('button[value=change]', 'changed');
    must((await one.page.textContent('main')).includes('a month of wages'), 'it was not changed');
    must(await one.page.evaluate(() => Object.keys(localStorage).every((key) => !key.startsWith('kept change'))), 'what was sent is kept');

    // Lost, and entered again from where it was written down; on a device that is not one's own this time.
    await one.context.clearCookies({ name: 'receipt' });
    await one.go(`/say/${scene.held}`, 'entrance');
    await one.page.fill('#receipt', 'ABCDE FGHJK MNPQR STVWX YZ012 34567 89ABC DEFGH');
    await one.page.check('input[name=own][value=no]');
    await one.press('button[value=enter]', 'wrong-receipt');
    await one.page.fill('#receipt', receipt.toLowerCase());
    await one.page.check('input[name=own][value=no]');
    await one.press('button[value=enter]', 'entered');
    const lent = (await one.context.cookies()).find((cookie) => cookie.name === 'receipt');
    must(lent.expires === -1, 'on a device that others use it does not go with the browser');
    await ask('mix');
    await one.go(`/say/${scene.held}/mine`, 'mixed');
    await one.close();
  },

  // From the first page to a paragraph that somebody cited.
  async reader(how) {
    const one = await person('reader', how);
    await one.go('/', 'home');
    for (const page of ['privacy', 'accessibility', 'languages']) await one.go(`/${page}`, page);
    await one.go('/', 'home-again');
    await one.page.click('main a[href*="/consultations/"]');
    await one.look('consultation');
    await one.page.goBack();
    await one.page.click('main a[href*="/reports/"]');
    await one.look('report');
    const anchor = await one.page.getAttribute('main a[href*="#p"]', 'href');
    await one.page.goto(new URL(anchor, one.page.url()).href);
    must(await one.page.evaluate(() => document.querySelector(':target') !== null), `${anchor} leads to no paragraph`);
    await one.look('paragraph');
    await one.close();
  },

  // A report is written by three: one drafts, another drafts the same paragraph at the same time, a third suggests.
  async writers(how) {
    const [one, other, third] = [await person('drafter', how), await person('rapporteur', how), await person('suggester', how)];
    await signsIn(one, scene.drafter);
    await signsIn(other, scene.rapporteur);
    await signsIn(third, scene.suggester);
    // Each time at an address of its own, or a browser would stay where it is.
    let times = 0;
    const edit = () => `${scene.report}?at=${scene.paragraph}&n=${times += 1}#at-${scene.paragraph}`;
    const opens = async (who) => { await who.page.goto(scene.base + edit()); };
    const saves = async (who, text) => {
      await opens(who);
      await who.page.fill('#text', text);
      await Promise.all([who.page.waitForNavigation(), who.page.click('button[value=edit]')]);
    };
    const mine = `Fees differ by a lot, they said (${how.width} ${how.language}).`;
    await one.go('/my', 'my');
    await one.press('main a[href^="/my/reports"]', 'drafts');
    await one.press('.card a', 'draft');
    await one.go(edit(), 'edit');
    if (how.script) {
      // By keyboard, from the paragraph; the line drops, and meanwhile somebody else saves.
      await tabTo(one, '#text');
      await one.page.keyboard.press('Control+A'); await one.page.keyboard.type(mine);
      await one.context.setOffline(true);
      await one.page.click('button[value=edit]');
      await one.page.waitForSelector('[data-offline]:not([hidden])');
      await one.context.setOffline(false);
      await saves(other, `Fees vary widely, they said (${how.width} ${how.language}).`);
      await one.page.reload();
      must(await one.page.inputValue('#text') === mine, 'what was written while the line was down is lost');
    } else {
      await one.page.fill('#text', mine);
      await saves(other, `Fees vary widely, they said (${how.width} ${how.language}).`);
    }
    await one.press('button[value=edit]', 'conflict');
    must(await one.page.inputValue('#text') === mine, 'in a conflict what somebody wrote is lost');
    await one.says('Fees vary widely, they said');
    await one.press('button[value=edit]', 'settled');
    await one.says(mine);

    await third.go(edit(), 'suggest');
    await third.page.fill('#suggested', `Fees differ greatly (${how.width} ${how.language}).`);
    await third.page.fill('#because', 'Plainer.');
    await third.press('button[value=suggest]', 'suggested');
    await one.go(scene.report, 'draft-with-suggestion');
    await one.press('.suggestion button[value=accept]', 'accepted');
    await one.says(`Fees differ greatly (${how.width} ${how.language}).`);

    const input = scene.inputs.shift();
    if (input) {
      await one.go(`${scene.report}?use=${input}#use-${input}`, 'use');
      await one.press('button[value=add]', 'used');
    }
    await one.go(`${scene.report}/paragraphs/${scene.paragraph}/history`, 'history');
    await one.press('.story button', 'restored');
    await one.page.click('.over a');
    await one.look('back');
    await one.page.click('section p.ways a >> nth=0');
    await one.look('section');
    await one.page.fill('#text', '# A heading is none');
    await one.press('button[value=add]', 'wrong');
    must(await one.page.$('[aria-invalid=true]'), 'what cannot be read is not marked');

    // A section is added, worked on with every form open, and removed; the first page is changed.
    await one.go(`${scene.report}?outline=add&n=${times += 1}`, 'outline');
    await one.page.fill('#heading', `Voices of young people (${how.width} ${how.language})`);
    await one.press('button[value=add_section]', 'section-added');
    const section = new URL(one.page.url()).hash;
    await one.press(`${section} > .line p.ways a`, 'section-open');
    await one.page.evaluate(() => document.querySelectorAll('.bench details').forEach((one) => { one.open = true; }));
    await one.look('section-forms');
    await one.press(`${section} button[value=remove]`, 'section-removed');
    await one.go(`${scene.report}/masthead`, 'masthead');
    await one.page.fill('#title', '');
    await one.press('main form button.m', 'masthead-wrong');
    must(await one.page.$('[aria-invalid=true]'), 'what is missing on the first page is not marked');
    await one.page.fill('#title', `Rights at borders (${how.width} ${how.language})`);
    await one.press('main form button.m', 'masthead-saved');
    await third.go(`${scene.report}/masthead`, 'masthead-read');

    // What a mail asked somebody to decide.
    const second = await person('second', how);
    await signsIn(second, scene.second);
    await second.go('/my', 'my-decisions');
    for (const page of scene.decisions) {
      await second.go(page, 'decision');
      await second.page.evaluate(() => document.querySelectorAll('main details').forEach((one) => { one.open = true; }));
      await second.look('decision-open');
    }
    await second.close();

    await one.go(`${scene.report}/milestones`, 'milestones');
    await one.page.fill('#name', `As sent (${how.width} ${how.language})`);
    await one.press('main form button.m', 'frozen');
    await one.page.click('.shelf > li > a');
    await one.look('milestone');
    await one.page.click('main a[href*="/changes"]');
    await one.look('changes');
    await one.close(); await other.close(); await third.close();
  },

  // Whoever is asked reads a draft, comments on words of it and agrees, while it changes under their eyes; whoever drafts answers.
  async clearer(how) {
    const [one, drafter] = [await person('clearer', how), await person('drafter', how)];
    await signsIn(one, scene.clearer);
    await signsIn(drafter, scene.drafter);
    const at = `at-${scene.paragraph}`;
    let times = 0;
    const changes = async (text) => {
      await drafter.page.goto(`${scene.base}${scene.room.replace('/clearance', '')}?at=${scene.paragraph}&n=${times += 1}#${at}`);
      await drafter.page.fill('#text', text);
      await Promise.all([drafter.page.waitForNavigation(), drafter.page.click('button[value=edit]')]);
    };
    await changes(`Fees differ (${how.width} ${how.language}).`);
    await one.go(scene.room, 'room');
    await one.go(`${scene.room}?at=${scene.paragraph}#${at}`, 'open');
    await one.page.fill(`#quote-${at}`, 'Visas');
    await one.page.fill(`#text-${at}`, `Which ones? (${how.width} ${how.language})`);
    await one.press('.bench button[value=comment]', 'wrong');
    must((await one.page.inputValue(`#text-${at}`)).startsWith('Which ones?'), 'what was typed is lost');
    await one.page.fill(`#quote-${at}`, 'Fees');
    await one.press('.bench button[value=comment]', 'commented');
    await changes(`Fees vary widely (${how.width} ${how.language}).`);
    await one.press('button[value=agree]', 'stale');
    must(await one.page.$(`#${at} ins`), 'what changed meanwhile is not shown');
    await one.press('button[value=agree]', 'agreed');
    must(await one.page.$('[role=status]'), 'that it is recorded is not told');
    // Comments come back in a table: what it says is seen before it is recorded.
    await one.press('main a[href*="/clearance/template"]', 'template');
    const sends = async (rows, what) => {
      const buffer = Buffer.from(`reference,comment,suggested_wording\n${rows}`);
      await one.page.setInputFiles('#file', { name: 'comments.csv', mimeType: 'text/csv', buffer });
      await one.press('button[value=look]', what);
    };
    await sends('page 3,Where?,\n', 'template-wrong');
    must(!await one.page.$('button[value=take]'), 'what cannot be taken over is confirmed');
    await sends(`,"On the whole, well put (${how.width} ${how.language}).",\n`, 'template-read');
    await one.press('button[value=take]', 'template-taken');
    await one.says(`On the whole, well put (${how.width} ${how.language}).`);
    await drafter.go('/my/reports', 'drafts');
    await drafter.press('main a[href*="/waiting"]', 'waiting');
    await drafter.go(scene.room, 'to-answer');
    await drafter.page.click(`#${at} .suggestion summary`);
    await drafter.page.fill(`#${at} textarea[name=answer]`, 'It is said now.');
    await drafter.press(`#${at} button[value=accepted]`, 'answered');
    await drafter.page.click('#minutes + details summary');
    await drafter.look('minutes');
    await one.close(); await drafter.close();
  },
};

const narrow = { width: 320, script: true, language: 'en' };
const plain = { width: 1280, script: false, language: 'ar' };
const ways = {
  coming: [
    ['registrant', narrow],
    ['registrant', plain],
    ['keyboard', { width: 1280, script: true, language: 'en' }],
    ['minor', narrow],
    ['minor', { width: 1280, script: false, language: 'en', forced: true }],
    ['waiting', narrow],
    ['participant', { width: 390, script: true, language: 'en' }],
  ],
  // 640 px are what is left of 1280 at twice the size. `forced` are the few colours that somebody chose for everything they read.
  writing: [['writers', { width: 1280, script: true, language: 'en' }], ['writers', narrow], ['writers', plain], ['writers', { width: 640, script: true, language: 'fr', forced: true }]],
  clearing: [['clearer', { width: 1280, script: true, language: 'en' }], ['clearer', narrow], ['clearer', plain], ['clearer', { width: 640, script: true, language: 'fr', forced: true }]],
  reading: [['reader', narrow], ['reader', plain], ['reader', { width: 1280, script: true, language: 'fr' }], ['reader', { width: 640, script: true, language: 'ru', forced: true }]],
}[scene.walks];
try {
  for (const [walk, how] of ways) {
    const begun = Date.now();
    await walks[walk](how);
    console.log(`${walk} at ${how.width} px, ${how.script ? 'with' : 'without'} script, ${how.language}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  wrong.push(error.stack);
}
await browser.close();
console.log(`${pictures} pages looked at, in ${scene.out}`);
if (wrong.length) { console.log(`${wrong.length} wrong:\n${[...new Set(wrong)].join('\n')}`); process.exit(1); }
process.exit(0);
