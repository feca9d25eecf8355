// Stands at the head of dist/jirakey.js and loads the program's parts when they are first needed. Node compiles no
// CommonJS from a cache before version 22, hence by vm.Script: code that build/compile.mjs has compiled for this very
// Node lies beside the parts and is as trusted as they are. V8 refuses what does not fit, and then compiles as always.
const {existsSync, readFileSync} = require('node:fs');
const {join} = require('node:path');
const {Script} = require('node:vm');

const compiled = join(__dirname, 'compiled', `${process.version}-${process.arch}`);
const hasCompiled = existsSync(compiled);
const loaded = new Map();

/** @param name of a file in dist/parts: its hash is in the name, so compiled code never meets another source */
function part(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = {exports: {}};
  loaded.set(name, module);
  const filename = join(__dirname, 'parts', name);
  // The parts are ASCII (esbuild escapes the rest).
  const script = new Script(readFileSync(filename, 'latin1'), {filename, cachedData: compiledPart(name)});
  script.runInThisContext()(module.exports, requirePart, module);
  return module.exports;
}

function compiledPart(name) {
  if (!hasCompiled) return undefined;
  try {
    return readFileSync(join(compiled, `${name}.bin`));
  } catch {
    return undefined;
  }
}

/** What a part's `require` is: another part, or a module of Node's. */
const requirePart = name => (name.startsWith('./') ? part(name.slice(name.lastIndexOf('/') + 1)) : require(name));
