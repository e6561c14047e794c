package wording

import "testing"

func TestBetter(t *testing.T) {
	tests := []struct {
		name string
		want int
	}{
		{"http_requests_failed_total", -1}, {"error_ratio", -1}, {"p99_ms", -1}, {"http_request_duration_seconds", -1}, {"consumerLag", -1},
		{"jobs_queue_depth", -1}, {"oldest_job_age_seconds", -1}, {"pods_unavailable", -1}, {"kube_pod_container_status_restarts_total", -1},
		{"http_5xx", -1}, {"request.time.ms", -1}, {"success_latency", -1}, {"validator_reject_ratio", -1}, {"packet_loss_pct", -1}, {"calls_declined", -1},
		{"search:zero_results:ratio5m", -1}, {"zero_hit_ratio", -1}, {"card:decline_ratio:2m", -1}, {"featstore:miss_ratio", -1}, {"feed_oldest_due_seconds", -1}, {"results_total", 0}, {"cache_hit_ratio", 1},
		{"success_rate_pct", 1}, {"checkout_completion_ratio", 1}, {"availability", 1}, {"throughput", 1}, {"error_budget_remaining", 1}, {"up", 1},
		{"heap_mb", 0}, {"cpu_pct", 0}, {"requests_per_s", 0}, {"hikaricp_connections_active", 0}, {"process_cpu_seconds_total", 0}, {"", 0},
	}
	for _, tt := range tests {
		if got := Better(tt.name); got != tt.want {
			t.Errorf("Better(%q) = %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestFailure(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"connection refused by <*>", true}, {"java.net.SocketTimeoutException: <*>", true}, {"read timed out", true},
		{"column <*> does not exist", true}, {"job_failed id=<*>", true}, {"RetryError after <*>", true}, {"OOMKilled", true}, {"SQLException in <*>", true}, {"scan REJECT code=<*>", true},
		{"GC pause of <*> ms", false}, {"request done in <*> ms", false}, {"", false},
	}
	for _, tt := range tests {
		if got := Failure(tt.text); got != tt.want {
			t.Errorf("Failure(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestBetterOf(t *testing.T) {
	for labels, want := range map[string]int{"code=503": -1, "http.status_code=5xx": -1, "code=200": 0, "code=5": 0, "pod=503": 0} {
		if got := BetterOf("http_requests_total", []string{labels, "service=api"}); got != want {
			t.Errorf("BetterOf a series of requests with %s = %d, want %d", labels, got, want)
		}
	}
}

func TestBetterShare(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   int
	}{
		{"login_pct", []float64{92, 93, 91, 61, 60}, 1},
		{"door_open_ratio", []float64{0.98, 0.97, 0.99, 0.2}, 1},
		{"cpu_pct", []float64{92, 93, 91, 61, 60}, 0},
		{"login_pct", []float64{12, 93, 11, 6, 60}, 0},
		{"logins", []float64{92, 93, 91}, 0},
		{"logins_rate", []float64{920, 930, 910}, 0},
		{"failed_pct", []float64{92, 93, 91}, -1},
		{"login_pct", nil, 0},
	}
	for _, tt := range tests {
		if got := BetterShare(tt.name, nil, tt.values); got != tt.want {
			t.Errorf("BetterShare(%q, %v) = %d, want %d", tt.name, tt.values, got, tt.want)
		}
	}
}
