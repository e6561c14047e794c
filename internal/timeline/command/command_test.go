package command_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/command"
)

func TestRead(t *testing.T) {
	tests := []struct {
		line string
		want command.Reading
	}{
		{"kubectl -n shop get pods -o wide", command.Reading{Act: command.Look}},
		{"kubectl -n scale get pods", command.Reading{Act: command.Look}},
		{"kubectl rollout history deployment/cart", command.Reading{Act: command.Look}},
		{"kubectl rollout status deployment/cart --timeout=15m", command.Reading{Act: command.Look}},
		{"kubectl -n shop rollout undo deployment/cart --to-revision=7 # 3.1.0", command.Reading{Act: command.Rollback, Object: "cart", Setting: "to-revision=7"}},
		{"k -n shop rollout restart deploy/cart", command.Reading{Act: command.Restart, Object: "cart"}},
		{"kubectl scale deployment/worker --replicas=200", command.Reading{Act: command.Scale, Object: "worker", Setting: "replicas=200"}},
		{"kubectl apply -f x.yaml --dry-run=server", command.Reading{Act: command.Look}},
		{"kubectl apply -f cm.yaml", command.Reading{Act: command.Config, Object: ""}},
		{"kubectl exec -it db-0 -- psql -c 'select 1'", command.Reading{Act: command.Look}},
		{"kubectl exec -it db-0 -- psql -c \"select pg_terminate_backend(4711)\"", command.Reading{Act: command.Kill}},
		{"helm rollback cart 41", command.Reading{Act: command.Rollback, Object: "cart", Setting: "cart=41"}},
		{"sudo systemctl restart nginx.service", command.Reading{Act: command.Restart, Object: "nginx"}},
		{"systemctl status nginx", command.Reading{Act: command.Look}},
		{"sudo service haproxy reload", command.Reading{Act: command.Restart, Object: "reload"}},
		{"flagctl set checkout.pay=false --env production --reason '#12'", command.Reading{Act: command.Flag, Object: "checkout.pay", Setting: "checkout.pay=false"}},
		{"ldcli flags turn-off new-cart", command.Reading{Act: command.Flag, Object: "new-cart"}},
		{"terraform plan", command.Reading{Act: command.Look}},
		{"cd infra && terraform apply -auto-approve", command.Reading{Act: command.Infra}},
		{"ssh db-1 'sudo systemctl stop postgresql'", command.Reading{Act: command.Restart, Object: "postgresql"}},
		{"ssh -i key admin@db-1 df -h", command.Reading{Act: command.Look}},
		{"patronictl switchover main --candidate db-2", command.Reading{Act: command.Failover, Object: "db-2"}},
		{"psql -h db -c 'select count(*) from orders'", command.Reading{Act: command.Look}},
		{"psql -h db -c \"select pg_drop_replication_slot('cdc')\"", command.Reading{Act: command.Data}},
		{"psql -h db -c 'ALTER SEQUENCE order_id_seq RESTART WITH 1'", command.Reading{Act: command.Data}},
		{"payctl gate halt --scope batch", command.Reading{Act: command.Config}},
		{"psql postgres://ro@db/fleet -c 'select count(*) from t where seen < now()'", command.Reading{Act: command.Look}},
		{`ssh db-1 "psql -c \"SELECT pg_drop_replication_slot('bi_trial')\""`, command.Reading{Act: command.Data}},
		{"ssh vg-03 sudo chronyc makestep", command.Reading{Act: command.Config}},
		{"chronyc sources -v", command.Reading{Act: command.Look}},
		{"psql shop < fix.sql", command.Reading{Act: command.Data}},
		{"helm -n rail upgrade gateway acme/gateway --version 5.8.0 --reuse-values", command.Reading{Act: command.Deploy, Object: "gateway"}},
		{"helm upgrade --version", command.Reading{Act: command.Look}},
		{"awx job_templates launch converge-cache --monitor", command.Reading{Act: command.Infra, Object: "converge-cache"}},
		{"psql -h db -c 'update jobs set state = 1'", command.Reading{Act: command.Data}},
		{"redis-cli -h cache llen queue", command.Reading{Act: command.Look}},
		{"redis-cli -h cache config set maxmemory 8gb", command.Reading{Act: command.Config, Object: "maxmemory"}},
		{"curl -sS https://api.example/ping", command.Reading{Act: command.Look}},
		{"curl -X POST https://api.example/v1/purge", command.Reading{Act: command.Config}},
		{"aws ec2 describe-instances", command.Reading{Act: command.Look}},
		{"aws s3 cp s3://tiles/v34/tileset.json - | jq .maxzoom", command.Reading{Act: command.Look}},
		{"kubectl apply -f -", command.Reading{Act: command.Config}},
		{"zfs get quota tank/cache", command.Reading{Act: command.Look}},
		{`echo 'show stat' | socat /run/haproxy.sock - | grep be_basket`, command.Reading{Act: command.Look}},
		{`ansible mta -m shell -a "mailq | tail -1"`, command.Reading{Act: command.Look}},
		{`ansible edge -m shell -a '/usr/local/bin/build-bundle && nginx -t && nginx -s reload'`, command.Reading{Act: command.Restart}},
		{`ssh db-1 'df -h; systemctl stop postgresql; df -h'`, command.Reading{Act: command.Restart, Object: "postgresql"}},
		{"aws ecs update-service --service cart --desired-count 12", command.Reading{Act: command.Scale}},
		{"aws rds failover-db-cluster --db-cluster-identifier main", command.Reading{Act: command.Failover}},
		{"./scripts/rollback.sh cart", command.Reading{Act: command.Rollback}},
		{"./reverse_batch.py --batch BA-5531 --chunk 2000", command.Reading{Act: command.Rollback}},
		{"python3 fix_points.py --apply", command.Reading{Act: command.Data}},
		{"python3 verify_points.py", command.Reading{Act: command.Look}},
		{"./import_check.sh", command.Reading{Act: command.Look}},
		{"kubectl -n game cp pod-1:/var/match/last.rec ./pod-1.rec", command.Reading{Act: command.Look}},
		{"scp db-1:/etc/my.cnf .", command.Reading{Act: command.Look}},
		{"scp db-1:/etc/my.cnf /etc/my.cnf", command.Reading{Act: command.Config}},
		{"scp db-1:/etc/my.cnf /tmp/", command.Reading{Act: command.Look}},
		{"scp my.cnf db-1:/etc/my.cnf", command.Reading{Act: command.Config}},
		{"argocd app set quote-engine --sync-policy none", command.Reading{Act: command.Config, Object: "quote-engine"}},
		{"git log --oneline", command.Reading{Act: command.Look}},
		{"git revert 1a2b3c", command.Reading{Act: command.Rollback}},
		{"du -sh /var/lib/* | sort -h", command.Reading{Act: command.Look}},
		{"sudo rm -rf /var/log/app/*.gz", command.Reading{Act: command.Cleanup}},
		{"rm /tmp/c.pem", command.Reading{Act: command.Look}},
		{"rm -f /tmp/mysql.sock.lock", command.Reading{Act: command.Cleanup}},
		{"rm -f /tmp/nginx.pid", command.Reading{Act: command.Cleanup}},
		{"rm /tmp/heapdump.hprof", command.Reading{Act: command.Cleanup}},
		{"rm /tmp/maintenance", command.Reading{Act: command.Cleanup}},
		{"rm --recursive /tmp/spool", command.Reading{Act: command.Cleanup}},
		{"rm -f /tmp/old.json", command.Reading{Act: command.Look}},
		{"rm -rf /tmp/spool", command.Reading{Act: command.Cleanup}},
		{"rm /tmp/core.*", command.Reading{Act: command.Cleanup}},
		{"rm /var/lib/app/lock", command.Reading{Act: command.Cleanup}},
		{"journalctl -u app --since '10 min ago'", command.Reading{Act: command.Look}},
		{"sudo journalctl --vacuum-size=1G", command.Reading{Act: command.Cleanup}},
		{"sudo certbot renew --force-renewal", command.Reading{Act: command.Certificate}},
		{"openssl s_client -connect api:443", command.Reading{Act: command.Look}},
		{"make deploy ENV=prod", command.Reading{Act: command.Deploy, Object: "ENV", Setting: "ENV=prod"}},
		{"nimbus volumes modify vol-0d2e vol-0f91 --size 3072   # LimitExceeded", command.Reading{Act: command.Config, Object: "vol-0f91"}},
		{"nimbus volume extend data-3 --to 4T", command.Reading{Act: command.Scale, Object: "data-3"}},
		{"nimbus volumes list --tag data -o table", command.Reading{Act: command.Look}},
		{"nimbus quotas get storage --region north-1", command.Reading{Act: command.Look}},
		{"poolctl grow workers 40", command.Reading{Act: command.Scale, Object: "workers"}},
		{"topicctl alter orders --retention 24h", command.Reading{Act: command.Config, Object: "orders"}},
		{"limitctl raise login 200", command.Reading{Act: command.Config, Object: "login"}},
		{"psql -h db -c 'select count(*) from seats where seen < now() - interval $$10 min$$'", command.Reading{Act: command.Look}},
		{"mysql shop -e 'select id from orders where total < 5'", command.Reading{Act: command.Look}},
		{"mysql shop < fix.sql", command.Reading{Act: command.Data, Object: "fix.sql"}},
		{"psql -h db -f fix.sql", command.Reading{Act: command.Data}},
		{"rollback notes.txt", command.Reading{Act: command.Look}},
		{"dnsctl pool set shop fra1 --weight 0", command.Reading{Act: command.Config}},
		{"edgectl pops list", command.Reading{Act: command.Look}},
		{"", command.Reading{Act: command.Look}},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			got := command.Read(tt.line)
			if got.Act != tt.want.Act {
				t.Errorf("Read(%q).Act = %s, want %s", tt.line, got.Act, tt.want.Act)
			}
			if tt.want.Object != "" && got.Object != tt.want.Object {
				t.Errorf("Read(%q).Object = %q, want %q", tt.line, got.Object, tt.want.Object)
			}
			if tt.want.Setting != "" && got.Setting != tt.want.Setting {
				t.Errorf("Read(%q).Setting = %q, want %q", tt.line, got.Setting, tt.want.Setting)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("kubectl -n shop rollout undo deployment/cart # 3.1.0")
	f.Add(`ssh db-1 "psql -c 'delete from t'" && true`)
	f.Fuzz(func(t *testing.T, s string) {
		if command.Read(s).Act == "" {
			t.Errorf("Read(%q) has no act", s)
		}
	})
}
