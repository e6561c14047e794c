package operate

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// serveFlags are the flags of serve; empty ones leave the configuration as it is.
type serveFlags struct {
	config, addr, data, db, url string
	demo                        bool
}

func newServe(env *command.Env) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Run the server",
		Long: `Serve runs the web application and its API. It keeps everything in one data
folder, with an SQLite database in it, unless --db names a PostgreSQL database;
then any number of servers may share it. Settings come from flags, from
environment variables that begin with HINDCAST_, and from a YAML file, in this
order; docs/operate.md lists them. With --demo everybody is in without signing
in, among three sample incidents.`,
		Example: `  hindcast serve --demo
  hindcast serve --data /var/lib/hindcast --url https://hindcast.example.org
  hindcast serve --db postgres://hindcast@db.example.org/hindcast`,
		Args: cobra.NoArgs,
		RunE: command.Run(func(cmd *cobra.Command, _ []string) error { return serve(env, cmd, f) }),
	}
	fl := cmd.Flags()
	fl.StringVar(&f.config, "config", "", "YAML file with settings")
	fl.StringVar(&f.addr, "addr", "", "address to listen on (default 127.0.0.1:8080)")
	fl.StringVar(&f.data, "data", "", "data folder (default data, or data-demo with --demo)")
	fl.StringVar(&f.db, "db", "", "PostgreSQL database, as postgres://USER@HOST/DATABASE (default: a file in the data folder)")
	fl.StringVar(&f.url, "url", "", "address that people use, as https://hindcast.example.org (default: http:// and --addr)")
	fl.BoolVar(&f.demo, "demo", false, "let everybody in as one made-up person, with sample incidents")
	return cmd
}

func serve(env *command.Env, cmd *cobra.Command, f serveFlags) error {
	c, err := f.read()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := server.New(ctx, c, server.Options{Demo: f.demo, Log: env.Logger(c.Log), Version: env.Version})
	if err != nil {
		return err
	}
	listener, err := s.Listen()
	if err != nil {
		return errors.Join(err, s.Close())
	}
	setup, err := s.Setup(ctx)
	if err != nil {
		return errors.Join(err, listener.Close(), s.Close())
	}
	fmt.Fprintf(env.Stderr, "Hindcast is at http://%s\n", listener.Addr())
	if setup != "" {
		fmt.Fprintf(env.Stderr, "Nobody has an account yet. Make the first one within a day at\n  %s\n", setup)
	}
	return errors.Join(s.Serve(ctx, listener), s.Close())
}

// read returns the configuration with the flags on top.
func (f serveFlags) read() (config.Config, error) {
	var text []byte
	if f.config != "" {
		var err error
		if text, err = os.ReadFile(f.config); err != nil {
			return config.Config{}, fmt.Errorf("%s: %s", f.config, command.Reason(err))
		}
	}
	c, err := config.Load(f.config, text, os.LookupEnv)
	if err != nil {
		return c, err
	}
	if f.demo && c.Data == config.Default().Data {
		c.Data = "data-demo"
	}
	for _, v := range []struct {
		to   *string
		flag string
	}{{&c.Addr, f.addr}, {&c.Data, f.data}, {&c.DB, f.db}, {&c.URL, strings.TrimRight(f.url, "/")}} {
		if v.flag != "" {
			*v.to = v.flag
		}
	}
	return c, c.Check()
}
