// Opens a page in Chromium: light and dark, on a wide screen, on a telephone and as print. Nothing may be complained of in the
// console, nothing asked of the network, the page must fit the screen, and axe must find no serious violation.
//   node check.mjs PAGE CHROMIUM [SCREENSHOT]
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, executablePath, screenshot] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve('axe-core');
const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'telephone', colorScheme: 'light', viewport: { width: 360, height: 740 } },
  { name: 'print', colorScheme: 'light', viewport: { width: 800, height: 1100 }, media: 'print' },
];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const complaints = [];
for (const { name, media, ...options } of views) {
  const context = await browser.newContext({ ...options, offline: true });
  const tab = await context.newPage();
  tab.on('console', message => message.type() === 'error' && complaints.push(`${name}: ${message.text()}`));
  tab.on('pageerror', error => complaints.push(`${name}: ${error.message}`));
  tab.on('request', request => request.url().startsWith('file:') || complaints.push(`${name}: asks for ${request.url()}`));
  await tab.goto(pathToFileURL(page).href);
  if (screenshot && name === 'light') {
    await tab.screenshot({ path: screenshot });
  }
  if (media) {
    await tab.emulateMedia({ media });
  } else {
    const excess = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (excess > 0) {
      complaints.push(`${name}: the page is ${excess} pixels wider than the screen`);
    }
    await tab.keyboard.press('Tab');
    const first = await tab.evaluate(() => document.activeElement.textContent);
    if (!first.startsWith('Skip')) {
      complaints.push(`${name}: the keyboard does not begin at the way past the head, but at '${first}'`);
    }
  }
  await tab.addScriptTag({ path: axe });
  const found = await tab.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of found.violations.filter(each => ['serious', 'critical'].includes(each.impact))) {
    complaints.push(`${name}: ${violation.id}, ${violation.help}: ${violation.nodes[0].html.slice(0, 160)}`);
  }
  await context.close();
}

await browser.close();
complaints.forEach(complaint => console.error(complaint));
console.log(`${page}: ${views.length} views, ${complaints.length} complaints`);
process.exit(complaints.length === 0 ? 0 : 1);
