// Package netos knows what network operating systems log when somebody changes a device:
// Cisco's IOS, NX-OS and IOS XR, Arista's EOS, which logs as IOS does, and Junos.
package netos

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Deed is what somebody did at a device.
type Deed struct {
	Who     string // the account; empty when the message does not tell
	What    string // in the words of the message, without the account
	Command bool   // What is a command as it was typed, which may do nothing but read
	Object  string // the interface or process; may be empty
}

// form is one message of a network operating system. The groups of its pattern are named
// who, what and object.
type form struct {
	mnemonic []byte // what the message has for certain
	pattern  *lazyregexp.Regexp
	command  bool
}

// head is what may stand before the mnemonic of a message: the name of the device, that of
// a process, numbers and a time.
const head = `^(?:[\w.\-]+ )?(?:[\w\-/]+(?:\[\d+\])?: )?(?:[\d*.:\s]|\b(?:[A-Z][a-z]{2}|[A-Z]{2,5})\b)*`

// forms are read in this order.
var forms = []form{
	{mnemonic: []byte("CONFIG_I"), pattern: lazyregexp.New(head + `%(?:SYS|VSHD)-5-(?:VSHD_SYSLOG_)?CONFIG_I: (?P<what>Configured from \S+) by (?:(?P<who>[^\s@]+) on )?\S+`)},
	{mnemonic: []byte("CFGLOG_LOGGEDCMD"), pattern: lazyregexp.New(head + `%PARSER-5-CFGLOG_LOGGEDCMD: User: ?(?P<who>\S+) +logged command: ?(?P<what>\S.*?)\s*$`), command: true},
	{mnemonic: []byte("administratively down"), pattern: lazyregexp.New(head + `%LINK-5-CHANGED: (?P<what>Interface (?P<object>[\w/.:\-]+), changed state to administratively down)`)},
	{mnemonic: []byte("-IF_DOWN_"), pattern: lazyregexp.New(head + `%ETHPORT-5-IF_DOWN_(?:ADMIN_DOWN|CFG_CHANGE): (?P<what>Interface (?P<object>[\w/.:\-]+) is down ?\([^)]+\))`)},
	{mnemonic: []byte("-DB_COMMIT"), pattern: lazyregexp.New(`%MGBL-CONFIG-6-DB_COMMIT ?: (?P<what>Configuration committed) by user '(?P<who>[^']+)'`)},
	{mnemonic: []byte("UI_COMMIT:"), pattern: lazyregexp.New(`^(?:\S+: )?UI_COMMIT: User '(?P<who>[^']+)' requested '(?P<what>commit[^']*' operation(?: \(comment: .*\))?)`)},
	{mnemonic: []byte("UI_CFG_AUDIT_"), pattern: lazyregexp.New(`^(?:\S+: )?UI_CFG_AUDIT_(?:SET|OTHER|NEW): User '(?P<who>[^']+)' (?P<what>[a-z]+: \[(?P<object>[^\]]+)\].*?)\s*$`)},
	{mnemonic: []byte("UI_CMDLINE_READ_LINE"), pattern: lazyregexp.New(`^(?:\S+: )?UI_CMDLINE_READ_LINE: User '(?P<who>[^']+)', command '(?P<what>[^']+?)\s*'`), command: true},
}

// unused is an interface that every switch has and shuts as it starts.
const unused = "Vlan1"

// idle is what changes nothing: what a device reads of itself as it starts, and a commit
// that is only checked.
var idle = lazyregexp.New(`^(?:Configured from (?:memory|startup)|commit check)\b`)

// keepers are the accounts of what only saves the settings of devices. Their logins end
// with the message of a change, though they change nothing.
var keepers = lazyregexp.New(`(?i)^(?:(?:.*[_.\-])?backups?(?:[_.\-].*)?|rancid|oxidized|unimus|netbrain|nms|ncm)$`)

// Begins is a cheap test for [Read], which is asked of every line of every log: a mnemonic
// begins with a percent sign and a capital, or is the first or second word. rest is what
// follows the first word of the message.
func Begins(message, rest []byte) bool {
	if i := bytes.IndexByte(message, '%'); i >= 0 {
		return i+1 < len(message) && message[i+1] >= 'A' && message[i+1] <= 'Z'
	}
	return len(rest) > 0 && (message[0] == 'U' && bytes.HasPrefix(message, junos) || rest[0] == 'U' && bytes.HasPrefix(rest, junos))
}

// junos begins the mnemonics of what the user interface of Junos logs.
var junos = []byte("UI_C")

// Read returns what somebody did as a message tells; ok is false for any other message, and
// for those of what saves the settings of devices.
func Read(message []byte) (d Deed, ok bool) {
	for _, f := range forms {
		if !bytes.Contains(message, f.mnemonic) {
			continue
		}
		m := f.pattern.FindSubmatch(message)
		if m == nil {
			continue
		}
		group := func(name string) string {
			if i := f.pattern.SubexpIndex(name); i > 0 {
				return string(m[i])
			}
			return ""
		}
		what := strings.Replace(strings.Replace(group("what"), "' operation", "", 1), " (comment: none)", "", 1)
		d := Deed{Who: group("who"), What: hide(what), Command: f.command, Object: hide(group("object"))}
		return d, !keepers.MatchString(d.Who) && !idle.MatchString(d.What) && d.Object != unused
	}
	return Deed{}, false
}

var (
	// secret is the value of a setting that nobody may read, behind its name and kind.
	secret = lazyregexp.New(`(?i)\b((?:[\w\-]+-)?(?:password|passphrase|secret|key|key-string|md5|community|ascii-text|hexadecimal|plain-text-password-value)|version (?:1|2c)|auth (?:md5|sha[\w\-]*)|priv (?:des|3des|aes)(?: \d+)?)((?: (?:\d|encrypted|ascii-text|hexadecimal|md5))*) ("[^"]*"|[^\s\]]+)`)
	// audited is a setting in the audit of Junos, behind which its values stand.
	audited = lazyregexp.New(`^[a-z]+: \[[^\]]*\]`)
)

// hide takes the secrets out of a setting.
func hide(what string) string {
	if m := audited.FindString(what); secret.MatchString(m) {
		what = m
	}
	return secret.ReplaceAllString(what, "$1$2 "+redact.Mark)
}
