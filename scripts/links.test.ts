import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

const pages = ['.', 'docs', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.md'));

const withoutCode = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/^ {4}.*$/gm, '');

/** As GitHub makes them. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (page: string): readonly string[] =>
  [...withoutCode(readFileSync(page, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** What is wrong with a link, or nothing. */
function trouble(page: string, link: string): readonly string[] {
  if (/^[a-z]+:/.test(link)) return [];
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(target)) return [`${link}: there is no ${relative(root, target)}`];
  return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [`${link}: no heading makes this anchor`];
}

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...withoutCode(readFileSync(join(root, page), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  expect(links.flatMap((link) => trouble(page, link))).toEqual([]);
});

test('every page of the documentation can be found from the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(pages.filter((page) => page.startsWith('docs') && !readme.includes(`](${page}`))).toEqual([]);
});

test('every example can be found from the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(pages.filter((page) => page.startsWith('examples') && !readme.includes(`](${dirname(page)})`))).toEqual([]);
});
