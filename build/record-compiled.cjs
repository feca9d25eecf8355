// node record-compiled.cjs FOLDER PROGRAM ARGS…: runs the program and leaves in FOLDER what V8 compiled of its parts.
const {writeFileSync} = require('node:fs');
const {basename, join} = require('node:path');
const vm = require('node:vm');

const [, , folder, program, ...args] = process.argv;
const scripts = new Map();

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    scripts.set(basename(options.filename), this);
  }
};
process.on('exit', () => {
  for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.bin`), script.createCachedData());
});
process.argv = [process.argv[0], program, ...args];
require(program);
