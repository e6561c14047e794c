package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// openHandler puts together what is served.
func (s *Server) openHandler(context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.serveHealth)
	mux.HandleFunc("GET /metrics", s.serveMetrics())
	if err := s.mount(mux); err != nil {
		return err
	}
	s.handler = s.origin(s.traced(s.paced(s.loopbackOnly(s.observe(mux)))))
	return nil
}

func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := s.health(r.Context()); err != nil {
		s.opt.Log.Error("the database does not answer", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintln(w, "the database does not answer")
		return
	}
	_, _ = fmt.Fprintln(w, "ok")
}

// serveMetrics serves the figures to programs on this machine, and to others with
// the token of an admin.
func (s *Server) serveMetrics() http.HandlerFunc {
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "hindcast_build_info", Help: "Always 1; the label is the version.", ConstLabels: prometheus.Labels{"version": s.opt.Version}})
	info.Set(1)
	s.registry.MustRegister(info, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	figures := promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})
	return func(w http.ResponseWriter, r *http.Request) {
		if !local(r) {
			if v, err := s.auth.Viewer(r); err != nil || !v.MayAdminister() {
				w.Header().Set("WWW-Authenticate", "Bearer")
				http.Error(w, "the figures are for programs on this machine, or with the token of an admin", http.StatusUnauthorized)
				return
			}
		}
		figures.ServeHTTP(w, r)
	}
}

// local reports whether a program on this machine asks for itself. What a proxy on
// this machine passes on comes from elsewhere, and so does a page whose name was
// made to lead here.
func local(r *http.Request) bool {
	for _, h := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback() && named(r.Host)
}

// named reports whether a Host header names this machine by address or as
// localhost.
func named(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// observe logs and counts requests, and turns a panic into an answer with an id.
func (s *Server) observe(mux *http.ServeMux) http.Handler {
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hindcast_http_request_duration_seconds", Help: "How long requests took, by route and status.",
		Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
	}, []string{"route", "status"})
	s.registry.MustRegister(durations)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				id := rand.Text()[:12]
				s.opt.Log.Error("a request failed inside", "id", id, "method", r.Method, "route", r.Pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if !rec.wrote {
					http.Error(rec, "Something went wrong here. Tell an admin this number: "+id, http.StatusInternalServerError)
				}
			}
			took := time.Since(began)
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			durations.WithLabelValues(route, strconv.Itoa(rec.status)).Observe(took.Seconds())
			level := slog.LevelInfo
			if route == "GET /healthz" || route == "GET /metrics" || strings.HasPrefix(route, "GET /assets/") {
				level = slog.LevelDebug
			} else {
				s.asked.Add(1)
			}
			s.opt.Log.Log(r.Context(), level, "request", "method", r.Method, "route", route, "status", rec.status, "bytes", rec.bytes, "took", took.Round(time.Microsecond))
		}()
		mux.ServeHTTP(rec, r)
	})
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the bytes.
func (r *recorder) Write(p []byte) (int, error) {
	r.wrote = true
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is wrapped.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// networks reads the addresses and networks of proxies, which were checked.
func networks(list []string) []*net.IPNet {
	var out []*net.IPNet
	for _, s := range list {
		if _, n, err := net.ParseCIDR(s); err == nil {
			out = append(out, n)
		} else if ip := net.ParseIP(s); ip != nil {
			bits := 8 * len(ip)
			out = append(out, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
		}
	}
	return out
}

// origin sets the address of the client from what a trusted proxy says.
func (s *Server) origin(next http.Handler) http.Handler {
	if len(s.proxies) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.trusted(r.RemoteAddr) {
			// The last address that no trusted proxy has is the client's.
			list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for i := len(list) - 1; i >= 0; i-- {
				addr := strings.TrimSpace(list[i])
				if net.ParseIP(addr) == nil {
					break
				}
				r.RemoteAddr = net.JoinHostPort(addr, "0")
				if !s.trusted(r.RemoteAddr) {
					break
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) trusted(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	for _, n := range s.proxies {
		if ip != nil && n.Contains(ip) {
			return true
		}
	}
	return false
}
