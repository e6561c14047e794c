//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// process is a server that was started for the tests.
type process struct {
	folder string // its data and its socket
	url    string
	cmd    *exec.Cmd
	ended  chan error
}

// launch makes a data folder and starts a server on it. Nothing is synced: the
// data need not survive the machine.
func launch() (*process, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "hcpg")
	if err != nil {
		return nil, err
	}
	p := &process{folder: folder, ended: make(chan error, 1)}
	if err := p.run(bin); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// programs returns the newest folder with the programs of a server.
func programs() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", errMissing
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func (p *process) run(bin string) error {
	attributes, err := p.owner()
	if err != nil {
		return err
	}
	data := filepath.Join(p.folder, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+data, "--username=hindcast", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = attributes, p.folder
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	p.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", p.folder, "-h", "",
		"-c", "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_connections=60", "-c", "autovacuum=off")
	p.cmd.SysProcAttr, p.cmd.Dir = attributes, p.folder
	var log bytes.Buffer
	p.cmd.Stderr = &log
	if err := p.start(); err != nil {
		return err
	}
	query := url.Values{"host": {p.folder}, "sslmode": {"disable"}}
	p.url = (&url.URL{Scheme: "postgres", User: url.User("hindcast"), Path: "/postgres", RawQuery: query.Encode()}).String()
	if err := p.ready(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(log.Bytes()))
	}
	return nil
}

// owner gives the folder to a user who may run a server, which root may not, and
// returns how a program is started as that user.
func (p *process) owner() (*syscall.SysProcAttr, error) {
	attributes := endWithTests()
	if os.Getuid() != 0 {
		return attributes, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, os.Chown(p.folder, uid, gid)
}

// start starts the server from a thread that lives as long as the tests, because
// the server ends with the thread that started it.
func (p *process) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.ended <- p.cmd.Wait()
		}
	}()
	return <-started
}

// ready waits until the server answers.
func (p *process) ready() error {
	db, err := sql.Open("pgx", p.url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing was written
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case end := <-p.ended:
			p.ended <- end
			return fmt.Errorf("the server ended: %w", errors.Join(end, err))
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// stop ends the server at once and removes its folder.
func (p *process) stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		if p.cmd.Process.Signal(syscall.SIGQUIT) == nil {
			p.ended <- <-p.ended // it ended as it was told to, which is kept for whoever asks again
		}
	}
	_ = os.RemoveAll(p.folder) // a folder for temporary files
}
