// Sends one file by tus and goes on after every failure, as the official client
// does by itself. Standard input: {"endpoint", "file", "cookie", "chunk", "name"}.
// Standard output: a line of JSON for each piece that was taken, and one at the
// end.
import { createReadStream, readFileSync } from "node:fs";
import * as tus from "tus-js-client";

const ask = JSON.parse(readFileSync(0, "utf8"));
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let became = {};
const upload = new tus.Upload(createReadStream(ask.file), {
  endpoint: ask.endpoint,
  chunkSize: ask.chunk,
  metadata: { filename: ask.name, kind: "bwc" },
  headers: { Cookie: ask.cookie },
  retryDelays: Array.from({ length: 100 }, () => 250),
  onChunkComplete: (_, accepted, total) => say({ accepted, total }),
  onAfterResponse: (_, response) => {
    const exhibit = response.getHeader("Jurat-Exhibit");
    if (exhibit) became = { exhibit, sha256: response.getHeader("Jurat-Sha256") };
  },
  onError: (error) => {
    say({ error: String(error) });
    process.exit(1);
  },
  onSuccess: () => {
    say({ done: true, ...became });
    process.exit(0);
  },
});
upload.start();
