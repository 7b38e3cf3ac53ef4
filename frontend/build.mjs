// Builds the browser's files: one script a page, one style sheet, and htmx as it comes.
//
//   node frontend/build.mjs            once, minified, with sizes
//   node frontend/build.mjs --watch    again at every change
//
// Pages are classic scripts (`<script defer>`), not modules: the hashed names that whitenoise gives
// do not reach import statements.

import { copyFile, mkdir, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "src", "besuk", "web", "static", "besuk");
const targets = ["es2020", "chrome87", "firefox88", "safari14.1"];

async function namesIn(folder, ending) {
  const names = await readdir(join(root, "frontend", folder)).catch(() => []);
  return names.filter((name) => name.endsWith(ending) && !name.includes(".test.")).sort();
}

async function options() {
  const pages = await namesIn("pages", ".ts");
  const sheets = (await namesIn("css", ".css")).filter((name) => name === "besuk.css");
  const shared = { bundle: true, minify: true, target: targets, charset: "utf8", logLevel: "warning" };
  return [
    {
      ...shared,
      entryPoints: pages.map((name) => join(root, "frontend", "pages", name)),
      outdir: join(out, "js"),
      format: "iife",
      legalComments: "eof",
      define: { "process.env.NODE_ENV": '"production"' },
    },
    {
      ...shared,
      entryPoints: sheets.map((name) => join(root, "frontend", "css", name)),
      outdir: join(out, "css"),
      assetNames: "[name]",
      loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
    },
  ];
}

async function copyHtmx() {
  await mkdir(join(out, "js"), { recursive: true });
  const copy = join(out, "js", "htmx.js");
  await copyFile(join(root, "node_modules", "htmx.org", "dist", "htmx.min.js"), copy);
  await utimes(copy, new Date(), new Date());
}

async function printSizes() {
  for (const folder of ["js", "css"]) {
    for (const name of (await readdir(join(out, folder)).catch(() => [])).sort()) {
      const text = await readFile(join(out, folder, name));
      const packed = gzipSync(text, { level: 9 }).length;
      console.log(`  ${basename(name).padEnd(24)} ${kilobytes(text.length)} (${kilobytes(packed)} gzipped)`);
    }
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

// A running server keeps its files while they are replaced; only what no source makes any more goes.
async function dropOlderThan(moment) {
  for (const folder of ["js", "css"]) {
    for (const name of await readdir(join(out, folder)).catch(() => [])) {
      const path = join(out, folder, name);
      if ((await stat(path)).mtimeMs < moment) await rm(path);
    }
  }
}

async function buildOnce() {
  const started = Date.now() - 1000;
  await copyHtmx();
  await Promise.all((await options()).map((each) => esbuild.build(each)));
  await dropOlderThan(started);
  await printSizes();
}

async function watch() {
  await copyHtmx();
  for (const each of await options()) {
    const context = await esbuild.context({ ...each, logLevel: "info" });
    await context.watch();
  }
}

await (process.argv.includes("--watch") ? watch() : buildOnce());
