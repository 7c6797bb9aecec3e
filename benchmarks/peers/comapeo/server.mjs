// The other device: takes the first invitation and all that comes. How many observations it shows is asked at a socket in the folder.
// Arguments: port, folder.
import http from "http";
import { join } from "path";
import { open } from "./parts.mjs";
const [, , port, folder] = process.argv, shown = new Set();
const device = await open("station", folder, +port);
device.invite.once("invite-received", async invite => {
  const project = await device.getProject(await device.invite.accept(invite));
  project.observation.on("updated-docs", changed => changed.forEach(one => shown.add(one.docId)));
  project.$sync.start();
});
http.createServer((_, answer) => answer.end(JSON.stringify(shown.size))).listen(join(folder, "held"));
