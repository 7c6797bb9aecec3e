// For protocols without an acknowledgement: asks the server itself, beside the link, until it holds all records.
// `where` is its port, or a socket in its folder as `{ socketPath }`.
const http = require("http");
const ask = where => new Promise((done, failed) =>
  http.get({ ...(typeof where === "number" ? { host: "127.0.0.1", port: where } : where), path: "/count" }, answer => {
    let body = "";
    answer.on("data", part => (body += part)).on("end", () => done(JSON.parse(body)));
  }).on("error", failed));
exports.untilHeld = async (where, wanted, began) => {
  while ((await ask(where)) < wanted) await new Promise(go => setTimeout(go, 5));
  console.log(JSON.stringify({ s: (Date.now() - began) / 1000 }));
  process.exit(0);
};
