// A CoMapeo device in a folder, reached at a port of loopback alone: by itself it takes any port of every address.
import { MapeoManager } from "@comapeo/core";
import crypto from "crypto";
import fs from "fs";
import net from "net";
import { join } from "path";
import { fileURLToPath } from "url";
import Fastify from "fastify";
const tables = fileURLToPath(new URL("../drizzle", import.meta.resolve("@comapeo/core"))), listen = net.Server.prototype.listen;
export const open = async (name, folder, port = 0) => {
  net.Server.prototype.listen = function (...told) {
    return listen.call(this, ...(told[1] === "0.0.0.0" ? [port, "127.0.0.1"] : told));
  };
  const [dbFolder, coreStorage] = ["tables", "cores"].map(kind => join(folder, name, kind));
  for (const made of [dbFolder, coreStorage]) fs.mkdirSync(made, { recursive: true });
  const device = new MapeoManager({
    rootKey: crypto.randomBytes(16), dbFolder, coreStorage, fastify: Fastify(),
    projectMigrationsFolder: join(tables, "project"), clientMigrationsFolder: join(tables, "client"),
  });
  await device.setDeviceInfo({ name, deviceType: "mobile" });
  await device.startLocalPeerDiscoveryServer();
  return device;
};
