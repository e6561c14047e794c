package server

import (
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/alertmanager"
	"github.com/hindcast/hindcast/internal/connector/cloudevents"
	"github.com/hindcast/hindcast/internal/connector/confluence"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/connector/github"
	"github.com/hindcast/hindcast/internal/connector/grafana"
	"github.com/hindcast/hindcast/internal/connector/jira"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/notion"
	"github.com/hindcast/hindcast/internal/connector/pagerduty"
	"github.com/hindcast/hindcast/internal/connector/prometheus"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/webhook"
)

// vendors are all systems that can be connected, in the order in which people
// choose from them. docs/connectors.md says how to add one.
func vendors(mail email.Server) []connector.Vendor {
	return []connector.Vendor{
		webhook.Vendor(),
		email.Vendor(mail),
		pagerduty.Vendor(),
		github.Vendor(),
		jira.Vendor(),
		slack.Vendor(),
		confluence.Vendor(),
		notion.Vendor(),
		alertmanager.Vendor(),
		cloudevents.Vendor(),
		prometheus.Vendor(),
		kubernetes.Vendor(),
		grafana.Vendor(),
	}
}
