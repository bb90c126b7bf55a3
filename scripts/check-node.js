// Plain JavaScript that any Node can parse: it must be able to complain on the Node that is too old.
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "Outrider needs Node 24, this is v" +
      process.versions.node +
      "; run `npm ci` (or `npm rebuild node`), which installs Node 24 for the npm scripts.\n",
  );
  process.exit(1);
}
