package netlog

import (
	"bytes"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// flowColumns are those of the default format, of which CloudWatch Logs keeps no
// header.
var flowColumns = []string{
	"version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "action", "log-status",
}

// settleFlow finds the columns of a flow log: those that the first line names, as
// objects in S3 do, else the default.
func settleFlow(lines [][]byte) reader {
	if len(lines) == 0 {
		return nil
	}
	names := flowColumns
	if first := bytes.Fields(lines[0]); len(first) > 3 && bytes.Contains(lines[0], []byte("addr")) {
		if names = nil; slices.ContainsFunc(first, func(w []byte) bool { return string(w) == "srcaddr" || string(w) == "pkt-srcaddr" }) {
			for _, w := range first {
				names = append(names, string(w))
			}
		}
	}
	if !slices.Contains(names, "start") || !slices.Contains(names, "action") && !slices.Contains(names, "log-status") {
		return nil
	}
	return readFlow(names)
}

// readFlow returns the reader of flow logs with columns of these names.
func readFlow(names []string) reader {
	at := func(name string) int { return slices.Index(names, name) }
	from, to, port := at("srcaddr"), at("dstaddr"), at("dstport")
	if from < 0 {
		from, to = at("pkt-srcaddr"), at("pkt-dstaddr")
	}
	protocol, start, action, state, netif := at("protocol"), at("start"), at("action"), at("log-status"), at("interface-id")
	return func(c *logtime.Clock, line []byte, l *record.Log, m []byte) ([]byte, bool) {
		cells := bytes.Fields(line)
		if len(cells) == len(names)+1 && bytes.IndexByte(cells[0], ':') > 0 { // exported from CloudWatch Logs
			cells = cells[1:]
		}
		if len(cells) != len(names) || !timed(c, cells[start], l) {
			return m, false
		}
		cell := func(i int) []byte {
			if i < 0 {
				return nil
			}
			return cells[i]
		}
		l.Instance, l.Level = cell(netif), hindcast.LevelInfo
		switch what := cell(action); {
		case string(cell(state)) == "NODATA":
			l.Level = hindcast.LevelDebug
			return words(m, cell(state), cell(netif)), true
		case string(cell(state)) == "SKIPDATA":
			l.Level = hindcast.LevelWarn
			return words(m, cell(state), cell(netif)), true
		case string(what) == "REJECT":
			l.Level = hindcast.LevelWarn
		case len(what) > 0 && string(what) != "ACCEPT":
			return m, false
		}
		m = words(m, cell(action), protocolName(cell(protocol)))
		return flow(m, cell(from), cell(to), cell(port)), true
	}
}

// protocolName returns the name of a protocol of IP, by its number.
func protocolName(number []byte) []byte {
	switch string(number) {
	case "1":
		return []byte("icmp")
	case "6":
		return []byte("tcp")
	case "17":
		return []byte("udp")
	case "58":
		return []byte("icmp6")
	}
	return number
}
