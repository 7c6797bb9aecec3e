// y-websocket: the document holds all records before it connects. Arguments: port of the link, port of the server, file.
const fs = require("fs"), Y = require("yjs"), WS = require("ws"), { WebsocketProvider } = require("y-websocket");
const { untilHeld } = require("./counted.cjs");
const [, , link, server, file] = process.argv;
const records = JSON.parse(fs.readFileSync(file)), doc = new Y.Doc(), map = doc.getMap("records");
doc.transact(() => records.forEach(one => map.set(one.id, one)));
const began = Date.now();
new WebsocketProvider(`ws://127.0.0.1:${link}`, "room", doc, { WebSocketPolyfill: WS, disableBc: true });
untilHeld(+server, records.length, began);
