package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/watch"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func newWatch(env *command.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Keep what another system soon forgets",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newWatchKubernetes(env))
	return cmd
}

// clusterFlags say how a cluster is reached.
type clusterFlags struct {
	address, tokenFile, caFile string
	namespaces                 []string
}

func (f *clusterFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.address, "url", "", "address of the API server, such as https://10.0.0.1:6443 (default: of the cluster that this runs in)")
	fl.StringVar(&f.tokenFile, "token-file", "", "file that holds the bearer token; it is read anew when it is replaced")
	fl.StringVar(&f.caFile, "ca-file", "", "file with the certificate of the authority that signed the API server's")
	fl.StringSliceVar(&f.namespaces, "namespace", nil, "namespace to read, several times or with commas (default: all)")
}

// server returns the API server, for which this program is of a version, and the
// namespaces that are read.
func (f *clusterFlags) server(version string) (*kubernetes.Server, []string, error) {
	names, err := kubernetes.Namespaces(strings.Join(f.namespaces, ","))
	if err != nil {
		return nil, nil, command.Usage(fmt.Errorf("--namespace: %w", err))
	}
	client := outhttp.New(outhttp.Config{Now: time.Now, Private: true, UserAgent: "Hindcast/" + version})
	if f.address == "" {
		s, err := kubernetes.Here(os.Getenv, "")
		if err != nil {
			return nil, nil, command.Usagef("--url: this does not run in a cluster; write the address of an API server, such as that of kubectl proxy, http://127.0.0.1:8001")
		}
		s.HTTP = client
		return s, names, nil
	}
	address := strings.TrimRight(f.address, "/")
	if _, ok := connector.Address(address); !ok {
		return nil, nil, command.Usagef("--url: write an address such as https://10.0.0.1:6443")
	}
	s := &kubernetes.Server{Address: address, HTTP: client, Token: func() (secret.Text, error) { return secret.Text{}, nil }}
	if f.tokenFile != "" {
		s.Token = kubernetes.TokenFile(f.tokenFile)
	}
	if f.caFile != "" {
		s.CA = kubernetes.File(f.caFile)
	}
	return s, names, nil
}

// watchFlags are those of watch kubernetes.
type watchFlags struct {
	clusterFlags
	dir, listen, listenToken, certFile, keyFile, level string
	keep                                               time.Duration
	maxBytes                                           int64
}

func newWatchKubernetes(env *command.Env) *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use:   "kubernetes [flags]",
		Short: "Keep the events of a cluster, which it forgets after an hour",
		Long: `Watch kubernetes follows the events of a cluster and keeps them in files, one a
line, as kubectl prints them. The folder events below --dir is evidence: timeline
and draft read it. With --listen a Hindcast server fetches from it what it needs
for an incident: name its address in the settings of a Kubernetes connection.

It runs until it is stopped, and goes on where it was. In a cluster it uses the
service account of its pod; the manifest prints all that such a pod needs.`,
		Example: `  hindcast watch kubernetes --dir /var/lib/hindcast-watcher --listen :8790 --listen-token-file token
  kubectl proxy & hindcast watch kubernetes --url http://127.0.0.1:8001 --dir events
  hindcast watch kubernetes manifest --image registry.example/hindcast:1.0 | kubectl apply -f -`,
		Args: cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error { return watchKubernetes(env, cmd.Context(), f) }),
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.dir, "dir", "", "folder to keep events in")
	fl.DurationVar(&f.keep, "keep", 14*24*time.Hour, "how long events are kept")
	fl.Int64Var(&f.maxBytes, "max-bytes", 512<<20, "how much is kept at most, about; the oldest goes first")
	fl.StringVar(&f.listen, "listen", "", "address to hand events out at, such as :8790 (default: none)")
	fl.StringVar(&f.listenToken, "listen-token-file", "", "file with the token that who asks must send")
	fl.StringVar(&f.certFile, "tls-cert", "", "certificate to listen with")
	fl.StringVar(&f.keyFile, "tls-key", "", "its key")
	fl.StringVar(&f.level, "log-level", "info", "what is logged: debug, info, warn or error")
	cmd.AddCommand(newWatchManifest(env))
	return cmd
}

// check reports flags that cannot be used together.
func (f watchFlags) check() error {
	switch {
	case f.dir == "":
		return command.Usagef("--dir: name a folder to keep events in")
	case f.keep <= 0 || f.maxBytes < 1<<20:
		return command.Usagef("--keep and --max-bytes: keep some time, and a megabyte at least")
	case f.listen != "" && f.listenToken == "":
		return command.Usagef("--listen-token-file: name a file with a token; what is handed out is not for everybody")
	case (f.certFile == "") != (f.keyFile == ""):
		return command.Usagef("--tls-cert and --tls-key: name both or none")
	}
	return nil
}

// watchKubernetes watches until it is told to stop.
func watchKubernetes(env *command.Env, ctx context.Context, f watchFlags) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	server, names, err := f.server(env.Version)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	sp, err := spool.Open(spool.Config{Dir: f.dir, Keep: f.keep, MaxBytes: f.maxBytes, Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sp.Close()) }()
	w := watch.New(watch.Config{Server: server, Namespaces: names, Spool: sp, Log: env.Logger(config.Log{Level: f.level})})
	if f.listen == "" {
		w.Run(ctx)
		return nil
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", f.listen, err)
	}
	fmt.Fprintf(env.Stderr, "events are at %s\n", listener.Addr())
	return serveUntil(ctx, listener, w, f)
}

// serveUntil watches and hands out until ctx ends, or until it cannot hand out.
func serveUntil(ctx context.Context, l net.Listener, w *watch.Watcher, f watchFlags) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s := &http.Server{Handler: w.Handler(kubernetes.TokenFile(f.listenToken)), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	ended := make(chan error, 1)
	go func() {
		defer stop()
		if f.certFile != "" {
			ended <- s.ServeTLS(l, f.certFile, f.keyFile)
			return
		}
		ended <- s.Serve(l)
	}()
	w.Run(ctx)
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := s.Shutdown(soon)
	if why := <-ended; !errors.Is(why, http.ErrServerClosed) {
		err = errors.Join(err, why)
	}
	return err
}

func newWatchManifest(env *command.Env) *cobra.Command {
	m := watch.Manifest{}
	var namespaces []string
	cmd := &cobra.Command{
		Use:   "manifest [flags]",
		Short: "Print what a cluster is told to run a watcher",
		Long: `Manifest prints a service account that may read events and nothing else, one
replica that runs as nobody on a file system it cannot write, a volume for the
events and a service. It changes nothing: give it to kubectl apply, or keep it
with your other manifests.`,
		Example: `  hindcast watch kubernetes manifest --image registry.example/hindcast:1.0 > watcher.yaml
  hindcast watch kubernetes manifest --image registry.example/hindcast:1.0 --namespace shop,pay`,
		Args: cobra.NoArgs,
		RunE: command.Run(func(*cobra.Command, []string) error {
			m.Watched = namespaces
			text, err := m.Write()
			if err != nil {
				return command.Usage(err)
			}
			_, err = env.Stdout.Write(text)
			return err
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&m.Image, "image", "", "image of this program, as the cluster gets it; it must be named")
	fl.StringVar(&m.Namespace, "in", "monitoring", "namespace to run in")
	fl.StringSliceVar(&namespaces, "namespace", nil, "namespace to watch, several times or with commas (default: all)")
	fl.DurationVar(&m.Keep, "keep", 14*24*time.Hour, "how long events are kept")
	fl.Int64Var(&m.MaxBytes, "max-bytes", 512<<20, "how much is kept at most, about")
	return cmd
}

func newPullKubernetes(env *command.Env) *cobra.Command {
	var f clusterFlags
	var output string
	var since time.Duration
	cmd := &cobra.Command{
		Use:   "kubernetes [flags]",
		Short: "Get the events and rollouts of a cluster as evidence files",
		Long: `Pull kubernetes writes the events of a cluster, of which it has about the last
hour, and its rollouts to files, which the other commands read as evidence. It
needs an account that may list events, deployments and replica sets; what it may
not list of rollouts is left out.`,
		Example: "  kubectl proxy & hindcast pull kubernetes --url http://127.0.0.1:8001\n  hindcast pull kubernetes --url https://10.0.0.1:6443 --token-file token --ca-file ca.crt --since 2h --namespace shop",
		Args:    cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error {
			server, names, err := f.server(env.Version)
			if err != nil {
				return err
			}
			if since <= 0 {
				return command.Usagef("--since: write a duration such as 2h")
			}
			now := time.Now()
			src := kubernetes.Of(server, names, connector.Deps{HTTP: server.HTTP, Now: time.Now})
			return fetch(env, cmd.Context(), src, connector.Window{From: now.Add(-since), To: now}, cmp.Or(output, "kubernetes"))
		}),
	}
	f.add(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "folder to write to (default: kubernetes)")
	cmd.Flags().DurationVar(&since, "since", 2*time.Hour, "how far back to look")
	return cmd
}
