// Holds HTML files against axe, the checker of accessibility: node axe.mjs TOOLS FILE…  (TOOLS has node_modules with axe-core and
// playwright-core, which drives the Chromium of the system.)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(tools), 'node_modules', 'x'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
let violations = 0;
for (const file of files) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of found.violations) {
    violations += 1;
    console.log(`${file}: ${violation.id} (${violation.impact}): ${violation.help}`);
    violation.nodes.slice(0, 3).forEach((node) => console.log(`    ${node.html.slice(0, 160)}`));
  }
  await page.close();
}
await browser.close();
console.log(`${files.length} pages, ${violations} violations`);
process.exit(violations === 0 && files.length > 0 ? 0 : 1);
