// Tries the language server with the client library of the protocol's makers:
//
//	node client.js HINDCAST FLAG... -- FILE...
//
// It holds what the server says of each file against what "hindcast lint" says
// with the same flags, makes every quick fix, and edits the files at random as an
// editor does, holding the server's copy against the library's. It prints what it
// did as JSON, and ends with 1 at the first difference.
'use strict';

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { once } = require('node:events');
const { pathToFileURL } = require('node:url');
const rpc = require('vscode-jsonrpc/node');
const lsp = require('vscode-languageserver-protocol/node');
const { TextDocument } = require('vscode-languageserver-textdocument');

const [program, ...rest] = process.argv.slice(2);
const flags = rest.slice(0, rest.indexOf('--'));
const files = rest.slice(rest.indexOf('--') + 1);
const severities = { error: 1, warning: 2, note: 3 };
const done = { files: 0, diagnostics: 0, actions: 0, edits: 0, symbols: 0, cancelled: 0, rules: [] };

// Client is an editor with one server.
class Client {
  constructor() {
    this.server = spawn(program, ['lsp', ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.connection = lsp.createProtocolConnection(
      new rpc.StreamMessageReader(this.server.stdout), new rpc.StreamMessageWriter(this.server.stdin));
    this.published = new Map();
    this.waiting = new Map();
    this.copies = 0;
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (p) => {
      this.published.set(p.uri, p);
      this.waiting.get(p.uri)?.();
    });
    this.connection.onNotification(lsp.ShowMessageNotification.type, (p) => assert.fail(`the server says: ${p.message}`));
    this.connection.onError(([err]) => { throw err; });
    this.connection.listen();
  }

  async start() {
    const result = await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: null, capabilities: {
        workspace: { workspaceEdit: { documentChanges: true } },
        textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] }, publishDiagnostics: { versionSupport: true } },
      },
    });
    assert.equal(result.serverInfo.name, 'hindcast');
    assert.equal(result.capabilities.positionEncoding, 'utf-16');
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
  }

  // diagnostics waits for those of a version of a document.
  async diagnostics(doc) {
    for (;;) {
      const p = this.published.get(doc.uri);
      if (p?.version === doc.version) return p.diagnostics;
      await new Promise((resolve) => this.waiting.set(doc.uri, resolve));
    }
  }

  async open(doc) {
    await this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri: doc.uri, languageId: 'markdown', version: doc.version, text: doc.getText() },
    });
    return this.diagnostics(doc);
  }

  async change(doc, changes) {
    await this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
      textDocument: { uri: doc.uri, version: doc.version + 1 }, contentChanges: changes,
    });
    return TextDocument.update(doc, changes, doc.version + 1);
  }

  close(doc) {
    return this.connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument: { uri: doc.uri } });
  }

  // fresh returns the diagnostics of a text in a document that was never open.
  async fresh(doc, text) {
    const copy = TextDocument.create(`${doc.uri}.${++this.copies}`, 'markdown', 1, text);
    const diagnostics = await this.open(copy);
    await this.close(copy);
    return diagnostics;
  }

  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    const ended = once(this.server, 'exit');
    await this.connection.sendNotification(lsp.ExitNotification.type);
    const [code] = await ended;
    assert.equal(code, 0, 'the exit code of the server');
  }
}

// linted returns the findings of the command.
function linted(file) {
  const run = spawnSync(program, ['lint', ...flags, '--format', 'json', '--fail-on', 'never', file], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout).findings;
}

// sameFindings holds diagnostics against the findings of the command.
function sameFindings(doc, diagnostics, findings) {
  const want = findings.map((f) => ({
    code: f.rule, severity: severities[f.level], message: `${f.message}\n${f.why}`,
    range: { start: doc.positionAt(f.start_utf16), end: doc.positionAt(f.end_utf16) },
  }));
  const got = diagnostics.map(({ code, severity, message, range }) => ({ code, severity, message, range }));
  assert.deepEqual(got, want);
  for (const d of diagnostics) {
    assert.equal(d.source, 'hindcast');
    if (d.code.startsWith('own-')) assert.equal(d.codeDescription, undefined, 'a rule of an organization has no page of ours');
    else assert.match(d.codeDescription.href, /^https:.*\/docs\/rules\/[a-zA-Z-]+\.md/);
  }
}

// fixes makes each quick fix of a document on a copy.
async function fixes(client, doc, diagnostics) {
  for (const d of diagnostics) {
    const actions = await client.connection.sendRequest(lsp.CodeActionRequest.type, {
      textDocument: { uri: doc.uri }, range: d.range, context: { diagnostics: [d] },
    });
    const own = actions.filter((a) => a.diagnostics[0].code === d.code);
    assert.ok(own.length > 0, `no quick fix of ${d.code}`);
    for (const action of own) {
      const [edit] = action.edit.documentChanges;
      assert.deepEqual(edit.textDocument, { uri: doc.uri, version: doc.version });
      await fixed(client, doc, action, TextDocument.applyEdits(doc, edit.edits), diagnostics);
      done.actions++;
    }
  }
}

// fixed holds what a quick fix left: a proposal changes the text, and an ignored
// finding is gone once it has its reason.
async function fixed(client, doc, action, text, before) {
  assert.notEqual(text, doc.getText());
  if (!action.title.startsWith('Ignore')) return;
  const code = action.diagnostics[0].code;
  const after = await client.fresh(doc, text.replace('[why is this fine?]', 'a reason'));
  const count = (list, c) => list.filter((d) => d.code === c).length;
  assert.ok(count(after, code) < count(before, code), `${code} is still found after ${JSON.stringify(action.edit)}`);
  assert.equal(count(after, 'lint-ignore'), count(before, 'lint-ignore'));
}

// random returns numbers below n, the same in each run.
function random(seed) {
  let state = seed;
  return (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
}

const snippets = ['', 'x', '\n', '\r\n', '🔥', 'é', '- The alert should have fired.\n', 'The database was misconfigured. ', '\n## Root cause\n\n', '| a | b |\n', '<!-- '];

// whole moves a place out of the middle of a character.
function whole(text, at) {
  const c = text.charCodeAt(at);
  return c >= 0xdc00 && c <= 0xdfff ? at - 1 : at;
}

// edited changes a document at random and holds the server's copy against the
// library's: a document opened afresh with the library's text has the same
// diagnostics.
async function edited(client, doc, next) {
  for (let i = 0; i < 60; i++) {
    const changes = [];
    let after = TextDocument.create(doc.uri, 'markdown', doc.version, doc.getText());
    for (let n = 1 + next(3); n > 0; n--) {
      const text = after.getText();
      const from = whole(text, next(text.length + 1));
      const to = whole(text, Math.min(text.length, from + next(12)));
      const change = { range: { start: after.positionAt(from), end: after.positionAt(to) }, text: snippets[next(snippets.length)] };
      changes.push(change);
      after = TextDocument.update(after, [change], doc.version);
    }
    doc = await client.change(doc, changes);
    assert.equal(doc.getText(), after.getText());
    done.edits++;
    if (i % 10 !== 9) continue;
    const diagnostics = await client.diagnostics(doc);
    assert.deepEqual(diagnostics, await client.fresh(doc, doc.getText()), `after ${done.edits} edits`);
  }
  return doc;
}

// asked asks for hovers and symbols, and takes a question back.
async function asked(client, doc, diagnostics) {
  const textDocument = { uri: doc.uri };
  for (const d of diagnostics) {
    const hover = await client.connection.sendRequest(lsp.HoverRequest.type, { textDocument, position: d.range.start });
    assert.equal(hover.contents.kind, 'markdown');
    assert.ok(hover.contents.value.includes(`**${d.code.replaceAll('_', '\\_')}**`), hover.contents.value);
  }
  const symbols = await client.connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument });
  const inside = (outer, inner) => assert.ok(doc.offsetAt(outer.start) <= doc.offsetAt(inner.start) && doc.offsetAt(inner.end) <= doc.offsetAt(outer.end));
  const count = (list) => list.reduce((n, s) => {
    inside(s.range, s.selectionRange);
    s.children?.forEach((c) => inside(s.range, c.range));
    return n + 1 + count(s.children ?? []);
  }, 0);
  done.symbols += count(symbols);
  const source = new rpc.CancellationTokenSource();
  const question = client.connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument }, source.token);
  source.cancel();
  await question.catch((err) => {
    assert.equal(err.code, lsp.LSPErrorCodes.RequestCancelled);
    done.cancelled++;
  });
}

async function main() {
  const client = new Client();
  await client.start();
  const next = random(1);
  for (const file of files) {
    let doc = TextDocument.create(pathToFileURL(file).href, 'markdown', 1, readFileSync(file, 'utf8'));
    const diagnostics = await client.open(doc);
    sameFindings(doc, diagnostics, linted(file));
    await asked(client, doc, diagnostics);
    await fixes(client, doc, diagnostics);
    doc = await edited(client, doc, next);
    await client.close(doc);
    done.files++;
    done.diagnostics += diagnostics.length;
    done.rules = [...new Set([...done.rules, ...diagnostics.map((d) => d.code)])].sort();
  }
  await client.stop();
  console.log(JSON.stringify(done));
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
