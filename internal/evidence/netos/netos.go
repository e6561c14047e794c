// Package netos knows what network operating systems log when somebody changes a device:
// Cisco's IOS, NX-OS and IOS XR, Arista's EOS, which logs as IOS does, and Junos.
package netos

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
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

// forms are read in this order.
var forms = []form{
	{mnemonic: []byte("CONFIG_I"), pattern: lazyregexp.New(`%(?:SYS|VSHD)-5-(?:VSHD_SYSLOG_)?CONFIG_I: (?P<what>Configured from \S+) by (?:(?P<who>[^\s@]+) on )?\S+`)},
	{mnemonic: []byte("CFGLOG_LOGGEDCMD"), pattern: lazyregexp.New(`%PARSER-5-CFGLOG_LOGGEDCMD: User: ?(?P<who>\S+) +logged command: ?(?P<what>\S.*?)\s*$`), command: true},
	{mnemonic: []byte("administratively down"), pattern: lazyregexp.New(`%LINK-5-CHANGED: (?P<what>Interface (?P<object>[\w/.:\-]+), changed state to administratively down)`)},
	{mnemonic: []byte("-IF_DOWN_"), pattern: lazyregexp.New(`%ETHPORT-5-IF_DOWN_(?:ADMIN_DOWN|CFG_CHANGE): (?P<what>Interface (?P<object>[\w/.:\-]+) is down ?\([^)]+\))`)},
	{mnemonic: []byte("-DB_COMMIT"), pattern: lazyregexp.New(`%MGBL-CONFIG-6-DB_COMMIT ?: (?P<what>Configuration committed) by user '(?P<who>[^']+)'`)},
	{mnemonic: []byte("UI_COMMIT:"), pattern: lazyregexp.New(`\bUI_COMMIT: User '(?P<who>[^']+)' requested '(?P<what>commit[^']*' operation(?: \(comment: .*\))?)`)},
	{mnemonic: []byte("UI_CFG_AUDIT_"), pattern: lazyregexp.New(`\bUI_CFG_AUDIT_(?:SET|OTHER|NEW): User '(?P<who>[^']+)' (?P<what>[a-z]+: \[(?P<object>[^\]]+)\].*?)\s*$`)},
	{mnemonic: []byte("UI_CMDLINE_READ_LINE"), pattern: lazyregexp.New(`\bUI_CMDLINE_READ_LINE: User '(?P<who>[^']+)', command '(?P<what>[^']+?)\s*'`), command: true},
}

// keepers are the accounts of what only saves the settings of devices. Their logins end
// with the message of a change, though they change nothing.
var keepers = lazyregexp.New(`(?i)^(?:(?:.*[_.\-])?backups?(?:[_.\-].*)?|rancid|oxidized|unimus|netbrain|nms|ncm)$`)

// Read returns what somebody did as a message tells; ok is false for any other message, and
// for those of what saves the settings of devices.
func Read(message []byte) (d Deed, ok bool) {
	if bytes.IndexByte(message, '%') < 0 && !bytes.Contains(message, []byte("UI_C")) {
		return Deed{}, false
	}
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
		d := Deed{Who: group("who"), What: strings.Replace(group("what"), "' operation", "", 1), Command: f.command, Object: group("object")}
		return d, !keepers.MatchString(d.Who)
	}
	return Deed{}, false
}
