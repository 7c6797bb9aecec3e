// Connects again after each break. Arguments: port of the link, port of the server, file.
import fs from "fs";
import { createMergeableStore } from "tinybase";
import { createWsSynchronizer } from "tinybase/synchronizers/synchronizer-ws-client";
import WS from "ws";
import counted from "./counted.cjs";
const [, , link, server, file] = process.argv;
process.on("unhandledRejection", () => {}).on("uncaughtException", () => {});
const records = JSON.parse(fs.readFileSync(file)), store = createMergeableStore("device");
store.transaction(() => records.forEach(({ id, ...rest }) => store.setRow("records", id, rest)));
counted.untilHeld(+server, records.length, Date.now());
for (;;) {
  const line = new WS(`ws://127.0.0.1:${link}/room`);
  const over = new Promise(go => line.on("close", go).on("error", go));
  const sync = await Promise.race([createWsSynchronizer(store, line, 60), over.then(() => null)]);
  if (sync) {
    await Promise.race([sync.startSync(), over]);
    await over;
    await sync.destroy();
  }
  await new Promise(go => setTimeout(go, 1000));
}
