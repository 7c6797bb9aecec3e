// Invites the other device beside the link, writes all while apart, then meets it over the link, after each break again.
// Arguments: port of the link, port of the other device, file, folder.
import fs from "fs";
import { join } from "path";
import { roles } from "@comapeo/core";
import { open } from "./parts.mjs";
import counted from "../counted.cjs";
const [, , link, other, file, folder] = process.argv, STANDS_WITHIN_MS = 3000;
const device = await open("device", folder);
const meet = port => device.connectLocalPeer({ address: "127.0.0.1", port: +port, name: `${Math.random()}` });
const connected = async () => (await device.listLocalPeers()).find(one => one.status === "connected");
const pause = duration_ms => new Promise(go => setTimeout(go, duration_ms));

const project = await device.getProject(await device.createProject({ name: "patrol" }));
meet(other);
while (!(await connected())) await pause(50);
await project.$member.invite((await connected()).deviceId, { roleId: roles.MEMBER_ROLE_ID, initialSyncTimeoutMs: 60_000 });
await device.stopLocalPeerDiscoveryServer({ force: true });
const records = JSON.parse(fs.readFileSync(file));
for (const { lat, lon, acc, ...tags } of records) {
  const position = { timestamp: tags.observed_at, mocked: false, coords: { latitude: lat, longitude: lon, accuracy: acc } };
  const metadata = { manualLocation: false, position };
  await project.observation.create({ schemaName: "observation", lat, lon, tags, attachments: [], metadata });
}
await device.startLocalPeerDiscoveryServer();
project.$sync.start();
counted.untilHeld({ socketPath: join(folder, "held") }, records.length, Date.now());
for (;;) {
  if (!(await connected())) {
    meet(link);
    await pause(STANDS_WITHIN_MS);
  }
  await pause(100);
}
