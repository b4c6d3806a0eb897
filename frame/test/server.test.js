import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a server without a DOM can load the components, and they do nothing', async () => {
  assert.equal(globalThis.HTMLElement, undefined);
  const { SecureCard, SecureForm, SecureInput, configure } =
    await import('../src/main/resources/dev/lunasec/frame/components.js');
  configure({ vault: 'https://vault.example.com' });
  for (const element of [SecureCard, SecureForm, SecureInput]) assert.equal(typeof element, 'function');
});
