// TinyBase's WsServer with its file persister. Arguments: port, folder.
import http from "http";
import { createMergeableStore } from "tinybase";
import { createFilePersister } from "tinybase/persisters/persister-file";
import { createWsServer } from "tinybase/synchronizers/synchronizer-ws-server";
import { WebSocketServer } from "ws";
const [, , port, folder] = process.argv, stores = [];
const server = http.createServer((_, answer) =>
  answer.end(JSON.stringify(stores.reduce((sum, one) => sum + one.getRowIds("records").length, 0))));
createWsServer(new WebSocketServer({ server, perMessageDeflate: true, maxPayload: 2e8 }), path => {
  const store = createMergeableStore("server");
  stores.push(store);
  return createFilePersister(store, `${folder}/${path.replace(/\W/g, "_")}.json`);
}, undefined, 60);
server.listen(+port, "127.0.0.1");
