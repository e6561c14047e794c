// Package formats is the list of everything that is read as evidence.
package formats

import (
	"slices"

	"github.com/hindcast/hindcast/internal/evidence/accesslog"
	"github.com/hindcast/hindcast/internal/evidence/alertmanager"
	"github.com/hindcast/hindcast/internal/evidence/argocd"
	"github.com/hindcast/hindcast/internal/evidence/attachment"
	"github.com/hindcast/hindcast/internal/evidence/audit"
	"github.com/hindcast/hindcast/internal/evidence/builds"
	"github.com/hindcast/hindcast/internal/evidence/chat"
	"github.com/hindcast/hindcast/internal/evidence/console"
	"github.com/hindcast/hindcast/internal/evidence/deploys"
	"github.com/hindcast/hindcast/internal/evidence/docker"
	"github.com/hindcast/hindcast/internal/evidence/elastic"
	"github.com/hindcast/hindcast/internal/evidence/followed"
	"github.com/hindcast/hindcast/internal/evidence/github"
	"github.com/hindcast/hindcast/internal/evidence/gitlab"
	"github.com/hindcast/hindcast/internal/evidence/gitlog"
	"github.com/hindcast/hindcast/internal/evidence/html"
	"github.com/hindcast/hindcast/internal/evidence/incident"
	"github.com/hindcast/hindcast/internal/evidence/jira"
	"github.com/hindcast/hindcast/internal/evidence/journal"
	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/kubernetes"
	"github.com/hindcast/hindcast/internal/evidence/mail"
	"github.com/hindcast/hindcast/internal/evidence/metrics"
	"github.com/hindcast/hindcast/internal/evidence/monitor"
	"github.com/hindcast/hindcast/internal/evidence/netlog"
	"github.com/hindcast/hindcast/internal/evidence/pager"
	"github.com/hindcast/hindcast/internal/evidence/pagerduty"
	"github.com/hindcast/hindcast/internal/evidence/prometheus"
	"github.com/hindcast/hindcast/internal/evidence/recollection"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/rowlog"
	"github.com/hindcast/hindcast/internal/evidence/shell"
	"github.com/hindcast/hindcast/internal/evidence/slack"
	"github.com/hindcast/hindcast/internal/evidence/statuspage"
	"github.com/hindcast/hindcast/internal/evidence/sysstat"
	"github.com/hindcast/hindcast/internal/evidence/table"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
	"github.com/hindcast/hindcast/internal/evidence/traces"
	"github.com/hindcast/hindcast/internal/evidence/unread"
	"github.com/hindcast/hindcast/internal/evidence/winevent"
)

// All returns every format. Among formats that are equally sure of a file the
// earlier is taken.
func All() []record.Format {
	return slices.Concat(
		pager.Formats(),
		pagerduty.Formats(),
		incident.Formats(),
		alertmanager.Formats(),
		monitor.Formats(),
		slack.Formats(),
		statuspage.Formats(),
		chat.Formats(),
		html.Formats(),
		mail.Formats(),
		github.Formats(),
		gitlab.Formats(),
		builds.Formats(),
		jira.Formats(),
		argocd.Formats(),
		deploys.Formats(),
		console.Formats(),
		audit.Formats(),
		gitlog.Formats(),
		shell.Formats(),
		kubernetes.Formats(),
		docker.Formats(),
		prometheus.Formats(),
		traces.Formats(),
		elastic.Formats(),
		metrics.Formats(),
		sysstat.Formats(),
		recollection.Formats(),
		attachment.Formats(),
		unread.Formats(),
		followed.Formats(),
		rowlog.Formats(),
		netlog.Formats(),
		journal.Formats(),
		winevent.Formats(),
		table.Formats(),
		jsonlog.Formats(),
		accesslog.Formats(),
		textlog.Formats(),
	)
}
