// Builds the scripts of the pages, and what a server renders, into dist/.

import { writeFile } from 'node:fs/promises';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';

// React tests and warns only in development.
process.env.NODE_ENV = 'development';

const COMMON = { configFile: false, mode: 'development', logLevel: 'warn' };
const NAMES = { entryFileNames: '[name].js', chunkFileNames: '[name].js' };

await build({
  ...COMMON,
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('secure-') } } })],
  build: {
    minify: false,
    rollupOptions: {
      input: { react: 'react/main.tsx', hydrated: 'react/hydrate.tsx', vue: 'vue/main.ts' },
      output: NAMES,
    },
  },
});
await build({
  ...COMMON,
  build: { ssr: 'react/server.tsx', outDir: 'dist-server', rollupOptions: { output: NAMES } },
});
const { html } = await import('./dist-server/server.js');
await writeFile('dist/hydrated.html', html);
