package speech

import "strings"

// changeVerbs are the verbs for changing a running system, each as
// "base/ing form/past forms". A space inside a form stands for itself; the
// particle of a separable verb may stand up to four words later.
const changeVerbs = `
	roll back/rolling back/rolled back
	rollback/rollbacking/rollbacked
	roll forward/rolling forward/rolled forward
	roll out/rolling out/rolled out
	revert/reverting/reverted
	undo/undoing/undid/undone
	back out/backing out/backed out
	switch/switching/switched
	fail over/failing over/failed over
	failover/failovering/failovered
	scale/scaling/scaled
	flip/flipping/flipped
	toggle/toggling/toggled
	disable/disabling/disabled
	enable/enabling/enabled
	turn/turning/turned
	recreate/recreating/recreated
	reassign/reassigning/reassigned
	redeploy/redeploying/redeployed
	deploy/deploying/deployed
	ship/shipping/shipped
	hotfix/hotfixing/hotfixed
	push/pushing/pushed
	apply/applying/applied
	install/installing/installed
	upgrade/upgrading/upgraded
	downgrade/downgrading/downgraded
	pin/pinning/pinned
	drain/draining/drained
	cordon/cordoning/cordoned
	unblock/unblocking/unblocked
	allow/allowing/allowed
	whitelist/whitelisting/whitelisted
	allowlist/allowlisting/allowlisted
	purge/purging/purged
	invalidate/invalidating/invalidated
	flush/flushing/flushed
	clean up/cleaning up/cleaned up
	remove/removing/removed
	truncate/truncating/truncated
	free up/freeing up/freed up
	vacuum/vacuuming/vacuumed
	archive/archiving/archived
	unpause/unpausing/unpaused
	rate limit/rate limiting/rate limited
	rate-limit/rate-limiting/rate-limited
	shed/shedding/shed
	bypass/bypassing/bypassed
	isolate/isolating/isolated
	quarantine/quarantining/quarantined
	bump/bumping/bumped
	raise/raising/raised
	resize/resizing/resized
	provision/provisioning/provisioned
	spin up/spinning up/spun up
	bring up/bringing up/brought up
	bring back/bringing back/brought back
	put back/putting back/put back
	switch back/switching back/switched back
	take down/taking down/took down/taken down
	take out/taking out/took out/taken out
	replace/replacing/replaced
	migrate/migrating/migrated
	route/routing/routed
	reroute/rerouting/rerouted
	redirect/redirecting/redirected
	divert/diverting/diverted
	repoint/repointing/repointed
	replay/replaying/replayed
	reverse/reversing/reversed
	requeue/requeuing/requeueing/requeued
	rerun/rerunning/reran
	re-run/re-running/re-ran
	skip/skipping/skipped
	renew/renewing/renewed
	reissue/reissuing/reissued
	rotate/rotating/rotated
	revoke/revoking/revoked
	upload/uploading/uploaded
	warm/warming/warmed
	silence/silencing/silenced
	unlock/unlocking/unlocked
	mount/mounting/mounted
	remount/remounting/remounted
	unmount/unmounting/unmounted
	backfill/backfilling/backfilled
	cut over/cutting over/cut over
	cut off/cutting off/cut off
	shut down/shutting down/shut down
	take offline/taking offline/took offline/taken offline
	power cycle/power cycling/power cycled
	power-cycle/power-cycling/power-cycled
	withdraw/withdrawing/withdrew/withdrawn
	hide/hiding/hid/hidden
	unpublish/unpublishing/unpublished
	comment out/commenting out/commented out`

// looseVerbs change a system when a person is or could be the subject; things
// do the same by themselves ("errors stopped", "the leader changed").
const looseVerbs = `
	restart/restarting/restarted
	bounce/bouncing/bounced
	reboot/rebooting/rebooted
	reload/reloading/reloaded
	recycle/recycling/recycled
	rebuild/rebuilding/rebuilt
	reindex/reindexing/reindexed
	rebalance/rebalancing/rebalanced
	resync/resyncing/resynced
	sync/syncing/synced
	patch/patching/patched
	evict/evicting/evicted
	block/blocking/blocked
	ban/banning/banned
	delete/deleting/deleted
	kill/killing/killed
	terminate/terminating/terminated
	abort/aborting/aborted
	pause/pausing/paused
	suspend/suspending/suspended
	freeze/freezing/froze/frozen
	throttle/throttling/throttled
	promote/promoting/promoted
	demote/demoting/demoted
	go back/going back/went back
	reset/resetting/reset
	merge/merging/merged
	clear/clearing/cleared
	drop/dropping/dropped
	shut/shutting
	free/freeing/freed
	cancel/canceling/cancelling/canceled/cancelled
	stop/stopping/stopped
	start/starting/started
	resume/resuming/resumed
	increase/increasing/increased
	double/doubling/doubled
	lower/lowering/lowered
	reduce/reducing/reduced
	halve/halving/halved
	shrink/shrinking/shrunk
	extend/extending/extended
	expand/expanding/expanded
	grow/growing/grew/grown
	add/adding/added
	pull/pulling/pulled
	put/putting/put
	set/setting/set
	change/changing/changed
	update/updating/updated
	edit/editing/edited
	fix/fixing/fixed
	swap/swapping/swapped
	move/moving/moved
	shift/shifting/shifted
	point/pointing/pointed
	detach/detaching/detached
	attach/attaching/attached
	restore/restoring/restored
	recover/recovering/recovered
	retry/retrying/retried
	run/running/ran
	trigger/triggering/triggered
	issue/issuing/issued
	load/loading/loaded
	mute/muting/muted
	cap/capping/capped
	limit/limiting/limited
	force/forcing/forced
	lock/locking/locked`

// chooseVerbs are for what one can decide and that is no change in itself.
const chooseVerbs = `keep|stay|wait|hold|leave|continue|let (?:it|them)|not touch|accept|live with|use|do (?:it|this|that|the|a)|take (?:the|it|them|this|that|\S+ out)|try|declare|page|escalate|open|close (?:the )?(?:gate|valve|intake|queue)`

// separable matches a two-word verb with up to four words in between: "roll
// the app back".
func separable(form string) string {
	first, last, two := strings.Cut(form, " ")
	if !two {
		return form
	}
	return first + `(?: \S+){0,4}?[ -]` + last
}

// forms returns alternatives of the base, ing and past forms of the verbs.
func forms(list string) (base, ing, past string) {
	var b, i, p []string
	for line := range strings.Lines(list) {
		f := strings.Split(strings.TrimSpace(line), "/")
		if len(f) < 3 {
			continue
		}
		b = append(b, separable(f[0]))
		for _, form := range f[1:] {
			if head, _, _ := strings.Cut(form, " "); strings.HasSuffix(head, "ing") {
				i = append(i, separable(form))
			} else {
				p = append(p, separable(form))
			}
		}
	}
	return strings.Join(b, "|"), strings.Join(i, "|"), strings.Join(p, "|")
}
