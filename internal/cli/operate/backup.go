package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

// The names in a backup folder.
const (
	backupDatabase = "hindcast.db"
	backupBlobs    = "blobs"
)

func newBackup(env *command.Env) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "backup [flags] FOLDER",
		Short: "Copy a server's library to a new folder, while it runs",
		Long: `Backup writes the database as it is at one moment, and then the evidence, to a
folder that must not exist. The server goes on meanwhile. Run it where the data
folder is; with --db it copies a PostgreSQL database. Restore puts it back, into
either kind of database.`,
		Example: "  hindcast backup --data /var/lib/hindcast /backup/2024-03-15",
		Args:    cobra.ExactArgs(1),
		RunE:    command.Run(func(cmd *cobra.Command, args []string) error { return backup(env, cmd.Context(), f, args[0]) }),
	}
	f.addPlace(cmd)
	return cmd
}

// addPlace adds the flags that say where a library is.
func (f *serveFlags) addPlace(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.config, "config", "", "YAML file with settings")
	fl.StringVar(&f.data, "data", "", "data folder (default data)")
	fl.StringVar(&f.db, "db", "", "PostgreSQL database, as postgres://USER@HOST/DATABASE (default: a file in the data folder)")
}

func backup(env *command.Env, ctx context.Context, f serveFlags, to string) error {
	c, err := f.read()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.Database()); c.DB == "" && err != nil {
		return fmt.Errorf("%s: %s; name the data folder of the server with --data", c.Database(), command.Reason(err))
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return fmt.Errorf("%s: %s; a backup needs a folder of its own", to, command.Reason(err))
	}
	st, err := store.Open(ctx, c.Database())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }() // it was only read
	// Rows come first: a blob that is added later is missing nothing.
	if err := upkeep.Backup(ctx, st, filepath.Join(to, backupDatabase)); err != nil {
		return err
	}
	source, err := server.OpenBlobs(ctx, c)
	if err != nil {
		return err
	}
	target, err := blob.OpenDir(filepath.Join(to, backupBlobs))
	if err != nil {
		return err
	}
	n, size, err := copyBlobs(ctx, source, target)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "%s: the database and %d files of evidence, %d MiB\n", to, n, size>>20)
	return nil
}

func newRestore(env *command.Env) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "restore [flags] FOLDER",
		Short: "Put a backup into an empty data folder",
		Long: `Restore checks a backup and puts it into a data folder, or into the PostgreSQL
database that --db names; both must be empty. Evidence is checked against its
hashes on the way.`,
		Example: "  hindcast restore --data /var/lib/hindcast /backup/2024-03-15",
		Args:    cobra.ExactArgs(1),
		RunE:    command.Run(func(cmd *cobra.Command, args []string) error { return restore(env, cmd.Context(), f, args[0]) }),
	}
	f.addPlace(cmd)
	return cmd
}

func restore(env *command.Env, ctx context.Context, f serveFlags, from string) error {
	c, err := f.read()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(from, backupDatabase)); err != nil {
		return fmt.Errorf("%s is no backup: %s has no %s", from, from, backupDatabase)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("%s: %s", c.Data, command.Reason(err))
	}
	if _, err := os.Stat(c.Database()); c.DB == "" && err == nil {
		return fmt.Errorf("%s exists; restore into an empty folder", c.Database())
	}
	if err := upkeep.Restore(ctx, c.Database(), filepath.Join(from, backupDatabase)); err != nil {
		return err
	}
	source, err := blob.OpenDir(filepath.Join(from, backupBlobs))
	if err != nil {
		return err
	}
	target, err := server.OpenBlobs(ctx, c)
	if err != nil {
		return err
	}
	n, size, err := copyBlobs(ctx, source, target)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "restored the database and %d files of evidence, %d MiB\n", n, size>>20)
	return nil
}

// copyBlobs copies blobs, each checked against its hash.
func copyBlobs(ctx context.Context, source, target blob.Store) (n int, size int64, err error) {
	err = source.Walk(ctx, func(info blob.Info) error {
		r, err := source.Open(ctx, info.SHA256)
		if err != nil {
			return err
		}
		_, got, err := target.Put(ctx, r, info.Size)
		n, size = n+1, size+got
		return errors.Join(err, r.Close())
	})
	return n, size, err
}
