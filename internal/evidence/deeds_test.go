package evidence

import (
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

func TestDeedsReadsWhatSomebodyDid(t *testing.T) {
	for _, tt := range []struct{ service, message, want string }{
		{"sudo", "engineer-a : TTY=pts/2 ; PWD=/home/engineer-a ; USER=root ; COMMAND=/usr/bin/systemctl disable --now blob-gc.timer", "command person engineer-a: sudo systemctl disable --now blob-gc.timer"},
		{"sudo", "deploy : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/rm x", "command person deploy: sudo rm x"},
		{"sudo", "zabbix : TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/usr/bin/docker ps", ""},
		{"sudo", "engineer-a : user NOT in sudoers ; TTY=pts/2 ; PWD=/ ; USER=root ; COMMAND=/bin/rm x", ""},
		{"sudo", "engineer-a : 3 incorrect password attempts ; TTY=pts/2 ; PWD=/ ; USER=root ; COMMAND=/bin/rm x", ""},
		{"sudo", "pam_unix(sudo:session): session opened for user root by engineer-a(uid=0)", ""},
		{"cart", "engineer-a : TTY=pts/2 ; COMMAND=/bin/rm x", ""},
		{"sudo", "engineer-a : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/psql postgres://shop:s3cr3t-Hunter2xyz@db/shop", "command person engineer-a: sudo psql postgres://[redacted]@db/shop"},
		{"", "setting of the device changed: Edit system.settings timeout[30->60] by engineer-a", "config-change person engineer-a: Edit system.settings timeout[30->60]"},
		{"", "configuration changed: pool size reduced by 10 percent", ""},
		{"sudo", "nrpe : TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/usr/lib64/nagios/plugins/check_raid", ""},
		{"sudo", "engineer-a : a terminal is required to read the password ; TTY=pts/2 ; PWD=/ ; USER=root ; COMMAND=/bin/rm x", ""},
		{"sudo", "engineer-a : TTY=pts/2 ; PWD=/ ; USER=root ; COMMAND=list", ""},
		{"ios", "%LINK-5-CHANGED: Interface GigabitEthernet1/12, changed state to administratively down", "config-change person : sw-1: Interface GigabitEthernet1/12, changed state to administratively down"},
		{"ios", "%PARSER-5-CFGLOG_LOGGEDCMD: User:engineer-a  logged command:snmp-server community Pub1icRO RO", "command person engineer-a: snmp-server community [redacted] RO"},
		{"ios", "%SYS-5-CONFIG_I: Configured from console by backup on vty0 (192.0.2.9)", ""},
	} {
		got := ""
		l := &record.Log{File: &record.File{Name: "f"}, At: 1, Instance: []byte("sw-1"), Service: []byte(tt.service), Message: []byte(tt.message)}
		if e, ok := deedsOf().read(l); ok && deedsOf().may(l) {
			got = string(e.Kind) + " " + string(e.Actor.Kind) + " " + e.Actor.Name + ": " + e.Title
		}
		if got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.service, tt.message, got, tt.want)
		}
	}
}
