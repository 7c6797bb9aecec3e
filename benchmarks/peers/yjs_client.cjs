// y-websocket: each device has a room of its own, and its document holds an equal part of the records before it connects.
// Arguments: port of the link, port of the server, file, number of devices.
const fs = require("fs"), Y = require("yjs"), WS = require("ws"), { WebsocketProvider } = require("y-websocket");
const { untilHeld } = require("./counted.cjs");
const [, , link, server, file, devices] = process.argv;
const records = JSON.parse(fs.readFileSync(file));
const docs = Array.from({ length: +devices }, (_, number) => {
  const doc = new Y.Doc(), map = doc.getMap("records");
  doc.transact(() => records.filter((_, place) => place % devices === number).forEach(one => map.set(one.id, one)));
  return doc;
});
const began = Date.now();
docs.forEach((doc, number) =>
  new WebsocketProvider(`ws://127.0.0.1:${link}`, "room" + number, doc, { WebSocketPolyfill: WS, disableBc: true }));
untilHeld(+server, records.length, began);
