// Mail comes in, waits, and a member decides: begins a post-mortem with one message,
// attaches another, dismisses a third and takes that back, with scripts and without.
import { appears, check, look as inAllForms, setUp, shot, story } from "./lib.mjs"

const [here, setup, token] = process.argv.slice(2)
const general = "incident@hindcast.example.org"

const outage = `From: Engineer A <engineer@elsewhere.example.net>
To: ${general}
Subject: Checkout answers with errors
Date: Sun, 2 Jun 2024 16:37:21 +0200
Message-ID: <1@elsewhere.example.net>

Since half past four the checkout answers with 502.
<script>document.title = "taken over"</script>
`
const measured = `From: Engineer B <b@elsewhere.example.net>
To: ${general}
Subject: What we measured meanwhile
Date: Sun, 2 Jun 2024 17:02:00 +0200
Message-ID: <2@elsewhere.example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: text/plain

One request in five fails.
--part
Content-Type: text/csv
Content-Disposition: attachment; filename="errors-by-minute-of-the-checkout-in-the-first-region.csv"

time,errors
2024-06-02T14:40:00Z,12
--part--
`
const lunch = `From: office@elsewhere.example.net
To: ${general}
Subject: Lunch on Monday
Date: Sun, 2 Jun 2024 18:00:00 +0200
Message-ID: <3@elsewhere.example.net>

There is soup.
`

/** Brings a message as the mail server does. */
async function bring(to, message, status = 202) {
  const answer = await fetch(`${here}/hooks/mail?` + new URLSearchParams({ to }), { method: "POST", headers: { authorization: "Bearer " + token }, body: message.replaceAll("\n", "\r\n") })
  check(answer.status === status, `mail to ${to} is answered with ${answer.status}: ${await answer.text()}`)
}

/** Opens a page again and again until a message stands there: it is decided about in the background. */
const arrived = (page, path, name) => appears(page, here + path, page.getByRole("link", { name }))

const look = (page, name) => inAllForms(page, `mailin-${name}`)
const link = (page, name) => page.getByRole("link", { name, exact: true })
const button = (page, name) => page.getByRole("button", { name, exact: true })

/** Opens the library as somebody who was invited, and returns their session. */
async function invited(page, context) {
  await page.goto(here + "/people")
  await page.getByLabel("Invite by address").fill("engineer@example.org")
  await button(page, "Make a link").click()
  const link = new URL(await page.locator(".once code").textContent()).pathname
  const theirs = await context.browser().newContext()
  const other = await theirs.newPage()
  await other.goto(here + link)
  await other.getByLabel("Name").fill("Engineer A")
  await other.getByLabel("Password").fill("a long enough password")
  await button(other, "Go on").click()
  await other.waitForURL("**/")
  const state = await theirs.storageState()
  await theirs.close()
  return state
}

let session, engineer, post
await story(async (page, context) => {
  await setUp(page, setup)
  session = await context.storageState()
  await page.goto(here + "/mail")
  await page.getByText("No mail waits.").waitFor()
  await look(page, "empty")
  for (const message of [outage, measured, lunch, outage]) await bring(general, message)
  await bring("nobody@hindcast.example.org", lunch, 404)
  await arrived(page, "/mail", "Lunch on Monday")
  await arrived(page, "/mail", "Checkout answers with errors")
  check(await page.locator("tbody tr").count() === 3, "what came twice is there twice")
  await look(page, "list")

  // The words of strangers are words. A post-mortem begins with them.
  await link(page, "Checkout answers with errors").click()
  await page.locator("blockquote", { hasText: "<script>document.title" }).waitFor()
  check(await page.title() !== "taken over", "a script of a message ran")
  await look(page, "message")
  await button(page, "Begin a post-mortem with it").click()
  await page.waitForURL(/\/p\/\d+$/)
  await page.getByRole("heading", { level: 1, name: "Checkout answers with errors" }).waitFor()
  post = new URL(page.url()).pathname
  await arrived(page, post + "/evidence", /checkout-answers-with-errors\.eml/)

  // Its address is copied, mail to it from strangers waits with its members, and
  // is evidence when one of them says so.
  await link(page, "Mail").click()
  const address = await page.getByLabel("Address").inputValue()
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  await button(page, "Copy").click()
  await button(page, "Copied").waitFor()
  check(await page.evaluate(() => navigator.clipboard.readText()) === address, "something else was copied")
  await bring(address, lunch.replaceAll("<3@", "<4@").replace("Lunch on Monday", "Soup of the week"))
  await arrived(page, post + "/mail", "Soup of the week")
  await look(page, "address")
  await link(page, "Soup of the week").click()
  check(await button(page, "Begin a post-mortem with it").count() === 0, "mail for one post-mortem can begin another")
  await look(page, "message-of-one")
  await button(page, post.replace("/p/", "Attach it to #")).click()
  await page.waitForURL(`**${post}/evidence`)
  await arrived(page, post + "/evidence", /soup-of-the-week\.eml/)
  await page.goto(here + post + "/mail")
  await button(page, "Make a new address").click()
  await page.getByText("Mail to the one before is refused.").waitFor()
  check(await page.getByLabel("Address").inputValue() !== address, "the address is the one before")
  await bring(address, lunch.replaceAll("<3@", "<5@"), 404)
  await page.goto(here + "/settings/mail")
  await look(page, "settings")
  await arrived(page, "/mail", "Lunch on Monday")
  await link(page, "Lunch on Monday").click()
  await button(page, "Dismiss it").click()
  await page.getByRole("status").filter({ hasText: "It is dismissed." }).waitFor()
  await look(page, "dismissed")
  await button(page, "Undo").click()
  await page.getByText("It waits again.").waitFor()
  engineer = await invited(page, context)
}, { bypassCSP: true })

// Without scripts: one is attached, one dismissed, and that taken back. What somebody
// else decided meanwhile is said on the list, and who pressed twice is led to where
// the message is now.
await story(async (page, context) => {
  await page.goto(here + "/mail")
  await link(page, "What we measured meanwhile").click()
  await page.getByText("errors-by-minute").waitFor()
  const incident = page.getByLabel("Or it is evidence of post-mortem")
  await incident.fill("#9999")
  await button(page, "Attach it").click()
  check(/there is no/i.test(await page.getByRole("alert").innerText()) && await incident.inputValue() === "#9999", "the fault does not stand at the field")
  await shot(page, "mailin-fault")
  const theirs = await context.browser().newContext({ storageState: engineer, bypassCSP: true })
  const [again, other, third] = [await context.newPage(), await theirs.newPage(), await theirs.newPage()]
  for (const p of [again, other, third]) {
    await p.goto(here + "/mail")
    await link(p, "What we measured meanwhile").click()
  }
  await incident.fill(post.replace("/p/", "#"))
  await button(page, "Attach it").click()
  await page.waitForURL(`**${post}/evidence`)
  await arrived(page, post + "/evidence", /what-we-measured-meanwhile\.eml/)
  await button(again, "Begin a post-mortem with it").click()
  await again.waitForURL("**" + post)
  for (const [p, name] of [[other, "Begin a post-mortem with it"], [third, "Dismiss it"]]) {
    await button(p, name).click()
    await p.getByRole("status").filter({ hasText: `Somebody else decided meanwhile: What we measured meanwhile belongs to ${post.replace("/p/", "#")} now.` }).waitFor()
  }
  await look(other, "meanwhile")
  await theirs.close()

  await page.goto(here + "/mail")
  await link(page, "Lunch on Monday").click()
  await button(page, "Dismiss it").click()
  await page.getByRole("status").filter({ hasText: "It is dismissed." }).waitFor()
  check(await link(page, "Lunch on Monday").count() === 0, "what was dismissed waits")
  await button(page, "Undo").click()
  await page.getByText("It waits again.").waitFor()
  await link(page, "Lunch on Monday").click()
  await button(page, "Dismiss it").click()
  await link(page, "Dismissed").click()
  await link(page, "Lunch on Monday").click()
  await button(page, "Let it wait again").click()
  await link(page, "Lunch on Monday").waitFor()
}, { storageState: session, javaScriptEnabled: false })
