// Jest transform: TypeScript and ES modules to CommonJS with esbuild (ts-jest refuses TypeScript 7, decision 0002).
const { transformSync } = require('esbuild');
const { createHash } = require('node:crypto');

const options = (file) => ({
  loader: file.endsWith('.ts') ? 'ts' : 'js',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  sourcefile: file,
  define: {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__importMetaUrl',
  },
  banner: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
});

module.exports = {
  process: (source, file) => ({ code: transformSync(source, options(file)).code }),
  getCacheKey: (source, file) => createHash('sha256').update(source).update(file).update('v1').digest('hex'),
};
