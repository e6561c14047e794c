package section

import (
	"strings"

	"github.com/hindcast/hindcast"
)

// names are the headings that people write, as normalize gives them, with and
// without filler words. One name a line.
var names = index(map[hindcast.SectionKind]string{
	hindcast.SectionSummary: `summary, executive summary, management summary, overview, tldr, tl dr, abstract, synopsis, what happened, what happened in short,
		description, problem statement, problem description, problem summary, problem, issue summary, incident summary, outage summary, short summary, quick summary,
		post mortem summary, postmortem summary, summary and impact, introduction, issue, quick facts, recap, summation`,
	hindcast.SectionMetadata: `metadata, incident details, details, information, data, at a glance, facts, stats, statistics, report details, status, attendees, participants, people involved,
		responders, authors, metrics, incident metrics, severity, owner, contributors and reviewers`,
	hindcast.SectionImpact: `impact, impact assessment, impact analysis, customer impact, user impact, business impact, users affected, affected users, affected services,
		services affected, services impacted, impacted services, what impacted, what affected, who affected, whats affected, scope of impact, impact scope, scope, damage, damages, consequences, severity impact,
		customer facing impact, effects, effect, affected systems, systems affected, symptoms, symptom, blast radius, extent, losses, privacy implications, user experience, strategies impacted`,
	hindcast.SectionTimeline: `timeline, key events, timeline events, timeline investigation, timeline incident, event timeline, events, chronology, sequence, sequence events, log, event log,
		incident log, history, timeline actions, timeline disclosure, response timeline, outage timeline, course, course events, order events, what happened when, timeline utc, timelines`,
	hindcast.SectionRootCauses: `root cause, root causes, root cause analysis, root cause identification, root cause trigger, root causes trigger, trigger root cause, rca, cause, causes, probable cause, likely cause, immediate cause,
		proximate cause, direct cause, underlying cause, five whys, 5 whys, five whys analysis, 5 whys analysis, whys, why happened, why happen, why, why this happened, why this happens, why did happen, reason, reasons, reason outage,
		cause outage, cause incident, root cause resolution, root cause remediation, root cause fix, root cause summary, technical root cause, trigger, triggers, causal analysis, cause analysis, root cause contributing factors, fault, technical cause, analysis, base problem`,
	hindcast.SectionContributing: `contributing factors, contributing factors conditions, contributing factor, contributing causes, contributing conditions, contributors, aggravating factors, factors, additional factors, extra factors,
		contributory factors, mitigators contributors, contributing circumstances, conditions, secondary causes, underlying issues, other factors`,
	hindcast.SectionWentWell: `went well, what went well, things went well, worked, worked well, what worked, what worked well, went right, what went right, helped, what helped, positives, good, the good, good things,
		what went good, successes, strengths, what has worked well, done well, well, things worked, what we well, what well, keep doing`,
	hindcast.SectionWentPoorly: `went poorly, what went poorly, went wrong, what went wrong, went badly, what went badly, went less well, what could have gone better, could have gone better, could have been better, could be better,
		could be improved, what could be improved, could improve, could have improved, what could have been better, what could have been improved, didnt go well, what didnt go well, not go well, did not go well, what did not go well, what not go well, didnt work, what didnt work, did not work,
		what not work, not work, things went poorly, things went wrong, areas improvement, area improvement, areas to improve, room improvement, improvement areas, negatives, bad, the bad, challenges, difficulties, what went bad, went bad, where struggled, what hindered, hindered, gaps, weaknesses, what made harder,
		what could better, could better, what i was wrong about, i wrong about, wrong about, what wrong about, shortcomings, opportunities improvement, opportunities for improvement, to improve, pain points, what slowed down`,
	Luck: `got lucky, where got lucky, lucky, luck, where lucky, where we got lucky, where we lucky, what could have been worse, could have been worse, could been worse, what could been worse, near misses`,
	hindcast.SectionActions: `actions, action, review actions, actions review, actions following review, action items, action item, action points, action plan, actions taken planned, follow up, follow ups, followup, followups, follow up actions, follow up items, follow up tasks, follow up work, followup items, next steps, next step, corrective actions, corrective action,
		corrective preventative measures, corrective preventive measures, corrective preventive actions, corrective preventative actions, corrective measures, preventive measures, preventative measures, preventive actions, preventative actions, prevention, prevention measures, prevention plan, preventing recurrence,
		prevent recurrence, future prevention, remediation, remediations, remediation items, remediation actions, remediation plan, remediation follow up, improvements, improvement actions, process improvements, technical improvements, documentation improvements, tasks, todo, to do, todos, future actions, future measures, future work,
		planned actions, mitigation actions, recommendations, recommendation, long term fixes, long term fix, long term changes, short term improvements, medium term improvements, long term improvements, short term actions, long term actions, short term, long term, medium term, further actions, further work, action list, follow on actions, repair items, doing about, whats doing about, moving forward, going forward, how prevent, how prevent this, how to prevent, new action items, reopened new action items, tickets, jira tickets,
		backlog, outstanding actions, open actions, planned improvements, changes making, leftover tasks, remaining tasks, remaining work, open tasks, immediate actions, architectural improvements, incident response monitoring`,
	hindcast.SectionRelated:       `related, related incidents, similar incidents, previous incidents, past incidents, earlier incidents, related incidents near misses, related post mortems, related postmortems, related issues, related issues prs, recurrence, is this a pattern, this a pattern, pattern, prior incidents, related work, repeat incident`,
	hindcast.SectionEvidenceFiles: `evidence, evidence files, supporting information, references, reference, links, resources, useful resources, additional resources, appendix, attachments, logs, related files, supporting evidence, sources, further reading, footnotes, graphs, screenshots, artifacts, glossary`,
	Lessons:                       `lessons learned, lessons learnt, lesson learned, lessons, lesson, learnings, learning, key learnings, key takeaways, takeaways, takeaway, insights, conclusion, conclusions, reflections, what learned, what did learn, what learnt, things learned, updated lessons, closing thoughts, discussion, retrospective, findings`,
	Detection:                     `detection, how detected, how noticed, how discovered, discovery, alerting, detection method, how found, how we noticed, how detect, identification, identified, discovery process, how identified, alert, monitoring, incident detection`,
	Resolution: `resolution, resolution recovery, resolution and recovery, recovery, mitigation, mitigations, fix, the fix, fixes, solution, final solution, final resolution, response, how fixed, how resolved, how mitigated, what was done, what done, actions taken, action taken, what did, what we did, steps taken, mitigation steps, mitigation steps taken, workaround, workarounds,
		steps resolution, steps to resolution, details fix, details mitigation, details recovery, incident response, response recovery, immediate actions completed, immediate completed, immediate fix, short term fix, temporary fix, actual fix, the actual fix, repairing, solving, resolving, rollback, remediation steps taken, implementation, implemented fixes, changes made, resolution tentative, resolution mitigation, mitigation resolution, recovery steps, recovery process, rollout`,
	Background: `background, context, leadup, lead up, background context, architecture, system overview, prior state, environment, setup, how works, history background, background information, glossary terms, technical background, technical details, technical explanation, technical explanations, before fix, details vulnerability, details exploit, details, investigation, investigating, investigation process, debugging process, diagnosis, debugging, root cause investigation, troubleshooting, diagnostics`,
})

// index turns lists of names into one table. Names are looked up as they are and
// without filler words.
func index(lists map[hindcast.SectionKind]string) map[string]hindcast.SectionKind {
	out := map[string]hindcast.SectionKind{}
	for _, kind := range order {
		for name := range strings.SplitSeq(lists[kind], ",") {
			w := strings.Fields(name)
			for _, key := range []string{strings.Join(w, " "), strings.Join(without(w), " ")} {
				if _, taken := out[key]; !taken && len(key) > 2 {
					out[key] = kind
				}
			}
		}
	}
	return out
}

// order decides which section a name belongs to that two lists give.
var order = []hindcast.SectionKind{hindcast.SectionSummary, hindcast.SectionTimeline, hindcast.SectionRootCauses, hindcast.SectionContributing, hindcast.SectionImpact,
	hindcast.SectionWentWell, hindcast.SectionWentPoorly, Luck, hindcast.SectionActions, hindcast.SectionRelated, hindcast.SectionEvidenceFiles, Lessons, Detection, Resolution, Background, hindcast.SectionMetadata}

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}
