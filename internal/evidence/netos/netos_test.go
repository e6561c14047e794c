package netos

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		message string
		want    Deed
	}{
		{"%SYS-5-CONFIG_I: Configured from console by engineer-a on vty0 (192.0.2.9)", Deed{Who: "engineer-a", What: "Configured from console"}},
		{"000123: *Mar  1 18:46:11: %SYS-5-CONFIG_I: Configured from console by vty0 (192.0.2.9)", Deed{What: "Configured from console"}},
		{"spine-1 Cli: %SYS-5-CONFIG_I: Configured from console by engineer-a on vty4 (192.0.2.51)", Deed{Who: "engineer-a", What: "Configured from console"}},
		{"%VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by engineer-a on 192.0.2.9@pts/0", Deed{Who: "engineer-a", What: "Configured from vty"}},
		{"%PARSER-5-CFGLOG_LOGGEDCMD: User:engineer-a  logged command:no ip route 192.0.2.0 255.255.255.0", Deed{Who: "engineer-a", What: "no ip route 192.0.2.0 255.255.255.0", Command: true}},
		{"%LINK-5-CHANGED: Interface GigabitEthernet1/12, changed state to administratively down", Deed{What: "Interface GigabitEthernet1/12, changed state to administratively down", Object: "GigabitEthernet1/12"}},
		{"%ETHPORT-5-IF_DOWN_ADMIN_DOWN: Interface Ethernet1/4 is down (Administratively down)", Deed{What: "Interface Ethernet1/4 is down (Administratively down)", Object: "Ethernet1/4"}},
		{"%MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'engineer-a'. Use 'show configuration commit changes 1000000005' to view the changes.", Deed{Who: "engineer-a", What: "Configuration committed"}},
		{"UI_COMMIT: User 'engineer-a' requested 'commit' operation (comment: drain edge-2)", Deed{Who: "engineer-a", What: "commit (comment: drain edge-2)"}},
		{"UI_CFG_AUDIT_SET: User 'engineer-a' set: [interfaces ge-0/0/1 disable] <unconfigured> -> \"true\"", Deed{Who: "engineer-a", What: "set: [interfaces ge-0/0/1 disable] <unconfigured> -> \"true\"", Object: "interfaces ge-0/0/1 disable"}},
		{"UI_CFG_AUDIT_SET: User 'engineer-a' set: [system tacplus-server 192.0.2.1 secret hunter22xy] <unconfigured> -> \"hunter23xy\"", Deed{Who: "engineer-a", What: "set: [system tacplus-server 192.0.2.1 secret [redacted]]", Object: "system tacplus-server 192.0.2.1 secret [redacted]"}},
		{"UI_COMMIT: User 'engineer-a' requested 'commit' operation (comment: none)", Deed{Who: "engineer-a", What: "commit"}},
		{"UI_CMDLINE_READ_LINE: User 'engineer-a', command 'show bgp summary '", Deed{Who: "engineer-a", What: "show bgp summary", Command: true}},
	} {
		if got, ok := Read([]byte(tt.message)); !ok || got != tt.want {
			t.Errorf("Read(%q) = %+v, %t, want %+v", tt.message, got, ok, tt.want)
		}
	}
}

func TestReadLeavesTheRest(t *testing.T) {
	for _, message := range []string{
		"%SYS-5-CONFIG_I: Configured from console by backup on vty0 (192.0.2.9)",
		"%SYS-5-CONFIG_I: Configured from console by oxidized on vty1 (192.0.2.9)",
		"%LINK-3-UPDOWN: Interface GigabitEthernet1/8, changed state to up",
		"interface is administratively down",
		"disk 80% full",
		"%SYS-5-CONFIG_I: Configured from memory by console",
		"%LINK-5-CHANGED: Interface Vlan1, changed state to administratively down",
		"queued sw-7 after \"%SYS-5-CONFIG_I: Configured from console by engineer-a on vty0 (192.0.2.9)\"",
		"UI_COMMIT: User 'engineer-a' requested 'commit check' operation (comment: none)",
		"UI_CHILD_EXITED: Child exited: PID 4, status 1, command '/usr/sbin/mustd'",
		"",
	} {
		if got, ok := Read([]byte(message)); ok {
			t.Errorf("Read(%q) = %+v", message, got)
		}
	}
}

func TestReadHidesSecrets(t *testing.T) {
	for _, command := range []string{
		"username ops privilege 15 secret hunter22xy", "enable secret hunter22xy", "enable secret 5 $1$salt$hunter22xy", "neighbor 192.0.2.1 password 7 hunter22xy",
		"ip ospf message-digest-key 1 md5 hunter22xy", "key-string hunter22xy", "crypto isakmp key hunter22xy address 192.0.2.1", "server-private 192.0.2.1 key 0 hunter22xy",
		"snmp-server community hunter22xy RO", "snmp-server host 192.0.2.1 version 2c hunter22xy", "snmp-server user u g v3 auth sha hunter22xy priv aes 128 hunter22xy",
		"set system root-authentication plain-text-password-value hunter22xy", "set security ike policy p pre-shared-key ascii-text hunter22xy", "set protocols bgp group g authentication-key hunter22xy",
	} {
		d, ok := Read([]byte("%PARSER-5-CFGLOG_LOGGEDCMD: User:engineer-a  logged command:" + command))
		if !ok || strings.Contains(d.What, "hunter22xy") {
			t.Errorf("Read of %q = %q, %t", command, d.What, ok)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("%SYS-5-CONFIG_I: Configured from console by engineer-a on vty0 (192.0.2.9)"))
	f.Add([]byte("UI_COMMIT: User 'engineer-a' requested 'commit' operation (comment: none)"))
	f.Fuzz(func(t *testing.T, message []byte) {
		if d, ok := Read(message); ok && d.What == "" {
			t.Errorf("Read(%q) tells of a deed without words", message)
		}
	})
}
