// The browser that stories share: says where it listens, and ends when nobody holds
// its input any more.
import { launchServer } from "./lib.mjs"

const server = await launchServer()
process.stdin.on("close", () => server.close()).resume()
console.log(server.wsEndpoint())
