// express-pouchdb on LevelDB. Arguments: port, folder.
const [, , port, folder] = process.argv;
const PouchDB = require("pouchdb").defaults({ prefix: folder + "/" }), app = require("express")();
app.use("/", require("express-pouchdb")(PouchDB, { logPath: folder + "/log.txt", configPath: folder + "/config.json" }));
app.listen(+port, "127.0.0.1");
