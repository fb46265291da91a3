// SPDX-License-Identifier: BSL-1.0
// node run_wasm.mjs program.wasm: runs a program for WASI; its exit status is node's.
import { readFile } from 'node:fs/promises';
import { argv, exit } from 'node:process';

const [program, ...rest] = argv.slice(2);
process.removeAllListeners('warning'); // that node's WASI is an experiment
const { WASI } = await import('node:wasi');
const wasi = new WASI({ version: 'preview1', args: [program, ...rest], env: {}, returnOnExit: true });
const { instance } = await WebAssembly.instantiate(await readFile(program), wasi.getImportObject?.() ?? { wasi_snapshot_preview1: wasi.wasiImport });
exit(wasi.start(instance));
