package command

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// rule says what a program does when its words have a certain form.
type rule struct {
	programs []string
	act      Act
	verb     *lazyregexp.Regexp // on the words without flags, from their beginning
	text     *lazyregexp.Regexp // on all words after the program, anywhere
}

// fits reports whether the rule describes words.
func (r rule) fits(words []string) bool {
	if r.verb != nil && !r.verb.MatchString(strings.Join(plain(words), " ")) {
		return false
	}
	return r.text == nil || r.text.MatchString(strings.Join(words[1:], " "))
}

// verb makes a rule that looks at the first words after the programs.
func verb(programs string, act Act, verbs string) rule {
	return rule{programs: strings.Fields(programs), act: act, verb: lazyregexp.New(`^(?:` + verbs + `)(?:$|[ =:])`)}
}

// text makes a rule that looks anywhere after the programs.
func text(programs string, act Act, pattern string) rule {
	return rule{programs: strings.Fields(programs), act: act, text: lazyregexp.New(`(?i)` + pattern)}
}

// always makes a rule for programs that change something however they are called.
func always(programs string, act Act) rule {
	return rule{programs: strings.Fields(programs), act: act}
}

const (
	sqlClients  = "psql mysql mariadb sqlite3 sqlcmd cqlsh clickhouse-client cockroach sqlplus rails-dbconsole bq snowsql usql pgcli mycli"
	sqlWrites   = `\bpg_(?:drop|create|replication_slot_advance|reload_conf|switch_wal|wal_replay_(?:pause|resume)|rotate_logfile|repack)\w*\(|\b(?:update\s+\S+\s+set|delete\s+from|insert\s+into|truncate|alter\s+(?:table|system|database|role|user|index|sequence|schema|type|view|function|publication|subscription|tablespace|policy|extension|event)|drop\s+(?:table|index|column|constraint|database|view|sequence|schema|type|function|trigger|publication|subscription|extension|role|user|event)|create\s+(?:or\s+replace\s+)?(?:unique\s+)?(?:index|table|role|user|extension|sequence|schema|view|function|trigger|publication|subscription|event)|vacuum|reindex|analyze\s+\w|refresh\s+materialized|cluster\s+\w|grant\s|revoke\s|optimize\s+table|rename\s+table|call\s+\w|set\s+global|reset\s+slave|change\s+master)\b`
	clusterTool = "kubectl k oc kubecolor"
	flagTools   = "flagctl ldcli unleash unleash-cli flagsmith flipt ff featurectl featureflag toggle toggles flags growthbook split statsig launchdarkly posthog ffctl"
)

// rules are tried in order; the first that fits wins.
var rules = []rule{
	verb(clusterTool, Rollback, `rollout undo`),
	verb(clusterTool, Restart, `rollout restart|delete pods?|delete po|delete pod/\S+`),
	verb(clusterTool, Scale, `scale|autoscale`),
	verb(clusterTool, Deploy, `set image|rollout resume|argo rollouts promote|argo rollouts set`),
	verb(clusterTool, Rollback, `argo rollouts (?:undo|abort)`),
	verb(clusterTool, Traffic, `drain|cordon|uncordon|taint|rollout pause`),
	verb(clusterTool, Config, `apply|replace|create|patch|edit|annotate|label|set|expose|run|cp|certificate approve`),
	verb(clusterTool, Cleanup, `delete`),
	verb("helm helmfile", Rollback, `rollback`),
	verb("helm helmfile", Deploy, `upgrade|install|uninstall|delete|apply|sync`),
	verb("argocd", Rollback, `app rollback`),
	text("argocd", Config, `\bapp set\b.*--(?:sync-policy|auto-prune|self-heal|sync-option)`),
	verb("argocd", Deploy, `app (?:sync|set|patch|delete|create|terminate-op)`),
	verb("kubectl-argo-rollouts", Rollback, `undo|abort`),
	verb("kubectl-argo-rollouts", Deploy, `promote|set|retry|restart`),
	verb("flux", Deploy, `reconcile|suspend|resume|delete|create`),
	verb("terraform tofu terragrunt pulumi cdk cdktf", Infra, `apply|destroy|import|taint|untaint|up|deploy|state (?:rm|mv|push)|run-all apply|force-unlock`),
	always("ansible-playbook puppet chef-client salt", Infra),
	verb("awx tower controller", Infra, `(?:job_templates|workflow_job_templates|workflow_job_template|job_template|jobs) (?:launch|relaunch|create|cancel)|job launch`),
	text("ansible", Infra, `-m\s+(?:shell|command|service|systemd|copy|file|apt|yum|lineinfile|template|reboot)`),

	verb("systemctl service supervisorctl rc-service initctl", Restart, `(?:\S+ )?(?:restart|reload|start|stop|force-reload|try-restart|reload-or-restart)`),
	verb("systemctl", Config, `enable|disable|mask|unmask|daemon-reload|edit|set-property|isolate|kill`),
	verb("docker podman nerdctl crictl docker-compose", Restart, `(?:compose )?(?:restart|stop|start|kill|rm|run|up|down|update|service (?:update|scale|rollback)|stack deploy|container (?:restart|stop|kill))`),
	verb("docker podman nerdctl", Cleanup, `system prune|image prune|volume prune|container prune|rmi|builder prune`),
	verb("nomad", Deploy, `(?:job )?(?:run|stop|revert|restart|promote|scale)|alloc (?:restart|stop)|deployment (?:promote|fail)`),
	verb("nomad", Traffic, `node (?:drain|eligibility)`),
	verb("pm2 forever supervisord monit", Restart, `restart|reload|stop|start|delete`),
	always("reboot shutdown halt poweroff init", Restart),
	verb("heroku fly flyctl eb dokku cf railway render vercel netlify wrangler serverless sls firebase copilot gcloud-run nixops kamal", Rollback, `rollback|releases:rollback|rollouts rollback`),
	verb("heroku fly flyctl dokku cf kamal", Scale, `ps:scale|scale|scale count|ps:resize`),
	verb("heroku fly flyctl eb dokku cf railway kamal", Restart, `restart|ps:restart|apps restart|machine (?:restart|stop|start)|restage`),
	verb("heroku fly flyctl eb dokku cf railway vercel netlify kamal", Config, `config:set|config:unset|secrets set|env set|setenv|set-env|env add|features:(?:enable|disable)|maintenance:(?:on|off)`),
	verb("heroku fly flyctl eb dokku cf railway render vercel netlify wrangler serverless sls firebase copilot kamal cap mina fab", Deploy, `deploy|promote|publish|push|up|(?:\S+ )?deploy(?::\S+)?|production deploy|pipelines:promote`),

	verb(flagTools, Flag, `(?:flags? |feature |features |toggle |toggles |ff )?(?:set|enable|disable|toggle|turn|turn-on|turn-off|on|off|update|kill|archive|rollout|patch|override|write|put|flip|edit|create|switch)`),
	text("curl http https httpie xh wget", Flag, `(?:-X\s*|--request[ =]|^|\s)(?:POST|PUT|PATCH|DELETE)\b.*(?:/flags?|/features?|/toggles?)`),

	verb("patronictl repmgr pg_autoctl stolonctl orchestrator-client orchestrator mha mysqlfailover pcs crm", Failover, `failover|switchover|standby (?:promote|switchover)|perform (?:failover|switchover|promotion)|promote|graceful-master-takeover|failoverdb|force-master-failover|resource move|node standby`),
	verb("patronictl repmgr pcs crm", Restart, `restart|reload|reinit|pause|resume|resource restart`),
	verb("pg_ctl pg_ctlcluster", Failover, `(?:\S+ \S+ )?promote`),
	verb("pg_ctl pg_ctlcluster mysqladmin", Restart, `(?:\S+ \S+ )?(?:restart|reload|stop|start|shutdown|kill|flush-hosts)`),
	always("pg_promote pg_failover pg_rewind", Failover),
	text("redis-cli valkey-cli keydb-cli", Failover, `\b(?:sentinel\s+failover|cluster\s+failover|failover|replicaof|slaveof)\b`),
	text("redis-cli valkey-cli keydb-cli", Config, `\bconfig\s+set\b|\bacl\s+setuser\b`),
	text("redis-cli valkey-cli keydb-cli", Data, `\b(?:flushall|flushdb|del|unlink|set|setex|expire|hdel|lpush|rpush|lpop|rpop|ltrim|zrem|srem|xtrim|xdel|restore|rename|client\s+kill|memory\s+purge|script\s+kill)\b`),
	text(sqlClients, Kill, `pg_(?:terminate|cancel)_backend|\bkill\s+(?:query\s+|connection\s+)?\d+`),
	text(sqlClients, Failover, `pg_promote|stop\s+(?:slave|replica)`),
	text(sqlClients, Data, sqlWrites),
	text(sqlClients, Data, `(?:^|\s)(?:-f|--file)[\s=]*\S+|(?:^|\s)<\s*\S+\.\w+$`),
	text("mongo mongosh", Failover, `rs\.(?:stepDown|reconfig|freeze)`),
	text("mongo mongosh", Data, `\.(?:update|updateOne|updateMany|remove|deleteOne|deleteMany|drop|dropIndex|createIndex|insert|insertOne|insertMany|killOp|replaceOne|compact)\(|killOp`),
	text("kafka-topics kafka-topics.sh kafka-configs kafka-configs.sh kafka-acls kafka-acls.sh", Config, `--(?:alter|create|delete|add)\b`),
	text("kafka-consumer-groups kafka-consumer-groups.sh", Data, `--(?:reset-offsets.*--execute|execute.*--reset-offsets|delete)\b`),
	text("kafka-reassign-partitions kafka-reassign-partitions.sh kafka-leader-election kafka-leader-election.sh kafka-preferred-replica-election.sh", Failover, `--execute|--election-type|--bootstrap`),
	verb("rabbitmqctl rabbitmqadmin", Data, `purge_queue|purge|delete_queue|delete|publish|set_policy|clear_policy|set_permissions|declare`),
	verb("rabbitmqctl", Restart, `stop_app|start_app|restart|reset|force_reset|stop`),
	verb("nodetool", Data, `drain|decommission|repair|flush|compact|cleanup|removenode|disablebinary|enablebinary|setcompactionthroughput|assassinate|scrub`),
	verb("nats temporal celery sidekiq sidekiqctl resque bull faktory", Data, `(?:\S+ )?(?:purge|rm|delete|terminate|cancel|pause|resume|reset|stop|quiet|control|shutdown|scale)`),
	verb("consul etcdctl zkCli.sh zkcli", Config, `kv (?:put|delete)|put|del|set|delete|config (?:write|delete)|intention (?:create|delete)|maint|force-leave|leave`),
	verb("vault", Config, `write|delete|kv (?:put|patch|delete|rollback)|secrets (?:enable|disable|tune)|lease (?:revoke|renew)|token (?:create|revoke|renew)|unseal|operator (?:unseal|step-down)|auth (?:enable|disable)`),

	verb("certbot acme.sh lego dehydrated step cmctl", Certificate, `renew|certonly|run|revoke|--renew|--issue|ca renew|ca certificate|install|--install-cert`),
	text("certbot acme.sh dehydrated lego", Certificate, `renew|--issue|--cron|certonly|install`),
	always("update-ca-certificates update-ca-trust keytool", Certificate),
	verb("nginx apachectl apache2ctl caddy haproxy envoy traefik varnishreload", Restart, `reload|restart|graceful|start|stop`),
	text("nginx apachectl httpd caddy", Restart, `-s\s+(?:reload|stop|reopen|quit)|-k\s+(?:graceful|restart|stop)`),
	text("socat nc ncat", Traffic, `(?:disable|enable|set)\s+(?:server|weight)|haproxy`),
	verb("varnishadm", Data, `ban|purge|vcl.use|vcl.load|param.set`),
	verb("fastly cloudflare flarectl cfcli akamai cdn bunny", Traffic, `(?:\S+ )?(?:purge|update|create|delete|activate|service-version activate|firewall|block|zone purge)`),
	text("iptables ip6tables nft ufw firewall-cmd ipset tc", Traffic, `(?:^|\s)(?:-A|-I|-D|-F|-R|add|delete|insert|allow|deny|reject|flush|--add\S*|--remove\S*|del|replace|limit)\b`),
	text("ip route ifconfig nmcli bgp vtysh gobgp birdc", Traffic, `\b(?:add|del|delete|replace|change|up|down|set|modify|enable|disable|configure|conf t|clear|shutdown)\b`),
	text("dig nslookup host", Look, ``),
	text("nsupdate rndc pdnsutil unbound-control resolvectl systemd-resolve", Config, `reload|flush|update|freeze|thaw|reconfig|retransfer|create|delete|add|replace|-k|set|zone`),
	verb("sysctl", Config, `\S+=\S*`),
	text("sysctl", Config, `-w\s|-p\b|--system`),
	always("resize2fs xfs_growfs lvextend lvresize growpart vgextend pvresize e2fsck fsck mkfs mount umount swapoff swapon fstrim tune2fs", Config),
	verb("zfs", Config, `set|create|destroy|rollback|rename|promote|inherit|mount|unmount|receive|upgrade|allow|unallow`),
	verb("zpool", Config, `add|attach|clear|create|destroy|detach|export|import|offline|online|remove|replace|scrub|set|split|upgrade`),
	verb("btrfs", Config, `balance start|device (?:add|delete|remove|replace)|filesystem (?:resize|defragment)|subvolume (?:create|delete|snapshot)|quota (?:enable|disable)|qgroup limit|replace start`),
	text("journalctl", Cleanup, `--vacuum|--rotate`),
	always("logrotate rmdir truncate shred tmpreaper", Cleanup),
	text("rm", Cleanup, `(?:^|\s)-\w*r|\*|-recursive|(?:^|\s)(?:[^\s/\-]|/(?:[^t\s]|t[^m]|tm[^p]|tmp[^/]))|/tmp/\S*(?:/|[^.\w]|\.(?:lock|pid|sock\w*|hprof|dump|core|log)\b)|/tmp/[^.\s]+(?:\s|$)`), // of files in /tmp, one with the ending of a note is one's own
	text("find", Cleanup, `-delete|-exec\s+(?:rm|truncate)`),
	always("kill pkill killall skill", Kill),
	text("cp mv ln install rsync tee sed perl chmod chown setfacl dd scp patch vi vim nano ex", Config, `/etc/|\.conf\b|\.ya?ml\b|\.json\b|\.toml\b|\.ini\b|\.env\b|/srv/|/opt/|/var/|prod`),
	text("chronyc", Config, `\b(?:makestep|settime|burst|online|offline|add|delete|reselect|dfreq|doffset)\b`),
	always("ntpdate rdate", Config),
	text("crontab", Config, `(?:^|\s)(?:-e|-r|-$|[^\-]\S*)`),
	verb("at batch", Config, `\S+`),
	verb("apt apt-get yum dnf apk snap brew pip npm gem cargo rpm dpkg", Deploy, `install|upgrade|remove|downgrade|rollback|dist-upgrade|refresh|revert`),

	verb("git", Rollback, `revert`),
	verb("git", Deploy, `push|merge|tag`),
	verb("gh glab hub", Deploy, `pr merge|mr merge|workflow run|run rerun|release create|ci run|pipeline run|run cancel|run-workflow`),
	verb("aws", Failover, `\S+ (?:failover|promote|switchover)\S*`),
	verb("aws", Scale, `\S+ (?:set-desired-capacity|update-service|update-auto-scaling-group|register-scalable-target|modify-instance\S*|modify-db\S*|modify-cache\S*|modify-replication\S*|increase-\S+|decrease-\S+|request-service-quota-increase|scale\S*)`),
	verb("aws", Restart, `\S+ (?:reboot|start|stop|restart|terminate)-\S+`),
	verb("aws", Config, `\S+ (?:create|update|delete|put|modify|set|enable|disable|attach|detach|associate|disassociate|authorize|revoke|register|deregister|restore|change|purge|cancel|add|remove|renew|import|rotate|tag|untag|copy|apply|upgrade|deploy|invoke)\S*|s3 (?:cp|mv|rm|sync)`),
	text("gcloud az doctl linode-cli hcloud oci ibmcloud openstack exo scw", Failover, `\b(?:failover|promote\S*|switchover)\b`),
	text("gcloud az doctl linode-cli hcloud oci ibmcloud openstack exo scw", Scale, `\b(?:resize|scale|set-size|--num-nodes|--min-instances|--max-instances|--capacity|--replica-count)\b`),
	text("gcloud az doctl linode-cli hcloud oci ibmcloud openstack exo scw", Restart, `\b(?:restart|reset|start|stop|reboot|power-cycle)\b`),
	text("gcloud az doctl linode-cli hcloud oci ibmcloud openstack exo scw", Config, `\b(?:create|update|delete|patch|deploy|set|add|remove|import|rotate|enable|disable|update-traffic|add-\S+|remove-\S+|set-\S+|swap|rollback|restore)\b`),
	text("eksctl gke-deploy kops talosctl k3s rke", Infra, `\b(?:create|scale|delete|upgrade|update|drain|apply|reboot|reset|rolling-update|replace)\b`),
	text("curl http https httpie xh wget", Config, `(?:-X\s*|--request[ =]|^|\s)(?:POST|PUT|PATCH|DELETE)\b`),
	text("make just task rake npm yarn pnpm bundle php python python3 node ruby bash sh mix ./gradlew gradle mvn poetry uv composer artisan bin/rails rails manage.py", Rollback, `\broll-?back|\brevert`),
	text("make just task rake npm yarn pnpm bundle php python python3 node ruby bash sh mix poetry uv composer artisan bin/rails rails manage.py", Deploy, `\b(?:deploy|release|promote|publish|redeploy|ship)(?:\b|[-_:.])`),
	text("rake bundle php python python3 rails bin/rails manage.py mix artisan npm yarn flyway liquibase alembic goose dbmate sqitch prisma knex", Data, `\bmigrat|\bup\b|upgrade|downgrade|db:|backfill|reindex|requeue|replay|repair|cache:clear|flush`),
	text("make just task bash sh", Restart, `\brestart|\breload|\bfailover|\bscale|\bdrain|\bunblock`),
}

// scripts say by their name what they do, when nothing else is known.
var scripts = []struct {
	act  Act
	name *lazyregexp.Regexp
}{
	{Look, lazyregexp.New(`(?i)(?:^|[-_/])(?:check|verify|validate|report|list|show|count|diff|audit|inspect|dump|test|analy[sz]e|find|query|stat(?:us|s)?)(?:[-_.]|$)`)},
	{Rollback, lazyregexp.New(`(?i)roll-?_?back|revert|undo|(?:^|[-_/])reverse`)},
	{Failover, lazyregexp.New(`(?i)fail-?_?over|promote|switchover`)},
	{Flag, lazyregexp.New(`(?i)(?:^|[-_/])(?:flag|feature|toggle)`)},
	{Restart, lazyregexp.New(`(?i)restart|reload|bounce`)},
	{Scale, lazyregexp.New(`(?i)(?:^|[-_/])scale|scale[-_](?:up|out|down)`)},
	{Deploy, lazyregexp.New(`(?i)(?:^|[-_/])(?:deploy|release|ship)`)},
	{Traffic, lazyregexp.New(`(?i)(?:^|[-_/])(?:drain|block|shed|shift|reroute)`)},
	{Certificate, lazyregexp.New(`(?i)renew|rotate-?_?cert`)},
	{Cleanup, lazyregexp.New(`(?i)(?:^|[-_/])(?:purge|cleanup|clean-up|prune)`)},
	{Data, lazyregexp.New(`(?i)(?:^|[-_/])(?:migrate|backfill|requeue|replay|restore|fix|repair|re-?import|import|re-?send|re-?process|re-?run|re-?calc|re-?build|re-?index|dedup|credit|refund|reconcile|reload|re-?publish|re-?sync|load|seed)`)},
}

// scriptAct reads the name of a program that is a path or ends in .sh or .py,
// or that carries its verb after a hyphen ("deployctl", "svc-restart").
func scriptAct(program string) Act {
	name := base(program)
	if !strings.Contains(program, "/") && !strings.ContainsAny(name, "-_.") && !strings.HasSuffix(name, "ctl") {
		return Look
	}
	for _, s := range scripts {
		if s.name.MatchString(name) {
			return s.act
		}
	}
	return Look
}

// lookers only read, whatever words follow them.
var lookers = strings.Fields(`last lastlog lastb w sar iostat vmstat lsblk blkid findmnt du systemd-analyze needrestart apt-config apt-cache echo printf cat grep egrep rg ag less more tail head awk ls ll cd pwd man which type history jq yq wc sort uniq diff test sleep source export alias unset set git df du free top htop ps uptime who whoami
	ping traceroute mtr curl wget openssl nc telnet dig nslookup host netstat ss lsof strace tcpdump stat file date id env journalctl dmesg stern kubectl k oc helm docker terraform psql mysql redis-cli watch tree code open vim vi nano screen tmux python python3 node ruby go`)

// plainVerbs are the words by which any tool can be told to change something.
var plainVerbs = []struct {
	act   Act
	words string
}{
	{Rollback, "rollback revert undo"},
	{Deploy, "deploy release promote redeploy upgrade install"},
	{Scale, "scale resize scale-up scale-out grow shrink extend expand enlarge increase decrease"},
	{Restart, "restart reload reboot stop start bounce recycle"},
	{Failover, "failover switchover promote switch takeover"},
	{Traffic, "drain undrain cordon block unblock ban unban reroute divert isolate shift weight"},
	{Flag, "enable disable toggle turn-on turn-off flip on off"},
	{Kill, "kill terminate cancel abort"},
	{Certificate, "renew rotate reissue"},
	{Data, "restore replay requeue reprocess backfill reindex rebuild migrate resync import"},
	{Cleanup, "purge flush clear delete remove prune truncate"},
	{Config, "set put apply update create add patch edit replace unset reset pause resume write import override revoke modify alter attach detach raise lower halt hold freeze unfreeze"},
}

// plainAct reads a tool that no rule knows by the verbs among its first words.
func plainAct(words []string) Act {
	if slices.Contains(lookers, base(words[0])) {
		return Look
	}
	rest := plain(words)
	for _, word := range rest[:min(len(rest), 3)] {
		for _, w := range strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == ':' || r == '-' || r == '_' || r == '/' }) {
			for _, v := range plainVerbs {
				if slices.Contains(strings.Fields(v.words), w) {
					return v.act
				}
			}
		}
	}
	return Look
}
