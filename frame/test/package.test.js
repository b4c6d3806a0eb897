import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const SCRIPTS = 'src/main/resources/dev/lunasec/frame/';

/** The paths of the files that npm packs. */
function packed() {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { cwd: FOLDER, encoding: 'utf8' }),
  );
  return files.map((/** @type {{path: string}} */ { path }) => path);
}

/**
 * A script and all that it imports.
 * @param {string} path
 * @param {Set<string>} found
 * @returns {Set<string>}
 */
function imported(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, other] of readFileSync(`${FOLDER}/${path}`, 'utf8').matchAll(/^(?:import|export) .*'(\..*)';$/gm))
    imported(new URL(other, `file:///${path}`).pathname.slice(1), found);
  return found;
}

test('npm packs the components, their types, the README and the licence, and nothing else', () => {
  assert.deepEqual(
    packed().sort(),
    [
      ...imported(`${SCRIPTS}components.js`),
      'types/components.d.ts',
      'types/react.d.ts',
      'types/vue.d.ts',
      'LICENSE',
      'NOTICE',
      'README.md',
      'package.json',
    ].sort(),
  );
});

test('the components of the package take the address of no script for their vault', () => {
  // A bundler can give its own script any name, also that of the script that a vault serves.
  for (const path of imported(`${SCRIPTS}components.js`))
    assert.doesNotMatch(readFileSync(`${FOLDER}/${path}`, 'utf8'), /import\.meta/, path);
});
